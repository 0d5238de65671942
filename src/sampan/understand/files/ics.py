"""Calendars and contact cards: lines unfolded, escapes undone, attachments read."""

import base64
import binascii
import quopri
import re

from sampan.understand.files.reading import CannotRead, Reading

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPE = re.compile(r"\\([nN\\;,])")
_PACKED = re.compile(r"^[A-Z-]+;[^:\n]*ENCODING=(?:BASE64|B)\b[^:\n]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(
    r"^([A-Z-]+;[^:\n]*ENCODING=QUOTED-PRINTABLE[^:\n]*:)((?:.*=\r?\n)*.*)$", re.IGNORECASE | re.MULTILINE
)


def read_ics(text: str, reading: Reading) -> None:
    """Read a calendar (RFC 5545) or a card (RFC 6350)."""
    plain = _FOLD.sub("", _QUOTED.sub(_unquoted, text))
    for packed in _PACKED.finditer(plain):
        try:
            inside = base64.b64decode("".join(packed.group(1).split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise CannotRead("an attachment of it is damaged") from error
        reading.inner(inside, "")
    plain = _PACKED.sub("", plain)
    reading.show(_ESCAPE.sub(lambda found: "\n" if found.group(1) in "nN" else found.group(1), plain))


def _unquoted(found: re.Match[str]) -> str:
    said = quopri.decodestring(found.group(2).encode("utf-8", "replace")).decode("utf-8", "replace")
    return found.group(1) + said.replace("\n", " ")
