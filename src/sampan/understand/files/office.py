"""Word, PowerPoint, OpenDocument: every part of the package, so headers, notes, comments and properties as well."""

import re

from sampan.understand.files.archive import parts
from sampan.understand.files.markup import xml_text
from sampan.understand.files.reading import CannotRead, Reading
from sampan.understand.files.sniff import PICTURES, sniff

_XML = (".xml", ".rels", ".vml", ".rdf")
_NO_TEXT = (".odttf", ".fntdata", ".ttf", ".otf")
"""Fonts."""
_PRINTER = "printersettings"
_PREVIEW = "docprops/thumbnail."
_MACHINE = re.compile(
    r"(?:.*/)?(?:theme\d*|styles|stylesWithEffects|fontTable|tableStyles|webSettings|\[Content_Types\])\.xml",
    re.IGNORECASE,
)
"""Parts in which attributes name fonts and colours."""
_PAGE = re.compile(
    r"content\.xml|word/(?:document|(?P<noted>footnotes|endnotes|comments))\.xml"
    r"|ppt/(?:slides/slide|(?P<notes>notesSlides/notesSlide))(?P<number>\d{1,6})\.xml"
)
"""Parts with what a reader sees."""


def read_office(data: bytes, reading: Reading) -> None:
    """Read the package."""
    for name, content in parts(data, reading):
        page = _PAGE.fullmatch(name)
        if page is None:
            read_part(name, content, reading)
        else:
            text, attributes = xml_text(content)
            reading.show(text, _place(page))
            reading.text(attributes)


def _place(page: re.Match[str]) -> int:
    """Slides by their numbers, each before its notes; in a text document the notes after the text."""
    return 2 * int(page["number"] or 0) + any((page["notes"], page["noted"]))


def read_part(name: str, content: bytes, reading: Reading) -> None:
    """Read one part of a package.

    Raises:
        CannotRead: nobody knows what it is: a macro, an old embedded object, a film.
    """
    lower = name.lower()
    if lower.endswith(_XML):
        text, attributes = xml_text(content)
        reading.text(text)
        reading.text("" if _MACHINE.fullmatch(name) else attributes)
    elif not content or lower.endswith(_NO_TEXT) or _PRINTER in lower or name == "mimetype":
        return
    elif lower.startswith(_PREVIEW) and not reading.takes_pictures:
        # a postage stamp of the first page, whose text has been read
        return
    elif sniff(content) in PICTURES:
        reading.picture(content, "it holds a picture")
    elif lower.endswith("vbaproject.bin"):
        raise CannotRead("it holds macros")
    else:
        reading.inner(content, "")
