"""Values that are written in another spelling: percent, backslash and entity escapes, and `data:` URLs."""

import base64
import binascii
import html
import re
from typing import NamedTuple
from urllib.parse import unquote

from sampan.understand.patterns import Pattern, Trigger

_MAX_DATA = 1_400_000
# a multi-byte UTF-8 character is one atom
_ATOM = re.compile(
    r"%[0-7][0-9A-Fa-f]|%[C-Fc-f][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){1,3}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|"
    r"&#(?:x[0-9A-Fa-f]{1,6}|\d{1,7});|.",
    re.DOTALL | re.IGNORECASE,
)
_RUN = re.compile(r"[\x21\x23-\x26\x28-\x3b\x3d\x3f-\x5f\x61-\x7e]{3,4096}")
_INSIDE = frozenset(map(chr, range(0x21, 0x7F))) - frozenset("\"'<>`")
_DATA = re.compile(
    r"data:([A-Za-z0-9.+-]{1,64}/[A-Za-z0-9.+-]{1,64})?((?:;[A-Za-z0-9._-]{1,40}=[^;,\s\"]{1,80}){0,4})(;base64)?,",
    re.IGNORECASE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/=_%-]*")
_TEXTUAL = re.compile(
    r"text/|application/(?:json|xml|x-ndjson|javascript|x-yaml|yaml|toml|sql|x-sh)|.*\+(?:json|xml)\Z", re.IGNORECASE
)

TRIGGERS = (
    Trigger("%[0-9A-Fa-f]{2}"),
    Trigger(r"\\u[0-9A-Fa-f]{4}"),
    Trigger(r"\\x[0-9A-Fa-f]{2}"),
    Trigger("&#[0-9xX]"),
    Trigger("data:[A-Za-z;,]", caseless=True),
)


class Span(NamedTuple):
    """A stretch of text and what it says; `decoded` is None when it holds something that is not text.

    starts: for each decoded character where its spelling begins in the text; empty when only the whole counts.
    """

    start: int
    end: int
    decoded: str | None
    media: str = ""
    starts: tuple[int, ...] = ()

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text that says `decoded[start:end]`."""
        if not self.starts:
            return self.start, self.end
        return self.starts[start], self.starts[end]


def _nothing(_text: str, _place: int) -> None:
    return None


ENCODED = Pattern("encoded", "1.0", TRIGGERS, _nothing)
"""Takes part in the one pass; the detector reads its places through `spans`."""


def spans(text: str, places: list[int]) -> list[Span]:
    """The encoded stretches around `places`, each once, in order."""
    found: list[Span] = []
    after = 0
    for place in places:
        if place < after:
            continue
        span = _data_url(text, place) if text[place] in "dD" else _escaped(text, place, after)
        if span is not None:
            found.append(span)
            after = span.end
    return found


def _escaped(text: str, place: int, low: int) -> Span | None:
    start = place
    low = max(low, place - 128)
    while start > low and text[start - 1] in _INSIDE:
        start -= 1
    run = _RUN.match(text, start)
    if run is None:
        return None
    return _read(text, start, run.end())


def _read(text: str, start: int, end: int) -> Span:
    decoded: list[str] = []
    starts: list[int] = []
    for atom in _ATOM.finditer(text, start, end):
        said = _said(atom.group())
        decoded.append(said)
        starts.extend([atom.start()] * len(said))
    return Span(start, end, "".join(decoded), "", (*starts, end))


def _said(atom: str) -> str:
    if len(atom) == 1:
        return atom
    if atom[0] == "\\":
        return chr(int(f"0x{atom[2:]}", 0))
    return unquote(atom, errors="replace") if atom[0] == "%" else html.unescape(atom)


def _data_url(text: str, place: int) -> Span | None:
    head = _DATA.match(text, place)
    if head is None:
        return None
    base = bool(head.group(3))
    body = _BASE64.match(text, head.end(), head.end() + _MAX_DATA) if base else _RUN.match(text, head.end())
    if body is None:
        return None
    media = (head.group(1) or "text/plain").lower()
    if not _TEXTUAL.match(media) or text[body.end() : body.end() + 1] in _ALPHABET:
        return Span(place, body.end(), None, media)
    if base:
        return Span(place, body.end(), _decode(body.group()), media)
    return _read(text, body.start(), body.end())


_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-")


def _decode(body: str) -> str | None:
    plain = unquote(body).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
