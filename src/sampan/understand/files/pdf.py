"""PDF: text of every page, form fields, notes, links, properties, attachments; pages that show pictures are handed out."""

import ctypes
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from sampan.understand.files.reading import CannotRead, Reading

_SCALE, _LONGEST = 150 / 72, 2200
_SMALLEST = 8
"""Pixels: a picture lower or narrower holds no letter."""
_WRITTEN = 40
"""Letters on a page: with fewer, it may be a picture of a page with a number below it."""
_DRAWN = 300
"""Shapes on a page: more of them than letters, and they may be letters themselves."""
_STRINGS = (b"Contents", b"V", b"DV", b"T", b"TU", b"Subj", b"NM", b"RC", b"CA")
_PICTURED = frozenset({raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_UNKNOWN, raw.FPDF_ANNOT_WATERMARK})
_CLOSED = frozenset(
    {raw.FPDF_ANNOT_FILEATTACHMENT, raw.FPDF_ANNOT_SOUND, raw.FPDF_ANNOT_MOVIE, raw.FPDF_ANNOT_SCREEN,
     raw.FPDF_ANNOT_RICHMEDIA, raw.FPDF_ANNOT_THREED}
)  # fmt: skip
_DATE = re.compile(r"D:\d{14}")
_XMP = re.compile(rb"<x:xmpmeta\b.{0,1000000}?</x:xmpmeta>", re.DOTALL)


def read_pdf(data: bytes, reading: Reading) -> None:
    """Read a document.

    Raises:
        CannotRead: encrypted, damaged, a kind of form that PDFium does not know, or over a limit.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise CannotRead("it is encrypted" if "assword" in str(error) else "it is damaged") from error
    try:
        _document(document, reading)
        for packet in _XMP.findall(data):
            reading.text(packet.decode("utf-8", "replace"))
    except pdfium.PdfiumError as error:
        raise CannotRead("a part of it is damaged") from error
    finally:
        document.close()


def _document(document: Any, reading: Reading) -> None:
    if document.get_formtype() in {raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND}:
        raise CannotRead("it is an XFA form")
    if len(document) > reading.limits.pages:
        raise CannotRead(f"it has more than {reading.limits.pages:,} pages")
    document.init_forms()
    facts = document.get_metadata_dict()
    reading.text("\n".join(f"{key}: {value}" for key, value in facts.items() if value and not _DATE.match(value)))
    reading.text("\n".join(mark.get_title() for mark in document.get_toc()))
    reading.text("\n".join(_scripts(document)))
    for at in range(document.count_attachments()):
        attachment = document.get_attachment(at)
        reading.text(attachment.get_name())
        reading.inner(bytes(attachment.get_data()), attachment.get_name())
    for number in range(len(document)):
        _page(document, number, reading)


def _scripts(document: Any) -> list[str]:
    found = []
    for at in range(max(0, raw.FPDFDoc_GetJavaScriptActionCount(document))):
        action = raw.FPDFDoc_GetJavaScriptAction(document, at)
        found.append(_wide(partial(raw.FPDFJavaScriptAction_GetScript, action)))
        raw.FPDFDoc_CloseJavaScriptAction(action)
    return found


def _page(document: Any, number: int, reading: Reading) -> None:
    page = document[number]
    try:
        letters = page.get_textpage()
        count = letters.count_chars()
        if count > reading.limits.chars:
            raise CannotRead(f"it holds more than {reading.limits.chars:,} characters of text")
        if count:
            reading.show(letters.get_text_range())
        unclear = any(raw.FPDFText_HasUnicodeMapError(letters, at) == 1 for at in range(count))
        pictured = _notes(document, page, reading)
        said = f"page {number + 1} shows a picture"
        if (unclear or pictured or _shows(page, count)) and reading.wants(said):
            if count < _WRITTEN or unclear:
                reading.picture(_look(page), said)
            else:
                reading.repeat(_look(page))
    finally:
        page.close()


def _shows(page: Any, letters: int) -> bool:
    """Whether the page has pictures, or so many shapes that they may be letters."""
    shapes = 0
    for each in page.get_objects():
        if each.type == raw.FPDF_PAGEOBJ_PATH:
            shapes += 1
        elif each.type == raw.FPDF_PAGEOBJ_IMAGE and min(each.get_px_size()) >= _SMALLEST:
            return True
    return shapes > _DRAWN and shapes > letters // 2


def _notes(document: Any, page: Any, reading: Reading) -> bool:
    """Read notes, links and form fields; whether one of them is a picture."""
    pictured = False
    found = []
    for at in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, at)
        if not note:
            raise CannotRead("a note in it is damaged")
        kind = raw.FPDFAnnot_GetSubtype(note)
        if kind in _CLOSED:
            raise CannotRead("it holds an attached file or a film")
        pictured = pictured or kind in _PICTURED
        found += _strings(document, note)
        raw.FPDFPage_CloseAnnot(note)
    take = reading.text if document.formenv is None else reading.show
    take("\n".join(filter(None, found)))
    return pictured


def _strings(document: Any, note: Any) -> list[str]:
    found = [_wide(partial(raw.FPDFAnnot_GetStringValue, note, key)) for key in _STRINGS]
    if document.formenv is not None:
        found.append(_wide(partial(raw.FPDFAnnot_GetFormFieldValue, document.formenv, note)))
    link = raw.FPDFAnnot_GetLink(note)
    if link and (action := raw.FPDFLink_GetAction(link)):
        size = raw.FPDFAction_GetURIPath(document, action, None, 0)
        buffer = ctypes.create_string_buffer(max(1, size))
        raw.FPDFAction_GetURIPath(document, action, buffer, size)
        found.append(buffer.value.decode("utf-8", "replace"))
    return found


def _wide(get: Callable[[Any, int], int]) -> str:
    """A text that PDFium writes into a buffer as UTF-16."""
    size = get(None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    get(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def _look(page: Any) -> bytes:
    """The page as a picture (portable pixmap)."""
    width, height = page.get_size()
    scale = min(_SCALE, _LONGEST / max(width, height, 1))
    bitmap = page.render(scale=scale, rev_byteorder=True)
    wide, step, pixels = bitmap.width * 3, bitmap.stride, bytes(bitmap.buffer)
    rows = (pixels[start : start + wide] for start in range(0, step * bitmap.height, step))
    return b"P6\n%d %d\n255\n" % (bitmap.width, bitmap.height) + b"".join(rows)
