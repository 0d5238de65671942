"""Word, PowerPoint and OpenDocument: nothing in the package is passed over."""

import pytest

from sampan.understand.files.limits import Limits
from sampan.understand.files.office import read_office
from sampan.understand.files.reading import CannotRead, Reading
from tests.support import files

HKID = "A123456(3)"
NOTE = f"<a><p><t>{HKID}</t></p></a>"


def texts(data, pictures=False):
    reading = Reading(Limits(), pictures=pictures)
    reading.inner = lambda data, declared: reading.text(data.decode())
    read_office(data, reading)
    return "\n".join(reading.texts)


@pytest.mark.parametrize(
    "name",
    ["word/header1.xml", "word/footnotes.xml", "word/comments.xml", "docProps/core.xml", "customXml/item1.xml",
     "word/glossary/document.xml", "word/_rels/document.xml.rels", "docProps/custom.xml"],
)  # fmt: skip
def test_every_part(name):
    assert HKID in texts(files.docx("hello", **{name: NOTE}))


def test_notes_and_charts_of_slides():
    more = {"ppt/notesSlides/notesSlide1.xml": NOTE, "ppt/charts/chart1.xml": "<c><v>4.5</v><v>91234567</v></c>"}
    assert HKID in texts(files.pptx("hello", **more))
    assert "91234567" in texts(files.pptx("hello", **more))


def test_links_and_embedded_files():
    link = '<r><x Target="mailto:ann@example.com" TargetMode="External"/></r>'
    assert "mailto:ann@example.com" in texts(files.docx("x", **{"word/_rels/document.xml.rels": link}))
    assert "inside" in texts(files.docx("x", **{"word/embeddings/a.txt": "inside"}))


def test_fonts_and_printers_are_no_content():
    assert texts(files.docx("x", **{"word/fonts/font1.odttf": b"\1\2", "word/printerSettings1.bin": b"\1\2"})) == "x"


def shown(data):
    reading = Reading(Limits(), pictures=False)
    read_office(data, reading)
    return [reading.texts[at] for at in reading.shown], reading.missed


def test_what_a_reader_sees():
    more = {"word/media/image1.png": files.png(), "word/footnotes.xml": NOTE, "docProps/core.xml": "<a>Ann</a>"}
    assert shown(files.docx("hello", **more)) == (
        ["hello", HKID],
        "it holds a picture, and text recognition (`sampan[ocr]`) is not installed",
    )


def test_slides_come_by_their_numbers_and_with_their_notes():
    def slide(text):
        return f"<p><t>{text}</t></p>"

    more = {"ppt/slides/slide10.xml": slide("ten"), "ppt/slides/slide2.xml": slide("two"),
            "ppt/notesSlides/notesSlide2.xml": slide("note"), "ppt/slideLayouts/slideLayout1.xml": slide("layout")}  # fmt: skip
    assert shown(files.pptx("one", **more)) == (["one", "two", "note", "ten"], "")


def test_what_cannot_be_read():
    with pytest.raises(CannotRead, match="macros"):
        texts(files.docx("x", **{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}))
    with pytest.raises(CannotRead, match="damaged"):
        texts(files.docx("x", **{"word/comments.xml": "<broken"}))


def test_the_preview_is_looked_at_where_somebody_can():
    preview = {"docProps/thumbnail.jpeg": files.png()}
    assert texts(files.docx("x", **preview)) == "x"
    reading = Reading(Limits(), pictures=True)
    read_office(files.docx("x", **preview), reading)
    assert len(reading.pictures) == 1
