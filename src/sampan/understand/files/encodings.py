"""Bytes as text: UTF-8, UTF-16, UTF-32, Big5 with the Hong Kong supplement, GB18030, Windows-1252."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PAIR = re.compile(b"[\x81-\xfe][\x30-\xfe]")
_SAMPLE = 20_000
_CLOSE = 0.15


def decoded(data: bytes, hint: str = "") -> tuple[str, ...] | None:
    """The text; twice where two encodings are as likely; None when it is no text. hint: an encoding's name."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data, encoding)
    if b"\0" in data:
        wide = _wide(data)
        return _checked(data, wide) if wide else None
    if hint and (said := _checked(data, hint)):
        return said
    return _checked(data, "utf-8") or _legacy(data)


def _checked(data: bytes, encoding: str) -> tuple[str, ...] | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None
    return None if _CONTROL.search(text) else (text,)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: the zeros of its ASCII characters stand on one side."""
    even, odd = data[0:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    if len(data) % 2 or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _legacy(data: bytes) -> tuple[str, ...] | None:
    """Big5 or GB18030, by how many of the pairs are common characters of each; else Windows-1252."""
    pairs = _PAIR.findall(data[:_SAMPLE])
    scores = {}
    for encoding, common in (("big5hkscs", _common_big5), ("gb18030", _common_gb)):
        said = _checked(data, encoding)
        if said:
            scores[said] = sum(map(common, pairs)) / max(1, len(pairs))
    likely = sorted(scores, key=lambda said: -scores[said])
    if likely and scores[likely[0]] >= 0.5:
        near = [said for said in likely if scores[likely[0]] - scores[said] <= _CLOSE]
        return tuple(text for said in near for text in said)
    western = _checked(data, "cp1252")
    others = [text for said in likely for text in said]
    return (*western, *others) if western else tuple(others) or None


def _common_big5(pair: bytes) -> bool:
    return 0xA1 <= pair[0] <= 0xC6 and (0x40 <= pair[1] <= 0x7E or pair[1] >= 0xA1)


def _common_gb(pair: bytes) -> bool:
    return (0xB0 <= pair[0] <= 0xD7 or 0xA1 <= pair[0] <= 0xA3) and pair[1] >= 0xA1
