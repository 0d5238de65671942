"""What a file is, by its content, and whether that is what was said."""

import pytest

from sampan.understand.files.sniff import TYPES, settled, sniff
from tests.support import files

KINDS = {"a.md": "text", "a.txt": "text", "a.csv": "text"}


@pytest.mark.parametrize(("name", "data"), sorted(files.every("hello").items()))
def test_by_content(name, data):
    assert sniff(data) == KINDS.get(name, name.rsplit(".", 1)[-1])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (files.png(), "png"), (b"\xff\xd8\xff\xe0", "jpeg"), (b"GIF89a", "gif"), (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"BM\x10\0\0\0\0\0\0\0", "bmp"), (b"BM is a text", "text"), (b"II*\0", "tiff"), (b"PK\x03\x04junk", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"{\\rtf1", "rtf"), (b"<svg>", "svg"), (b"\0\1", "unknown"),
        (b"", "text"), (b"From: a note\nto myself", "text"),
        (files.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "odf"),
    ],
)  # fmt: skip
def test_by_magic(data, kind):
    assert sniff(data) == kind


@pytest.mark.parametrize(
    ("found", "declared", "kind"),
    [
        ("pdf", "application/pdf", "pdf"), ("pdf", "my/holiday.v2.PDF", "pdf"), ("pdf", "", "pdf"),
        ("pdf", "application/octet-stream", "pdf"), ("text", "text/csv; charset=utf-8", "csv"), ("text", "a.py", "text"),
        ("text", "text/x-python", "text"), ("html", "a.txt", "html"), ("pdf", "no ending", "pdf"), ("text", "README", "text"),
    ],
)  # fmt: skip
def test_what_agrees(found, declared, kind):
    assert settled(found, declared) == (kind, "")


@pytest.mark.parametrize(
    ("found", "declared"),
    [
        ("pdf", "a.txt"),
        ("text", "a.pdf"),
        ("html", "a.eml"),
        ("png", "image/jpeg"),
        ("pdf", "model/x"),
        ("unknown", ""),
    ],
)
def test_what_does_not(found, declared):
    assert settled(found, declared)[1]


def test_no_name_belongs_to_two_types():
    for field in ("mimes", "endings"):
        names = [name for kind in TYPES.values() for name in getattr(kind, field)]
        assert len(names) == len(set(names))
