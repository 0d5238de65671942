"""Text as patterns see it: one spelling for each character, with the way back to the original offsets.

Only matching uses the folded text; what is reported and masked is always the original.
"""

import codecs
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SEPARATOR = "\x1e"
"""Stands between texts that are scanned together. No pattern crosses it; inside a text it is deleted."""

# Letters of other scripts that look like a Latin capital or small letter. Source: Unicode confusables.txt, the
# single-character entries that a reader cannot tell apart.
_LOOK = {
    "АВЕЅІЈКМНОРСТУХҮԌԚԜ": "ABESIJKMHOPCTYXYGQW",
    "аеіјорсухѕԁԛԝһ": "aeijopcyxsdqwh",
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ": "ABEZHIKMNOPTYXC",
    "οϲϳ": "ocj",
}
_SPELLED = {
    "‐‑‒–—―−﹣⁃˗➖ー": "-",
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000": " ",
    "\u2028\u2029\u0085": "\n",
    "．․﹒": ".",
    "（﹙⁽₍❨": "(",
    "）﹚⁾₎❩": ")",
    "［﹝〔【": "[",
    "］﹞〕】": "]",
    "‘’‛′＇": "'",
    "“”‟″＂": '"',
    "：﹕∶꞉": ":",
    "∕⁄╱": "/",
    "＼﹨∖": "\\",
    "＿﹍﹎﹏": "_",
    "＠﹫": "@",
    "＋﹢⁺₊": "+",
}
_SENTENCE = "！，；？～"
"""Ordinary in Chinese and part of no value: left alone, for speed."""
_COMPATIBLE = ((0xFF01, 0xFF5F), (0x2070, 0x209D), (0x2100, 0x2150), (0x2460, 0x2500), (0x2776, 0x2794),
               (0x1D400, 0x1D800), (0x1F130, 0x1F18A), (0xB2, 0xBA), (0x2160, 0x2180))  # fmt: skip
_DELETED = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u0300-\u036f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff"
)


def _folds() -> dict[int, str]:
    """Every character that is read as one ASCII character, from its code point; half a character is read as none."""
    folds: dict[int, str] = {}
    for low, high in _COMPATIBLE:
        for code in range(low, high):
            plain = _plain(chr(code))
            if plain:
                folds[code] = plain
    beyond = "".join(map(chr, range(0x600, 0x1FC00)))
    folds.update({ord(c): str(unicodedata.decimal(c)) for c in re.findall(r"\d", beyond)})
    for many, one in _SPELLED.items():
        folds.update({ord(c): one for c in many})
    for many, each in _LOOK.items():
        folds.update({ord(c): plain for c, plain in zip(many, each, strict=True)})
    folds.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))  # half a character: no word list takes one
    for ordinary in _SENTENCE:
        folds.pop(ord(ordinary), None)
    return folds


def _plain(char: str) -> str:
    """The one ASCII character that `char` is compatible with; a circled or superscript digit is its digit."""
    if 0x1F130 <= ord(char) < 0x1F18A:
        return chr(ord("A") + (ord(char) - 0x1F130) % 32) if (ord(char) - 0x1F130) % 32 < 26 else ""
    text = unicodedata.normalize("NFKC", char).replace("\u2212", "-")
    if len(text) > 1:
        text = text.strip("().")
    if len(text) == 1 and " " < text <= "~":
        return text
    digit = unicodedata.digit(char, None)
    return "" if digit is None else str(digit)


_FOLDS = _folds()
# The bulk of Chinese text needs only these, and `str.replace` is forty times faster than `str.translate`.
_COMMON = (("（", "("), ("）", ")"), ("：", ":"), ("\u3000", " "), ("’", "'"), ("“", '"'), ("”", '"'),
           ("–", "-"), ("—", "-"), ("【", "["), ("】", "]"))  # fmt: skip
_SPOKEN = re.compile(r"[零〇一二三四五六七八九][零〇一二三四五六七八九]{3,}+(?!年)(?:\([零〇一二三四五六七八九]\))?")
"""Digits as somebody dictates them; a year before 年 is left to the dates."""
_PERHAPS_SPOKEN = re.compile("[零〇一二三四五六七八九]{4}")
_SAID = str.maketrans("零〇一二三四五六七八九", "00123456789")
_COMMON_CODES = {ord(char) for char, _ in _COMMON}


def _ranges(codes: list[int]) -> str:
    """Code points as the inside of a character class."""
    parts, start = [], codes[0]
    for here, after in zip(codes, [*codes[1:], -1], strict=True):
        if after != here + 1:
            parts.append(f"{re.escape(chr(start))}-{re.escape(chr(here))}")
            start = after
    return "".join(parts)


_RARE = re.compile(f"[{_ranges(sorted(code for code in _FOLDS.keys() - _COMMON_CODES if code < 0x10000))}]")
_MANY = 16
_BLOCK = 65_536
"""Characters whose matches are held at once."""
_DENSE = 6
"""Where one character in fewer than this many is replaced, a table for all is quicker than looking for each."""
_CHARS = {chr(code): plain for code, plain in _FOLDS.items()}
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_GONE = re.compile(f"[{_DELETED}]")
_NO_CONTROLS = bytes(code for code in range(256) if code > 127 or not _GONE.match(chr(code)))
_NO_CONTROLS_OR_SEPARATOR = _NO_CONTROLS + SEPARATOR.encode()
_ASCII = bytes(range(128))


SEEN = (
    "°一世业中主乡事于亞人令休位住作個僱入八公出匯历口台号司同员咗員商回坐士存学學定密小工巴師帳年度座恒患戶户打护收教数數於"
    "旅日東架标案業標檔款歷汇泊渣澳照牌牛生畢病症登的码碼簽籍統經緯置考者職胞號行覆記診誕證護豐賬账車輛轉车转辰达退通過達鄉醫金銀錢鑰钥門门院"
)
"""Characters that triggers may name besides ASCII: those of the words that say what a number is; 128 at most."""
_BYTES = codecs.charmap_build("".join(map(chr, range(128))) + SEEN.ljust(128, "\ufffe"))


def to_bytes(text: str) -> bytes:
    """One byte a character of folded text, for triggers: ASCII, those of SEEN by a byte of their own, `?` for the rest."""
    return codecs.charmap_encode(text, "replace", _BYTES)[0]


class Normal(NamedTuple):
    """Folded text. `seams`, `shifts`: from offset `seams[i]` on, the original is `shifts[i]` characters further."""

    text: str
    ascii: bytes
    seams: Sequence[int] = ()
    shifts: Sequence[int] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original text; characters deleted inside the span belong to it."""
        if not self.seams:
            return start, end
        return start + self._shift(start), end - 1 + self._shift(end - 1) + 1

    def _shift(self, at: int) -> int:
        step = bisect_right(self.seams, at) - 1
        return self.shifts[step] if step >= 0 else 0


def normalise(text: str, *, keep: str = "") -> Normal:
    """Fold and delete what only disguises a value.

    keep: `SEPARATOR` when `text` is several texts joined with it, else nothing.
    `ascii` has one byte a character, as `to_bytes` says.
    """
    if text.isascii():
        raw = text.encode("ascii")
        controls = raw.translate(None, _NO_CONTROLS_OR_SEPARATOR if keep else _NO_CONTROLS)
        return _delete(text, set(controls.decode())) if controls else Normal(text, raw)
    other = _beyond_ascii(text)  # what has to be looked for stands there: much shorter where a text is mostly ASCII
    for char, plain in _COMMON:
        if char in other:
            text = text.replace(char, plain)
    # a class within the first plane is one table look-up a character, a wider one a list of ranges
    beyond = _CHARS.keys() & _different(_BEYOND, other)
    if beyond or _RARE.search(other):
        text = _folded(text, other, beyond)
    if _PERHAPS_SPOKEN.search(other):
        text = _SPOKEN.sub(_digits, text)
    raw = to_bytes(text)
    controls = raw.translate(None, _NO_CONTROLS_OR_SEPARATOR if keep else _NO_CONTROLS)
    if controls or _GONE.search(other):
        return _delete(text, {*controls.decode(), *_different(_GONE, other)})
    return Normal(text, raw)


def _beyond_ascii(text: str) -> str:
    """The characters of a text that are not ASCII, one behind the other."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _different(single: re.Pattern[str], text: str) -> set[str]:
    """The different characters that match; a text full of them is not held as a list."""
    found: set[str] = set()
    for first in range(0, len(text), _BLOCK):
        found.update(single.findall(text, first, first + _BLOCK))
    return found


def _digits(spoken: re.Match[str]) -> str:
    return spoken.group().translate(_SAID)


def _folded(text: str, other: str, beyond: set[str]) -> str:
    """Rare characters in their one spelling.

    other: the text without ASCII, in which it is quicker to count. beyond: the rare ones beyond the first plane.
    """
    rare = sum(len(_RARE.findall(other, first, first + _BLOCK)) for first in range(0, len(other), _BLOCK))
    if rare * _DENSE > len(text) or len(beyond) > _MANY:
        return text.translate(_FOLDS)
    text = _RARE.sub(_spelled, text)
    for char in beyond:
        text = text.replace(char, _CHARS[char])
    return text


def _spelled(rare: re.Match[str]) -> str:
    return _CHARS[rare.group()]


def _delete(text: str, gone: set[str]) -> Normal:
    """Without the characters `gone`, of which there is one at least."""
    one = gone.pop()
    if len(gone) > _MANY:
        text = re.sub(f"[{re.escape(''.join(gone))}]", lambda _: one, text)
    else:
        for other in gone:
            text = text.replace(other, one)
    seams, shifts = array("q"), array("q")
    for deleted, where in enumerate(_places(text, one)):
        if seams and seams[-1] == where - deleted:
            shifts[-1] = deleted + 1
        else:
            seams.append(where - deleted)
            shifts.append(deleted + 1)
    folded = text.replace(one, "")
    return Normal(folded, to_bytes(folded), seams, shifts)


def _places(text: str, char: str) -> Iterator[int]:
    where = text.find(char)
    while where >= 0:
        yield where
        where = text.find(char, where + 1)
