"""Positives and negatives of `password`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.password import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("登入密碼「Sun$hine7」", ["Sun$hine7"]),
    ('security answer "Colombo1984"', ["Colombo1984"]),
    ("security answer required", []),
    ("password = hunter2", ["hunter2"]),
    ('{"password": "correct-horse"}', ["correct-horse"]),
    ("the password is Tr0ub4dor&3.", ["Tr0ub4dor&3"]),
    ("密碼：hunter2", ["hunter2"]),
    ("密碼係hunter2呀", ["hunter2"]),
    ("wifi密碼 Abc12345", ["Abc12345"]),
    ("密碼改咗做 Summer2026!", ["Summer2026!"]),
    ("DB_PASSWORD=s3cr3t-Pa55", ["s3cr3t-Pa55"]),
    ("export PGPASSWORD='qwe123!@#'", ["qwe123!@#"]),
    ("pwd=Passw0rd1;", ["Passw0rd1"]),
    ("pw: Xy12345z", ["Xy12345z"]),
    ("PIN: 4821", ["4821"]),
    ("pin 4821", ["4821"]),
    ("門口密碼 482193", ["482193"]),
    ("password changed to Winter#24", ["Winter#24"]),
    ("mysql -u root --password=T0psecret db", ["T0psecret"]),
    ("sshpass -p 'S3cret!' ssh a@b", ["S3cret!"]),
    ("curl -u ann:S3cret99 https://example.org", ["S3cret99"]),
    ("<password>Xy12345z</password>", ["Xy12345z"]),
    ("Server=a;Uid=b;Pwd=Xy12345z;", ["Xy12345z"]),
    ("login ann / password Xy12345z", ["Xy12345z"]),
    ("password: 「Xy12345z」", ["Xy12345z"]),
    ("CREATE USER a IDENTIFIED BY 'Xy12345z'", ["Xy12345z"]),
    ("passcode is 839201", ["839201"]),
    ("the password is required", []),
    ("password: null", []),
    ("password = getpass()", []),
    ('"password": "<your password>"', []),
    ("password=${DB_PASSWORD}", []),
    ("password: os.environ['X']", []),
    ("password: ********", []),
    ("forgot password? click here", []),
    ("pass: 60 marks", []),
    ("密碼唔記得咗", []),
    ("reset your password within 24 hours", []),
    ("def check(password: str) -> bool", []),
    ("password policy 2026", []),
    ("bus pass 2026", []),
    ("pin the tab", []),
    ("password must be at least 12 characters", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
