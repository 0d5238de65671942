"""Every type of file gives its text; what cannot be read says why."""

import pytest

from sampan.understand.files.dispatch import read_document, said
from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead
from tests.support import files

HKID = "A123456(3)"
TEXT = f"HKID {HKID} tel"


def read(data, declared="", limits=None, pictures=False):
    return read_document(data, declared, limits or Limits(), pictures=pictures)


def texts(data, declared="", **more):
    return "\n".join(read(data, declared, **more)[1].texts)


def why(data, declared="", **more):
    with pytest.raises(CannotRead) as caught:
        read(data, declared, **more)
    return caught.value.kind, str(caught.value)


@pytest.mark.parametrize("name", sorted(files.every(TEXT)))
def test_every_type(name):
    data = files.every(TEXT)[name]
    assert HKID in texts(data, name)
    assert HKID in texts(data, files.MEDIA[name.rsplit(".", 1)[-1]])
    assert HKID in texts(data)


@pytest.mark.parametrize(
    ("data", "declared", "reason"),
    [
        (files.pdf("x"), "a.docx", "it is declared as Word file, and its content is something else"),
        (files.docx("x"), "application/zip", "it is declared as ZIP archive, and its content is something else"),
        (files.png(), "image/jpeg", "it is declared as JPEG picture, and its content is something else"),
        (files.pdf("x"), "application/x-strange", "it is declared as something that is not known"),
        (b"\x00\x01\x02\x03", "", "its type is not known"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "it is an old or an encrypted Office file"),
        (b"{\\rtf1 \\'41}", "a.rtf", "rich text (RTF) is not understood"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg", "drawings (SVG) are not understood"),
    ],
)
def test_a_type_that_is_not_what_was_said(data, declared, reason):
    assert why(data, declared)[1] == reason


def test_a_picture():
    assert why(files.png(), "a.png") == (
        "PNG picture",
        "it is a PNG picture, and text recognition (`sampan[ocr]`) is not installed",
    )
    assert read(files.png(), "a.png", pictures=True)[1].pictures == [files.png()]


def test_archives_in_archives():
    data = files.docx(TEXT)
    for _ in range(2):
        data = files.zipped({"a": data})
    assert HKID in texts(data)
    assert "packed too deeply" in why(files.zipped({"a": files.zipped({"a": data})}))[1]


def test_what_is_inside_counts():
    assert why(files.zipped({"a.bin": bytes(100)}), "a.zip") == (
        "ZIP archive",
        "of a file inside: its type is not known",
    )
    assert why(files.zipped({"a.pdf": "no pdf"}), "a.zip")[1].startswith("of a file inside: it is declared as PDF")


def test_too_much_text():
    assert "characters of text" in why(b"word " * 100, "a.txt", limits=Limits(chars=100))[1]


def test_what_a_type_is_called():
    assert (said("pdf"), said("unknown")) == ("PDF", "file")
