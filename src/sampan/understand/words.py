"""The word lists in `data/`, read once, when first needed."""

import tomllib
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zlib import crc32


def lines(name: str) -> list[str]:
    """The lines of one list, without comments."""
    text = files("sampan.understand").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def plain(word: str) -> str:
    """Small letters without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).lower()


@cache
def _marks() -> dict[str, dict[str, str]]:
    text = files("sampan.understand").joinpath("data", "marks.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _pinyin() -> set[str]:
    listed = _marks()["pinyin"]
    return {a + b for a in [*listed["onsets"].split(), ""] for b in listed["rimes"].split() if len(a + b) > 1}


@cache
def fold() -> dict[int, str]:
    """Each Traditional character or variant and the Simplified one it is read as."""
    return {ord(line[0]): line[1] for line in lines("fold.txt")}


def folded(text: str) -> str:
    """`text` in Simplified characters, of the same length."""
    return text.translate(fold())


@cache
def surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Chinese surnames (folded), and how they are spelled in Latin letters (small)."""
    chinese: set[str] = set()
    latin: set[str] = set()
    for line in lines("surnames.txt"):
        name, *spelled = line.split()
        chinese.add(folded(name))
        latin.update(part for each in spelled for part in each.lower().split("-"))
    return frozenset(chinese), frozenset(latin)


@cache
def given() -> tuple[frozenset[str], frozenset[str]]:
    """Characters of given names (folded), and their government spellings (small)."""
    pairs = [line.split() for line in lines("given.txt")]
    return frozenset(folded(pair[0]) for pair in pairs), frozenset(pair[1].lower() for pair in pairs if len(pair) > 1)


def characters(name: str) -> frozenset[str]:
    """The characters (folded) that carry one flag."""
    if name == "surname":
        return frozenset(each for each in surnames()[0] if len(each) == 1)
    if name == "given":
        return given()[0]
    return frozenset(folded(_marks()["han"][name]))


def _places() -> list[str]:
    return [folded(line.split("|")[0]) for line in lines("districts.txt")]


def entries(name: str) -> list[str]:
    """The Chinese entries (folded) of one list."""
    if name == "word":
        return lines("words_zh.txt")
    if name == "place":
        return [*lines("places_zh.txt"), *_places()]
    if name == "home":
        return [folded(line.split("|")[0]) for each in ("estates.txt", "streets.txt") for line in lines(each)]
    if name == "body":
        bodies = [folded(line) for line in lines("bodies.txt") if not line.isascii()]
        return [*lines("orgs_zh.txt"), *bodies]
    return [each for each in surnames()[0] if len(each) > 1]


class _Latin(NamedTuple):
    """Hashes of small Latin words, sorted, and for each a bit for each of `names`: a tenth of what a dictionary takes."""

    hashes: "array[int]"
    bits: "array[int]"
    names: tuple[str, ...]


@cache
def _latin() -> _Latin:
    places = set(lines("places_en.txt"))
    for line in [*lines("districts.txt"), *lines("estates.txt"), *lines("streets.txt")]:
        places.update(line.split("|")[1].lower().replace("'", " ").split())
    lists: dict[str, Iterable[str]] = {
        "first": lines("first_names.txt"),
        "last": lines("last_names.txt"),
        "hk_last": surnames()[1],
        "hk_syllable": given()[1] | {"szeto", "sze"},
        "pinyin": _pinyin(),
        "common": lines("words_en.txt"),
        "place": places,
    }
    lists.update({name: listed.split() for name, listed in _marks()["latin"].items()})
    pairs: array[int] = array("Q")
    for bit, members in enumerate(lists.values()):
        pairs.extend(crc32(word.encode()) << 16 | bit for word in members)
    hashes: array[int] = array("I")
    bits: array[int] = array("H")
    for pair in sorted(pairs):
        if not hashes or hashes[-1] != pair >> 16:
            hashes.append(pair >> 16)
            bits.append(0)
        bits[-1] |= 1 << (pair & 0xFFFF)
    return _Latin(hashes, bits, tuple(lists))


def flags_of(word: str) -> tuple[str, ...]:
    """The flags of a small Latin word."""
    known = _latin()
    value = crc32(word.encode())
    at = bisect_left(known.hashes, value)
    if at == len(known.hashes) or known.hashes[at] != value:
        return ()
    return tuple(name for bit, name in enumerate(known.names) if known.bits[at] >> bit & 1)
