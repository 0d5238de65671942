"""What a file is, by its content; and whether that is what it was said to be."""

import io
import re
import zipfile
from typing import NamedTuple

from sampan.understand.files.encodings import decoded
from sampan.wording import worded


class Type(NamedTuple):
    """said: to a person. mimes, endings: what a file of this type may be declared as."""

    said: str
    mimes: frozenset[str]
    endings: frozenset[str]


def _type(said: str, mimes: str, endings: str) -> Type:
    return Type(said, frozenset(mimes.split()), frozenset(endings.split()))


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
TYPES = {
    "pdf": _type("PDF", "application/pdf application/x-pdf", "pdf"),
    "docx": _type("Word file", f"{_OFFICE}wordprocessingml.document {_OFFICE}wordprocessingml.template", "docx dotx"),
    "pptx": _type(
        "PowerPoint file",
        f"{_OFFICE}presentationml.presentation {_OFFICE}presentationml.slideshow {_OFFICE}presentationml.template",
        "pptx ppsx potx",
    ),
    "xlsx": _type("Excel file", f"{_OFFICE}spreadsheetml.sheet {_OFFICE}spreadsheetml.template", "xlsx xltx"),
    "odf": _type(
        "OpenDocument file", f"{_ODF}text {_ODF}spreadsheet {_ODF}presentation {_ODF}graphics", "odt ods odp odg"
    ),
    "zip": _type("ZIP archive", "application/zip application/x-zip-compressed application/epub+zip", "zip epub"),
    "html": _type("web page", "text/html application/xhtml+xml", "html htm xhtml"),
    "eml": _type("e-mail", "message/rfc822", "eml"),
    "ics": _type("calendar file", "text/calendar text/vcard text/x-vcard", "ics ical vcf"),
    "csv": _type("table", "text/csv text/tab-separated-values application/csv application/vnd.ms-excel", "csv tsv"),
    "text": _type(
        "text file",
        "application/json application/xml application/x-ndjson application/yaml application/x-yaml application/toml "
        "application/javascript application/sql application/x-sh",
        "txt text md markdown json jsonl xml yaml yml toml ini cfg log srt py js ts java c h cpp go rs rb sh sql css tex",
    ),
    "png": _type("PNG picture", "image/png", "png"),
    "jpeg": _type("JPEG picture", "image/jpeg image/jpg", "jpg jpeg"),
    "gif": _type("GIF picture", "image/gif", "gif"),
    "webp": _type("WebP picture", "image/webp", "webp"),
    "bmp": _type("BMP picture", "image/bmp image/x-ms-bmp", "bmp"),
    "tiff": _type("TIFF picture", "image/tiff", "tif tiff"),
    "ppm": _type("picture", "image/x-portable-pixmap", "ppm"),
}
PICTURES = frozenset({"png", "jpeg", "gif", "webp", "bmp", "tiff", "ppm"})
TEXTS = frozenset({"text", "html", "eml", "ics", "csv"})

_MAGIC = (
    (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"BM", "bmp"), (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"), (b"P6\n", "ppm"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"{\\rtf", "rtf"),
)  # fmt: skip
_NOT_READ = {
    "ole": worded("it is an old or an encrypted Office file"),
    "rtf": worded("rich text (RTF) is not understood"),
    "svg": worded("drawings (SVG) are not understood"),
}
_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)?(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SVG = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype[^>]*>\s*)*<svg\b", re.IGNORECASE | re.DOTALL)
_CALENDAR = re.compile(r"\s*BEGIN:(?:VCALENDAR|VCARD)\b", re.IGNORECASE)
_HEADER = re.compile(r"(?:From |[A-Za-z][A-Za-z0-9-]{1,60}:[ \t\r\n])")
_MAIL = re.compile(
    r"^(?:From|Received|Return-Path|Message-ID|MIME-Version|Subject|To|Date):", re.IGNORECASE | re.MULTILINE
)
_MEDIA = re.compile(r"(?:application|audio|font|image|message|model|multipart|text|video)/[^/]+$")
_HEAD = 4000


def sniff(data: bytes) -> str:
    """A name in `TYPES`, `ole`, `rtf`, `svg`, or `unknown`."""
    for magic, name in _MAGIC:
        if data.startswith(magic) and (name != "bmp" or data[6:10] == b"\0\0\0\0"):
            return _archive(data) if name == "zip" else name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    text = decoded(data)
    return "unknown" if text is None else _text(text[0][:_HEAD])


def _archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return "zip"
    if "[Content_Types].xml" in names:
        folders = {name.split("/", 1)[0] for name in names}
        return next((kind for folder, kind in _FOLDERS.items() if folder in folders), "zip")
    return "odf" if names[:1] == ["mimetype"] and "content.xml" in names else "zip"


_FOLDERS = {"word": "docx", "ppt": "pptx", "xl": "xlsx"}


def _text(head: str) -> str:
    if _HTML.match(head):
        return "html"
    if _SVG.match(head):
        return "svg"
    if _CALENDAR.match(head):
        return "ics"
    if _HEADER.match(head) and len({each.lower() for each in _MAIL.findall(head)}) >= 3:
        return "eml"
    return "text"


def settled(found: str, declared: str) -> tuple[str, str]:
    """The type to read a file as, and why not: `found` against what the sender said.

    declared: a media type, or a file's name; empty when nothing was said.
    """
    if reason := _NOT_READ.get(found):
        return found, reason
    wanted = _declared(declared)
    if wanted == "":
        return found, "" if found in TYPES else worded("its type is not known")
    if wanted == found:
        return found, ""
    if wanted in TEXTS and found in TEXTS:
        # a text may look like anything; the more telling of the two says how it is read
        return (found, "") if wanted == "text" else (wanted, "") if found == "text" else (found, _mismatch(wanted))
    return found, _mismatch(wanted)


def _mismatch(wanted: str) -> str:
    if wanted == "unknown":
        return worded("it is declared as something that is not known")
    return worded(f"it is declared as {TYPES[wanted].said}, and its content is something else")


def _declared(declared: str) -> str:
    said = declared.split(";", 1)[0].strip().lower()
    if said in _NOTHING:
        return ""
    if _MEDIA.match(said):
        found = next((name for name, kind in TYPES.items() if said in kind.mimes), "")
        return found or ("text" if said.startswith("text/") else "unknown")
    ending = said.rsplit("/", 1)[-1].rpartition(".")[2]
    return next((name for name, kind in TYPES.items() if ending in kind.endings), "")
