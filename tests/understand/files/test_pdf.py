"""PDF: nothing that a reader could see is passed over."""

import pytest

from sampan.understand.files.limits import Limits
from sampan.understand.files.pdf import read_pdf
from sampan.understand.files.reading import CannotRead, Reading
from tests.support import files

HKID = "A123456(3)"


def read(data, pictures=False, **limits):
    reading = Reading(Limits(**limits), pictures=pictures)
    reading.inner = lambda data, declared: reading.text(f"{declared}: {data.decode()}")
    read_pdf(data, reading)
    return reading


def texts(data):
    return "\n".join(read(data).texts)


def why(data, **more):
    with pytest.raises(CannotRead) as caught:
        read(data, **more)
    return str(caught.value)


def test_text():
    assert texts(files.pdf(f"HKID {HKID}")) == f"HKID {HKID}"
    assert texts(files.pdf()) == ""


def annotated(note):
    return files.pdf("x", page=b"/Annots [7 0 R] ", extra=note)


@pytest.mark.parametrize(
    "note",
    [
        b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (A123456\\(3\\)) >>",
        b"<< /Type /Annot /Subtype /FreeText /Rect [0 0 9 9] /DA (/F1 1 Tf) /Contents (A123456\\(3\\)) >>",
        b"<< /Type /Annot /Subtype /Highlight /Rect [0 0 9 9] /T (A123456\\(3\\)) >>",
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://a.example/A123456\\(3\\)) >> >>",
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [0 0 9 9] /T (f) /V (A123456\\(3\\)) >>",
    ],
)
def test_notes_links_and_fields(note):
    assert HKID in texts(annotated(note))


@pytest.mark.parametrize("kind", [b"FileAttachment", b"Sound", b"Movie", b"Screen", b"RichMedia", b"3D"])
def test_what_is_closed(kind):
    assert "attached" in why(annotated(b"<< /Type /Annot /Subtype /" + kind + b" /Rect [0 0 9 9] >>"))


def test_a_stamp_is_a_picture():
    assert "picture" in read(annotated(b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] >>")).missed


def test_pictures():
    unseen = read(files.pdf("what the page says", picture=True))
    assert unseen.missed == "page 1 shows a picture, and text recognition (`sampan[ocr]`) is not installed"
    assert [unseen.texts[at] for at in unseen.shown] == ["what the page says"]
    (seen,) = read(files.pdf("x", picture=True), pictures=True).pictures
    head, size, most, pixels = seen.split(b"\n", 3)
    width, height = map(int, size.split())
    assert (head, most, len(pixels)) == (b"P6", b"255", width * height * 3)
    assert len(set(pixels)) > 1


def test_many_shapes_may_be_letters():
    shapes = b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] >>"
    data = files.pdf("x", extra=shapes)
    drawn = b" ".join(b"%d 0 m %d 9 l S" % (at, at) for at in range(400))
    data = data.replace(b" Tj ET", b" Tj ET " + drawn)
    assert "picture" in read(data).missed


def test_attachments_and_scripts_and_packets():
    names = (
        b"/Names << /EmbeddedFiles << /Names [(n) << /Type /Filespec /F (a.txt) /UF (a.txt) /EF << /F 7 0 R >> >>] >> "
    )
    script = b"/JavaScript << /Names [(s) << /S /JavaScript /JS (var id = 'A123456\\(3\\)') >>] >> >> "
    data = files.pdf("x", catalog=names + script, extra=b"<< /Length 5 >>\nstream\nhello\nendstream")
    assert "a.txt: hello" in texts(data)
    assert HKID in texts(data)
    assert HKID in texts(files.pdf("x") + f"<x:xmpmeta>{HKID}</x:xmpmeta>".encode())


def test_properties():
    data = files.pdf("x", extra=b"<< /Title (A123456\\(3\\)) /CreationDate (D:20260101120000Z) >>")
    data = data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 7 0 R")
    assert HKID in texts(data)
    assert "2026" not in texts(data)


def test_forms_that_nobody_here_reads():
    form = b"/AcroForm << /XFA 7 0 R /Fields [] >> "
    assert (
        why(files.pdf("x", catalog=form, extra=b"<< /Length 8 >>\nstream\n<a></a>\n\nendstream")) == "it is an XFA form"
    )


LOCKED = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [(a) (a)] " % (b"o" * 32, b"u" * 32)


def test_encrypted_and_damaged():
    assert why(files.pdf("x").replace(b"/Root 1 0 R", b"/Root 1 0 R " + LOCKED)) == "it is encrypted"
    assert why(b"%PDF-1.7\nnothing") == "it is damaged"


def test_limits():
    assert "pages" in why(files.pdf("x"), pages=0)
    assert "characters" in why(files.pdf("x" * 50), chars=20)
