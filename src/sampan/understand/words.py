"""The word lists in `data/`, read once, when first needed."""

import re
import tomllib
import unicodedata
import zlib
from array import array
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from sampan.understand.memory import give_back


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


@cache
def _rules() -> dict[str, str]:
    return tomllib.loads(files("sampan.understand").joinpath("data", "rules.toml").read_text(encoding="utf-8"))


def listed(name: str) -> tuple[str, ...]:
    """The words of one list of `rules.toml`."""
    return tuple(_rules()[name].split())


def either(name: str) -> str:
    """The same as a pattern, the longest first."""
    return "|".join(sorted(map(re.escape, listed(name)), key=len, reverse=True))


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
def common() -> frozenset[str]:
    """Chinese words (folded) that are nobody's name, Cantonese ones too: for rules; the tagger knows those of `words_zh`."""
    return frozenset(lines("words_zh.txt")) | frozenset(folded(line) for line in lines("words_yue.txt"))


@cache
def families() -> frozenset[str]:
    """Chinese surnames (folded), the rare ones too: for rules; the tagger knows those of `surnames`."""
    return surnames()[0] | {folded(line) for line in lines("surnames_rare.txt")}


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


@cache
def places() -> frozenset[str]:
    """Districts, estates and streets in Latin letters (small), and Chinese ones in both scripts."""
    found: set[str] = set()
    for name in ("districts.txt", "estates.txt", "streets.txt"):
        for line in lines(name):
            chinese, latin = line.split("|")[:2]
            found.update((chinese, folded(chinese), latin.lower()))
    return frozenset(found)


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


def _listed() -> dict[str, set[str]]:
    """Small Latin words by the flag that they carry."""
    surnames(), given(), _marks()  # first: what stays would otherwise lie between what goes, and hold its memory
    lists: dict[str, set[str]] = {
        "first": set(lines("first_names.txt")),
        "last": set(lines("last_names.txt")),
        "hk_last": set(surnames()[1]),
        "hk_syllable": set(given()[1]) | {"szeto", "sze"},
        "pinyin": _pinyin(),
        "common": set(lines("words_en.txt")),
        "place": set(lines("places_en.txt")),
    }
    lists.update({name: set(listed.split()) for name, listed in _marks()["latin"].items()})
    for line in [*lines("districts.txt"), *lines("estates.txt"), *lines("streets.txt")]:
        lists["place"].update(line.split("|")[1].lower().replace("'", " ").split())
    return lists


class _Flags:
    """The flags of each word, packed: a dictionary of 90,000 strings takes ten times the room.

    A table of places in one long `bytes`, found by hash and, where two words want the same, by trying the next one.
    """

    def __init__(self, listed: Mapping[str, Iterable[str]]) -> None:
        self._flags: list[tuple[str, ...]] = [()]
        numbers: dict[tuple[str, ...], int] = {(): 0}
        carried: dict[str, int] = {}
        for name, members in listed.items():
            for word in members:
                flags = (*self._flags[carried.get(word, 0)], name)
                if flags not in numbers:
                    numbers[flags] = len(numbers)
                    self._flags.append(flags)
                carried[word] = numbers[flags]
        self._mask = (1 << (2 * len(carried)).bit_length()) - 1
        self._table = array("I", bytes(4 * (self._mask + 1)))
        packed = bytearray(1)  # nothing begins at 0, which is an empty place of the table
        for word, number in carried.items():
            written = word.encode()
            at = zlib.crc32(written) & self._mask
            while self._table[at]:
                at = (at + 1) & self._mask
            self._table[at] = len(packed)
            packed += b"%b\n%d\n" % (written, number)
        self._packed = bytes(packed)

    def of(self, word: str) -> tuple[str, ...]:
        """The flags of one word; nothing when it is in no list."""
        table, packed = self._table, self._packed
        written = b"%b\n" % word.encode("utf-8", "surrogatepass")
        at = zlib.crc32(memoryview(written)[:-1]) & self._mask
        while place := table[at]:
            if packed.startswith(written, place):
                number = place + len(written)
                return self._flags[int(packed[number : packed.index(b"\n", number)])]
            at = (at + 1) & self._mask
        return ()


@cache
def _latin() -> _Flags:
    flags = _Flags(_listed())
    give_back()
    return flags


def flags_of(word: str) -> tuple[str, ...]:
    """The flags of a small Latin word."""
    return _latin().of(word)
