"""Text as the tagger's network sees it: tokens, hashed features and word-list flags.

A token is one Chinese character, one run of letters, one run of digits, one line break or one other sign. Training
and running use exactly this code.
"""

import re
import zlib
from functools import cache, lru_cache
from itertools import chain
from typing import Any, NamedTuple

import msgspec
import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind

from sampan.understand import words
from sampan.understand.memory import give_back
from sampan.understand.normalise import SEPARATOR
from sampan.understand.vectors import GRAMS

Array = np.ndarray[Any, np.dtype[Any]]

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
TOKEN = re.compile(rf"[{_HAN}]|[^\W\d_{_HAN}]+|\d+|[\n{SEPARATOR}]|[^\s]")

SLOTS = 8
_LONGEST = 40
"""Longer runs are read by their beginning."""
BUCKETS = 1 << 16
_SHAPES = (
    "han", "lower", "capital", "upper", "initial", "mixed", "foreign", "d1", "d2", "d3", "d4", "d7", "d8", "d9", "line", "sign",
)  # fmt: skip
_HAN_FLAGS = ("surname", "given", "unit", "title", "suffix", "kin", "function")
_WORD_FLAGS = (
    "first", "last", "hk_last", "hk_syllable", "pinyin", "common", "place", "street", "room", "company", "honorific",
)  # fmt: skip
_LISTS = ("word", "place", "home", "body", "double")
FLAGS = (*_SHAPES, "spaced", *_HAN_FLAGS, *_WORD_FLAGS, *(f"{each}_{side}" for each in _LISTS for side in "bi"))
"""Names of the columns of `Features.flags`."""
WIDTH = len(FLAGS)
_AT = {name: column for column, name in enumerate(FLAGS)}


class Features(msgspec.Struct, frozen=True, gc=False):
    """starts, ends: offsets of each token. hashed: (tokens, SLOTS) table rows. flags: (tokens, WIDTH) of 0 and 1.

    keys: (tokens, GRAMS) hashes for `vectors.Words`: the runs of one to four characters that begin here, or the word, small and with a capital.
    """

    starts: list[int]
    ends: list[int]
    hashed: Array
    flags: Array
    keys: Array


def key(word: str) -> int:
    """The hash of a Latin word; never 0."""
    return zlib.crc32(word.encode()) | 1


def _row(*parts: str) -> int:
    return zlib.crc32("\x00".join(parts).encode()) % (BUCKETS - 1) + 1


class _Seen(NamedTuple):
    """Table rows, flag columns, class and keys of a token."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    code: int
    keys: tuple[int, ...] = (0,) * GRAMS


@lru_cache(maxsize=8192)
def _word(word: str) -> _Seen:
    """What is seen of a run of letters."""
    low = words.plain(word)
    rows = [_row("w", low), _row("p2", low[:2]), _row("p3", low[:3]), _row("p4", low[:4])]
    rows += [_row("s2", low[-2:]), _row("s3", low[-3:]), _row("s4", low[-4:])]
    shape = _shape(word)
    rows.append(_row("shape", shape, str(min(len(word), 9))))
    columns = [_AT[shape], *(_AT[name] for name in words.flags_of(low) if name in _AT)]
    return _Seen(tuple(rows), tuple(columns), 1 + _SHAPES.index(shape), (key(low), key(low.capitalize()), 0, 0))


def _shape(word: str) -> str:
    if ord(word[0]) >= 0x250:
        return "foreign"
    if word.islower():
        return "lower"
    if len(word) == 1:
        return "initial"
    if word.isupper():
        return "upper"
    return "capital" if word[1:].islower() else "mixed"


@lru_cache(maxsize=2048)
def _sign(token: str) -> _Seen:
    """The same of digits and signs."""
    if token[0].isdigit():
        size = len(token)
        shape = f"d{size}" if size < 5 else "d7" if size < 8 else "d8" if size == 8 else "d9"
        value = token if size < 3 else shape
        return _Seen((_row("digits", value), _row("shape", shape), 0, 0, 0, 0, 0, 0), (_AT[shape],), 20 + min(size, 9))
    shape = "line" if token in "\n\x1e" else "sign"
    return _Seen((_row("sign", token), 0, 0, 0, 0, 0, 0, 0), (_AT[shape],), 32 + ord(token[0]) % 997)


@cache
def _han_bits() -> Array:
    """One byte for each character of the first plane, one bit for each of `_HAN_FLAGS`."""
    bits = np.zeros(0x10000, np.uint8)
    for place, name in enumerate(_HAN_FLAGS):
        for char in words.characters(name):
            bits[ord(char)] |= 1 << place
    return bits


@cache
def _automata() -> tuple[AhoCorasick, AhoCorasick, list[int]]:
    """Common words; places, estates, streets and organisations, with the column of each."""
    columns: dict[str, int] = {}
    for name in _LISTS[1:]:
        for entry in words.entries(name):
            columns[entry] = _AT[f"{name}_b"]
    common = AhoCorasick(words.entries("word"), matchkind=MatchKind.LeftmostLongest)
    places = AhoCorasick(list(columns), matchkind=MatchKind.LeftmostLongest)
    give_back()
    return common, places, list(columns.values())


def features(text: str) -> Features:
    """Tokens and features of normalised text."""
    starts: list[int] = []
    ends: list[int] = []
    seen: list[_Seen] = []
    folded = text if text.isascii() else text.translate(words.fold())
    for match in TOKEN.finditer(folded):
        start, end = match.span()
        starts.append(start)
        ends.append(end)
        first = folded[start]
        if first >= "\u3400" and first <= "\ufaff" and end == start + 1 and not "\ud7b0" > first >= "\ua000":
            seen.append(_han(first))
        else:
            seen.append((_word if first.isalpha() else _sign)(folded[start : min(end, start + _LONGEST)]))
    return _assembled(folded, (starts, ends), seen)


@lru_cache(maxsize=4096)
def _han(char: str) -> _Seen:
    return _Seen((0,) * SLOTS, (0,), ord(char))


def _assembled(folded: str, spans: tuple[list[int], list[int]], seen: list[_Seen]) -> Features:
    starts, ends = spans
    count = len(starts)
    flags = np.zeros((count, WIDTH), np.uint8)
    hashed = np.array([each.rows for each in seen], np.int32).reshape(count, SLOTS)
    keys = np.array([each.keys for each in seen], np.uint32).reshape(count, GRAMS)
    if not count:
        return Features(starts, ends, hashed, flags, keys)
    columns = [each.columns for each in seen]
    flags[np.repeat(np.arange(count), [len(each) for each in columns]), list(chain.from_iterable(columns))] = 1
    first, last = np.array(starts), np.array(ends)
    flags[1:, _AT["spaced"]] = first[1:] > last[:-1]
    code = np.array([each.code for each in seen], np.uint64)
    han = code >= 0x3400
    if han.any():
        _chinese(hashed, flags, code, han)
        _listed(folded, first, flags)
        grams(code, han, keys)
    return Features(starts, ends, hashed, flags, keys)


def grams(code: Array, han: Array, keys: Array) -> None:
    """Sets in `keys` the hashes of the runs of one to four Chinese characters that begin at each token."""
    blend, whole = np.zeros(len(code), np.uint64), han
    for size in range(min(GRAMS, len(code))):
        here = len(code) - size
        whole = whole[:here] & han[size:]
        blend = _blended(blend[:here], code[size:])
        keys[:here, size] = np.where(whole, (blend >> np.uint64(20)).astype(np.uint32) | 1, keys[:here, size])


def _blended(value: Array, code: Array) -> Array:
    value = (value ^ code) * np.uint64(0x9E3779B97F4A7C15)
    blended: Array = value ^ (value >> np.uint64(29))
    return blended


def _mixed(salt: int, *codes: Array) -> Array:
    value = np.full(len(codes[0]), salt, np.uint64)
    for code in codes:
        value = _blended(value, code)
    return ((value >> np.uint64(17)) % np.uint64(BUCKETS - 1) + np.uint64(1)).astype(np.int32)


def _chinese(hashed: Array, flags: Array, code: Array, han: Array) -> None:
    edge = np.zeros(2, np.uint64)
    around = np.concatenate([edge, code, edge])
    far, left, right, beyond = around[:-4], around[1:-3], around[3:-1], around[4:]
    rows = (
        _mixed(1, code), _mixed(2, left, code), _mixed(3, code, right), _mixed(4, left, code, right),
        _mixed(5, far, left), _mixed(6, right, beyond), _mixed(7, far, left, code), _mixed(8, code, right, beyond),
    )  # fmt: skip
    for slot, row in enumerate(rows):
        hashed[han, slot] = row[han]
    bits = _han_bits()[np.where(code < 0x10000, code, 0).astype(np.int32)]
    for place, name in enumerate(_HAN_FLAGS):
        flags[han, _AT[name]] |= (bits[han] >> place) & 1


def _listed(folded: str, first: Array, flags: Array) -> None:
    common, other, columns = _automata()
    token = np.full(len(folded) + 1, -1, np.int32)
    token[first] = np.arange(len(first))
    for automaton, column_of in ((common, None), (other, columns)):
        for which, start, end in automaton.find_matches_as_indexes(folded):
            column = _AT["word_b"] if column_of is None else column_of[which]
            at = token[start]
            if at >= 0:
                flags[at, column] = 1
                flags[at + 1 : at + end - start, column + 1] = 1
