"""Values that are written in another spelling: percent, backslash and entity escapes, `data:` URLs, base64."""

import base64
import binascii
import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, pairwise
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
_LONGEST_RUN, _OVERLAP = 4096, 512
_RUN = re.compile(r"[\x21\x23-\x26\x28-\x3b\x3d\x3f-\x5f\x61-\x7e]{3,4096}")
_LINE_RUN = re.compile(r"[^\n\x1e]{3,4096}")
_INSIDE = frozenset(map(chr, range(0x21, 0x7F))) - frozenset("\"'<>`")
_DATA = re.compile(
    r"data:([A-Za-z0-9.+-]{1,64}/[A-Za-z0-9.+-]{1,64})?((?:;[A-Za-z0-9._-]{1,40}=[^;,\s\"]{1,80}){0,4})(;base64)?,",
    re.IGNORECASE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/=_%-]*")
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-")
_TEXTUAL = re.compile(
    r"text/|application/(?:json|xml|x-ndjson|javascript|x-yaml|yaml|toml|sql|x-sh)|.*\+(?:json|xml)\Z", re.IGNORECASE
)

_SHORTEST = 11
"""Characters of base64 that say eight bytes, the shortest value there is."""
_PLAIN = re.compile(r"[A-Za-z0-9+/_-]{11,1400000}={0,2}")
_LINE = range(56, 101, 4)
"""Lengths of a line of base64 that is wrapped (RFC 2045: 76, PEM: 64)."""
_SEAM = re.compile(r"[+/_-]+")
_SEAMS = 6

_ANY = "[A-Za-z0-9+/_-]"
# Four characters of base64 that say three bytes of ASCII, a character of three bytes, or the end of one and the
# beginning of the next (RFC 4648, 4; RFC 3629, 3). Two such groups in a row are rare in what is not base64.
_IN_BASE64 = (
    Trigger(f"[I-Za-f][AQgw][AB]{_ANY}A[C-H][AEIMQUYcgkosw048]A"),  # ASCII as UTF-16
    *(Trigger(group * 2) for group in (
        f"[I-Za-f][C-HS-Xi-ny-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589]{_ANY}",
        f"[4-7][I-LY-bo-r4-7][CGKOSWaeimquy26+-]{_ANY}",
        f"[g-v][Oeu+-][OSWaeim+-]{_ANY}",
        "[g-v][I-LY-bo-r4-7][DHLPTXbfjnrvz37/_][j-pv]",
    )),
)  # fmt: skip
# How base64 of files begins that nobody here reads. Source: the formats' own signatures.
_FILES = {
    "iVBORw0KGgo": "image/png", "/9j/": "image/jpeg", "R0lGOD": "image/gif", "UklGR": "riff", "JVBERi0": "application/pdf",
    "UEsDB": "application/zip", "H4sIA": "application/gzip", "T2dnUw": "application/ogg", "SUQz": "audio/mpeg",
    "0M8R4KGxGuE": "application/x-cfb", "SUkqA": "image/tiff", "TU0AK": "image/tiff", "AAAAGGZ0eX": "video/mp4",
    "AAAAHGZ0eX": "video/mp4", "AAAAIGZ0eX": "video/mp4",
}  # fmt: skip
_FILE_LEAST = 256
"""Characters; a shorter stretch may begin so by chance, and holds no picture."""
_IN_FILE = tuple(Trigger(sign + _ANY * 6) for sign in _FILES)
TRIGGERS = (
    Trigger("%[0-9A-Fa-f]{2}"),
    Trigger(r"\\u[0-9A-Fa-f]{4}"),
    Trigger(r"\\x[0-9A-Fa-f]{2}"),
    Trigger("&#[0-9xX]"),
    Trigger("data:[A-Za-z;,]", caseless=True),
    *_IN_BASE64,
    *_IN_FILE,
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


def spans(text: str, places: Iterable[int]) -> Iterator[Span]:
    """The encoded stretches around `places`, in order, each once; a run that is too long comes in parts that overlap."""
    after = 0
    for place in places:
        if place < after:
            continue
        escaped = text[place] in "%\\&"
        span = _escaped(text, place, after) if escaped else _data_url(text, place)
        if span is not None:
            after = span.end - (_OVERLAP if span.end - span.start == _LONGEST_RUN else 0)
        elif not escaped:
            span, after = _base64(text, place, after)
        if span is not None:
            yield span


def _base64(text: str, place: int, low: int) -> tuple[Span | None, int]:
    """The plain base64 in the run around `place`, and where looking goes on. What decodes to no text is not meant as base64."""
    start = place
    while start > low and text[start - 1] in _ALPHABET and text[start - 1] != "=":
        start -= 1
    run = _PLAIN.match(text, start)
    if run is None:
        return None, place
    end = run.end()
    if media := _file(text[start:end]):
        return Span(start, end, None, media), end
    for one, two in _stretches(text, start, end):
        if said := _said_base64(text[one:two]):
            return Span(one, two, said), two
    return None, end


def _file(written: str) -> str:
    """What kind of file base64 holds; nothing when it is too short to tell."""
    if len(written) < _FILE_LEAST and len(written) not in _LINE:
        return ""
    return next((media for sign, media in _FILES.items() if written.startswith(sign)), "")


def _stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What may be meant: with the lines that follow, as it stands, without a path before it, between two slashes."""
    last = start + text[start:end].rfind("/") + 1
    for one in {start, last}:
        if end - one in _LINE and (more := _wrapped(end - one).match(text, end)) and more.end() > end:
            yield one, more.end()
    yield start, end
    seams = [start, *(seam.end() for seam in islice(_SEAM.finditer(text, start, end), _SEAMS))]
    yield from ((seam, end) for seam in seams[1:] if end - seam >= _SHORTEST)
    yield from ((one, two - 1) for one, two in pairwise(seams) if two - 1 - one >= _SHORTEST)


@cache
def _wrapped(width: int) -> re.Pattern[str]:
    line = "[A-Za-z0-9+/_-]"
    return re.compile(rf"(?:\r?\n{line}{{{width}}}){{0,20000}}(?:\r?\n{line}{{1,{width - 1}}}={{0,2}})?")


def _said_base64(written: str) -> str:
    """What base64 says when it is text; else nothing."""
    said = (_decode("".join(written.split()), cut=True) or "").replace("\0", "")  # also UTF-16, of ASCII
    odd = sum(not (char.isprintable() or char.isspace()) for char in said)
    return said if odd * 10 <= len(said) else ""


def _escaped(text: str, place: int, low: int) -> Span | None:
    start = place
    low = max(low, place - 128)
    if text[place] == "\\":
        # as JSON writes Chinese: words around a value are escaped, the value and the blanks are not
        start = max(low, text.rfind("\n", low, place) + 1)
        run = _LINE_RUN.match(text, start)
    else:
        while start > low and text[start - 1] in _INSIDE:
            start -= 1
        run = _RUN.match(text, start)
    return None if run is None else _read(text, start, run.end())


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


def _decode(body: str, *, cut: bool = False) -> str | None:
    """The text that base64 says. cut: it may begin or end in the middle of a character, or of a group of four."""
    plain = unquote(body).replace("-", "+").replace("_", "/").rstrip("=")
    plain = plain[:-1] if cut and len(plain) % 4 == 1 else plain
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        return _whole_characters(raw).decode("utf-8") if cut else raw.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _whole_characters(raw: bytes) -> bytes:
    """Without the continuation bytes at the front, and without a character that is cut at the end (UTF-8)."""
    start = 0
    while start < min(3, len(raw)) and raw[start] & 0xC0 == 0x80:
        start += 1
    for back in range(1, min(4, len(raw)) + 1):
        lead = raw[-back]
        if lead >= 0xC0:
            wide = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return raw[start : len(raw) - back] if wide > back else raw[start:]
        if lead < 0x80:
            break
    return raw[start:]
