"""E-mail: headers, texts, attachments."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.understand.files.eml import read_eml
from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead, Reading
from tests.support import files


def read(data):
    reading = Reading(Limits(), pictures=False)
    reading.inner = lambda data, declared: reading.text(f"{declared}: {data.decode('latin-1')}")
    read_eml(data, reading)
    return "\n".join(reading.texts)


def test_headers_text_and_attachments():
    said = read(files.eml("電話 9123 4567", b"inside", "b.txt"))
    assert all(each in said for each in ("ann@example.com", "Subject: hello", "電話 9123 4567", "b.txt: inside"))


def test_encoded_headers():
    assert "陳大文" in read(b"From: =?utf-8?b?6Zmz5aSn5paH?= <a@example.com>\n\nhello\n")


def test_pages_and_other_encodings():
    head = b"MIME-Version: 1.0\nContent-Type: text/html; charset=big5\n\n"
    assert "陳大文" in read(head + "<p>陳<b>大文</b></p>".encode("big5"))


def test_a_mail_in_a_mail():
    head = b"MIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    assert "電話 9123 4567" in read(head + files.eml("電話 9123 4567"))


def test_around_the_parts():
    data = files.eml("x").replace(b"\r\n\r\n--b", b"\r\n\r\nbefore 9123 4567\r\n--b", 1) + b"after A123456(3)\r\n"
    assert all(each in read(data) for each in ("before 9123 4567", "after A123456(3)"))


def test_too_deep():
    head = b"MIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    with pytest.raises(CannotRead):
        read(head * 40 + b"hello")


def test_an_encoding_nobody_knows():
    with pytest.raises(CannotRead, match="encoding"):
        read(b"MIME-Version: 1.0\nContent-Type: text/plain\n\n\x00\x01\x02")


@given(st.binary(max_size=300))
def test_never_trips(data):
    with contextlib.suppress(CannotRead):
        read(b"From: a\nSubject: b\n" + data)
