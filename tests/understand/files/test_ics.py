"""Calendars and contact cards."""

import base64

import pytest

from sampan.understand.files.ics import read_ics
from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead, Reading
from tests.support import files


def texts(text):
    reading = Reading(Limits(), pictures=False)
    reading.inner = lambda data, declared: reading.text(f"inside: {data.decode()}")
    read_ics(text, reading)
    return reading.texts


def test_folded_lines():
    text = "a customer, HKID A123456(3), wants to change the booking"
    assert text in texts(files.ics(text).decode())[0]


def test_escapes():
    assert texts("BEGIN:VCALENDAR\nSUMMARY:a\\, b\\;c\\nd\n")[0] == "BEGIN:VCALENDAR\nSUMMARY:a, b;c\nd\n"


def test_attachments():
    packed = base64.b64encode(b"hello").decode()
    assert texts(f"ATTACH;VALUE=BINARY;ENCODING=BASE64:{packed}\nSUMMARY:x\n") == ["inside: hello", "\nSUMMARY:x\n"]
    with pytest.raises(CannotRead, match="damaged"):
        texts("ATTACH;ENCODING=BASE64:***\n")


def test_quoted_printable_cards():
    assert (
        "陳大文" in texts("BEGIN:VCARD\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E9=99=B3=E5=A4=A7=\n=E6=96=87\n")[0]
    )
