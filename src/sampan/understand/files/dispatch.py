"""Which reader takes which file; files inside files."""

from collections.abc import Callable

from sampan.understand.files.archive import read_zip
from sampan.understand.files.eml import read_eml
from sampan.understand.files.encodings import decoded
from sampan.understand.files.html_page import read_html
from sampan.understand.files.ics import read_ics
from sampan.understand.files.limits import Limits
from sampan.understand.files.office import read_office
from sampan.understand.files.pdf import read_pdf
from sampan.understand.files.reading import CannotRead, Reading
from sampan.understand.files.sniff import PICTURES, TYPES, settled, sniff
from sampan.understand.files.table import read_csv
from sampan.understand.files.xlsx import read_xlsx

_BINARY: dict[str, Callable[[bytes, Reading], None]] = {
    "pdf": read_pdf, "docx": read_office, "pptx": read_office, "odf": read_office, "xlsx": read_xlsx, "zip": read_zip,
    "eml": read_eml,
}  # fmt: skip
_TEXT: dict[str, Callable[[str, Reading], None]] = {"html": read_html, "ics": read_ics, "csv": read_csv}


def said(kind: str) -> str:
    """What a type is called, to a person."""
    return TYPES[kind].said if kind in TYPES else "file"


def read_document(data: bytes, declared: str, limits: Limits, *, pictures: bool) -> tuple[str, Reading]:
    """Read one file; gives what it is and what is in it.

    Raises:
        CannotRead: with the reason. Its `kind` says what the file is, its `texts` what could be read.
    """
    reading = Reading(limits, pictures=pictures)
    kind, reason = settled(sniff(data), declared)
    try:
        _Dispatcher(reading).read(kind, data, reason)
        reading.ended()
    except CannotRead as error:
        error.kind, error.texts, error.shown = said(kind), reading.texts, reading.shown
        raise
    return said(kind), reading


class _Dispatcher:
    def __init__(self, reading: Reading) -> None:
        self._reading, self._depth, self._files = reading, 0, 0
        reading.inner = self._inner

    def _inner(self, data: bytes, declared: str) -> None:
        if not data:
            return
        if self._depth >= self._reading.limits.depth:
            raise CannotRead("it is packed too deeply")
        kind, reason = settled(sniff(data), declared)
        outer = self._reading.file
        self._depth, self._files = self._depth + 1, self._files + 1
        self._reading.file = self._files
        self.read(kind, data, reason)
        self._depth, self._reading.file = self._depth - 1, outer

    def read(self, kind: str, data: bytes, reason: str) -> None:
        if reason:
            raise CannotRead(reason)
        if kind in PICTURES:
            self._reading.picture(data, f"it is a {said(kind)}" if not self._depth else "it holds a picture")
        elif kind in _BINARY:
            _BINARY[kind](data, self._reading)
        else:
            texts = decoded(data)
            if texts is None:
                raise CannotRead("its encoding is not known")
            for text in texts:
                _TEXT.get(kind, _plain)(text, self._reading)


def _plain(text: str, reading: Reading) -> None:
    reading.show(text)
