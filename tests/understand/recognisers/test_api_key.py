"""Positives and negatives of `api_key`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.api_key import RECOGNISER

LONG = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z"
TABLE = [
    (f"sk-{LONG}", [f"sk-{LONG}"]),
    (f"sk-ant-api03-{LONG}", [f"sk-ant-api03-{LONG}"]),
    (f"sk-proj-{LONG}", [f"sk-proj-{LONG}"]),
    (f"鎖匙ghp_{LONG}。", [f"ghp_{LONG}"]),
    (f"github_pat_{LONG}", [f"github_pat_{LONG}"]),
    ("AKIAIOSFODNN7EXAMPLE", ["AKIAIOSFODNN7EXAMPLE"]),
    (f"AIza{LONG}", [f"AIza{LONG}"]),
    ("xoxb-123456789012-abcdef", ["xoxb-123456789012-abcdef"]),
    (f"glpat-{LONG}", [f"glpat-{LONG}"]),
    (f"hf_{LONG}", [f"hf_{LONG}"]),
    (f"npm_{LONG}", [f"npm_{LONG}"]),
    (f"pypi-{LONG}", [f"pypi-{LONG}"]),
    (f"sk_live_{LONG}", [f"sk_live_{LONG}"]),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.abcDEF123_-x", ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.abcDEF123_-x"]),
    (f"API_KEY={LONG}", [LONG]),
    (f'api-key: "{LONG}"', [LONG]),
    (f"Authorization: Bearer {LONG}", [LONG]),
    (f"client_secret={LONG}", [LONG]),
    (f"aws_secret_access_key = {LONG}", [LONG]),
    ("token = tokens[0]", []),
    ("secret: os.environ['X1']", []),
    ("the token is 12 characters", []),
    ("max_tokens=1024", []),
    ("api_key = your_api_key_here_1234567", []),
    ("sk-learn", []),
    ("task-1234567890123456", []),
    ("sk-aaaaaaaaaaaaaaaaaa", []),
    ("ask-me-anything-about-it", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
