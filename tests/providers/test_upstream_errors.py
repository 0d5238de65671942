"""What endpoints say when they fail."""

import pytest

from sampan.contract.errors import UpstreamAuth, UpstreamDown, UpstreamRefused
from sampan.providers.upstream_errors import is_error, normal, refused, reported, visible


@pytest.mark.parametrize(
    ("status", "kind", "seen", "retryable"),
    [(302, UpstreamDown, 502, False), (400, UpstreamRefused, 400, False), (401, UpstreamAuth, 502, False),
     (403, UpstreamAuth, 502, False), (404, UpstreamRefused, 404, False), (407, UpstreamDown, 502, False),
     (429, UpstreamRefused, 429, True), (500, UpstreamDown, 500, True), (501, UpstreamDown, 501, False),
     (529, UpstreamDown, 529, True), (101, UpstreamDown, 502, False), (600, UpstreamDown, 502, False)],
)  # fmt: skip
def test_statuses(status, kind, seen, retryable):
    error = refused("cloud", status, {}, b"")
    assert type(error) is kind and error.http_status == seen and error.retryable is retryable


@pytest.mark.parametrize(
    ("value", "message"),
    [({"error": {"message": "a", "x": 1}}, "a"), ({"error": "a"}, "a"), ({"detail": "a"}, "a"), ({"message": "a"}, "a"),
     ({"detail": [{"loc": 1}]}, '[{"loc":1}]'), ({"type": "error", "message": "a", "code": "c"}, "a")],
)  # fmt: skip
def test_whoever_made_it_the_facts_stand_under_error(value, message):
    assert normal(value)["error"]["message"] == message


def test_what_is_no_object_has_no_facts():
    assert normal([1]) is None and normal("x") is None and normal({}) == {}


@pytest.mark.parametrize(
    ("value", "status", "kind"),
    [({"error": {"type": "overloaded_error"}}, 529, UpstreamDown), ({"error": {"type": "rate_limit_error"}}, 429, UpstreamRefused),
     ({"error": {"code": 503}}, 503, UpstreamDown), ({"error": {"code": "rate_limit_exceeded"}}, 429, UpstreamRefused),
     ({"error": {"type": "new"}}, 502, UpstreamDown), ({"type": "error", "code": "server_error", "message": "m"}, 500, UpstreamDown),
     ({"error": "text"}, 502, UpstreamDown), ({"error": {"code": 401}}, 502, UpstreamAuth)],
)  # fmt: skip
def test_errors_inside_an_answer(value, status, kind):
    error = reported("cloud", value, answered=True)
    assert (error.http_status, type(error), error.retryable) == (status, kind, False)
    assert reported("cloud", value, answered=False).retryable is (kind is not UpstreamAuth)


def test_what_is_an_error():
    assert is_error({"error": {"message": "x"}}) and is_error({}, "error") and is_error({"type": "error"})
    assert not is_error({"choices": [], "error": None})
    assert not is_error({"output": [], "error": {"code": "x"}}), "a whole response that failed is the caller's to read"


def test_only_listed_headers_are_visible():
    assert visible({"retry-after": "1", "set-cookie": "a", "x-ratelimit-x": "2", "server": "s"}) == {
        "retry-after": "1",
        "x-ratelimit-x": "2",
    }
