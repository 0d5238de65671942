"""Names, places and organisations in Simplified Chinese, as Baidu's LAC 2.1 (Apache-2.0) reads them: two layers of BiGRU and a CRF, in numpy.

It knows news and talk of the mainland better than the tagger's own network, and Hong Kong's texts worse. Its weights lie in the tagger's
file, with 6 bits for each number of a word's vector and 8 elsewhere. The longest word that begins at a place is the one that is read.
"""

import re
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from sampan.understand.features import FLAGS, Features
from sampan.understand.language import CANTONESE
from sampan.understand.layers import layer
from sampan.understand.tags import Tagged
from sampan.understand.vectors import GRAMS, Table, Words

Array = np.ndarray[Any, np.dtype[Any]]

_HAN = FLAGS.index("han")
_FEWEST = 4
"""Chinese characters in a sentence that is read; they must be half of it too."""
_LONGEST = 160
"""Tokens of a stretch that is read at once; a longer sentence is cut."""
_TOGETHER = 16
_ENDS = re.compile("[。！？!?；;\n\x1e]")
_CANTONESE = re.compile(f"[{CANTONESE}]")
_NO_NAME = re.compile(r"[，。：；、？！“”（）\s你我他她它们的了吗呢吧啊这那]")
_SCORE = 0.92
"""LAC gives no probability. High enough for `persons` to believe a name without a Chinese surname."""
_BEGINS = {16: "PERSON", 18: "PLACE", 20: "ORG"}
"""LAC's labels that begin what is looked for; the one after each goes on with it."""


def leaning(text: str) -> int:
    """Above 0 if more of its characters are in the mainland's standard alone (GB 2312), below if more are in Big5 alone."""
    return len(text.encode("gb2312", "ignore")) - len(text.encode("big5", "ignore"))


class Read(NamedTuple):
    """stretches: tokens that were read, (first, after last). spans: what was found in them."""

    stretches: list[tuple[int, int]]
    spans: list[Tagged]


class Mandarin:
    """Weights out of the arrays that `training/tagger/vectors.py` made."""

    def __init__(self, arrays: dict[str, Array], words: Words, table: Table) -> None:
        self._words, self._table = words, table
        self._layers = [_Gru(arrays, f"lac{which}") for which in range(2)]
        self._out, self._out_bias = layer(arrays, "lac_out")
        self._first, self._last = arrays["lac_moves"][:2]
        self._into = np.ascontiguousarray(arrays["lac_moves"][2:].T)
        self._signs: dict[str, int] = {chr(code): row for code, row in arrays["signs"].tolist()}
        self._unknown = self._signs["\0"]

    def read(self, text: str, found: Features) -> Read:
        """Its sentences in Simplified Mandarin. text: what `found` are the features of."""
        stretches = [] if text.isascii() else _stretches(text, found)
        if not stretches:
            return Read([], [])
        rows = self._words.cuts(found.keys)
        rows[found.flags[:, _HAN] == 0] = -1
        cut = [self._cut(text, found, rows, stretch) for stretch in stretches]
        order = sorted(range(len(cut)), key=lambda at: -len(cut[at]))
        spans: list[Tagged] = []
        for at in range(0, len(order), _TOGETHER):
            group = [cut[which] for which in order[at : at + _TOGETHER]]
            for pieces, path in zip(group, self._paths(group), strict=True):
                spans.extend(_told(pieces, path))
        return Read(stretches, [span for span in sorted(spans) if _plausible(text, found, span)])

    def _cut(self, text: str, found: Features, rows: Array, stretch: tuple[int, int]) -> list[tuple[int, int, int]]:
        """(first token, after last, row of a vector) of each word."""
        at, end = stretch
        size = np.maximum(1, ((rows >= 0) * np.arange(1, GRAMS + 1)).max(1))[at:end].tolist()
        row: list[list[int]] = rows[at:end].tolist()
        first = at
        pieces: list[tuple[int, int, int]] = []
        while at < end:
            here = at - first
            long = size[here]
            while at + long > end or (long > 1 and row[here][long - 1] < 0):
                long -= 1
            if long > 1 and row[here][long - 1] > 0:
                pieces.append((at, at + long, row[here][long - 1]))
            else:
                pieces += [
                    (k, k + 1, self._single(text[found.starts[k]], row[k - first][0])) for k in range(at, at + long)
                ]
            at += long
        return pieces

    def _single(self, char: str, row: int) -> int:
        return row if row > 0 else self._signs.get(char, self._unknown)

    def _paths(self, group: list[list[tuple[int, int, int]]]) -> list[list[int]]:
        """The likeliest labels of each of some sentences, the longest first."""
        layout = _Layout.of([len(pieces) for pieces in group])
        x = self._table(np.array([row for pieces in group for *_, row in pieces], np.int32))
        for each in self._layers:
            x = each(x, layout)
        return self._likeliest(x @ self._out + self._out_bias, layout)

    def _likeliest(self, scores: Array, layout: "_Layout") -> list[list[int]]:
        """Viterbi; which label came before is looked for on the way back, and there for one label only."""
        count = len(layout.offsets)
        best = np.zeros((layout.longest, count, scores.shape[1]), np.float32)
        best[0] = scores[layout.offsets] + self._first
        for step, active in enumerate(layout.active[1:], 1):
            ways = best[step - 1, :active, None, :] + self._into
            best[step, :active] = ways.max(2) + scores[layout.offsets[:active] + step]
        last = best[layout.lengths - 1, np.arange(count)] + self._last
        path = np.zeros((layout.longest, count), np.intp)
        path[layout.lengths - 1, np.arange(count)] = last.argmax(1)
        for step in range(layout.longest - 1, 0, -1):
            active = layout.active[step]
            path[step - 1, :active] = (best[step - 1, :active] + self._into[path[step, :active]]).argmax(1)
        return [path[:length, which].tolist() for which, length in enumerate(layout.lengths.tolist())]


def _told(pieces: list[tuple[int, int, int]], path: list[int]) -> list[Tagged]:
    spans: list[Tagged] = []
    before = -1
    for (start, end, _), label in zip(pieces, path, strict=True):
        begin = label - label % 2
        if begin in _BEGINS:
            if label % 2 and begin == before:
                spans[-1] = (spans[-1][0], end, *spans[-1][2:])
            else:
                spans.append((start, end, _BEGINS[begin], _SCORE))
        before = begin
    return spans


def _stretches(text: str, found: Features) -> list[tuple[int, int]]:
    """Tokens of the sentences that are Mandarin enough, and Simplified: where a sentence does not tell, as the whole text is."""
    whole = leaning(text)
    edges = [match.end() for match in _ENDS.finditer(text)]
    cuts = np.unique(np.searchsorted(found.starts, [0, *edges, len(text)])).tolist()
    han = np.concatenate([[0], np.cumsum(found.flags[:, _HAN], dtype=np.int64)])
    chosen: list[tuple[int, int]] = []
    for first, last in pairwise(cuts):
        count = int(han[last] - han[first])
        sentence = text[found.starts[first] : found.ends[last - 1]]
        mandarin = count >= _FEWEST and 2 * count >= last - first and (leaning(sentence) or whole) > 0
        if not mandarin or _CANTONESE.search(sentence):
            continue
        chosen += [(at, min(last, at + _LONGEST)) for at in range(first, last, _LONGEST)]
    return chosen


def instead(own: list[Tagged], read: Read, found: Features) -> list[Tagged]:
    """What the tagger found, with what LAC told in the stretches that it read; addresses and what is not Chinese stay."""
    if not read.stretches:
        return own
    inside = np.zeros(len(found.starts), bool)
    for first, last in read.stretches:
        inside[first:last] = found.flags[first:last, _HAN]
    stay = [span for span in own if span[2] == "ADDRESS" or not inside[span[0]]]
    told = [span for span in read.spans if not any(_meet(span, each) for each in stay if each[2] == "ADDRESS")]
    return sorted([*(span for span in stay if not any(_meet(span, each) for each in told)), *told])


def _meet(one: Tagged, other: Tagged) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _plausible(text: str, found: Features, span: Tagged) -> bool:
    value = text[found.starts[span[0]] : found.ends[span[1] - 1]]
    return len(value) > 1 and not (span[2] == "PERSON" and _NO_NAME.search(value))


class _Layout(NamedTuple):
    """Where the words of sentences lie, the longest first: `offsets` of their first ones, `active` sentences at each step."""

    lengths: Array
    offsets: Array
    active: list[int]
    longest: int
    forth: Array
    back: Array
    valid: Array

    @classmethod
    def of(cls, sizes: list[int]) -> "_Layout":
        lengths = np.array(sizes)
        offsets = np.cumsum(lengths) - lengths
        step = np.arange(sizes[0])[:, None]
        valid = step < lengths
        return cls(
            lengths,
            offsets,
            valid.sum(1).tolist(),
            sizes[0],
            (offsets + step)[valid],
            (offsets + lengths - 1 - step)[valid],
            valid,
        )


class _Gru:
    """One layer, forth and back at once. Gates are halves of hyperbolic tangents: their weights were halved."""

    def __init__(self, arrays: dict[str, Array], name: str) -> None:
        self._into, self._bias = layer(arrays, f"{name}_into")
        gates, new = (layer(arrays, f"{name}_{part}")[0] for part in ("gates", "new"))
        self._size = size = new.shape[0]
        self._gates = np.ascontiguousarray(gates.reshape(size, 2, 2 * size).transpose(1, 0, 2))
        self._new = np.ascontiguousarray(new.reshape(size, 2, size).transpose(1, 0, 2))

    def __call__(self, x: Array, layout: _Layout) -> Array:
        size, count = self._size, len(layout.lengths)
        given = x @ self._into + self._bias
        steps = np.zeros((layout.longest, 2, count, 3 * size), np.float32)
        steps[:, 0][layout.valid], steps[:, 1][layout.valid] = (
            given[layout.forth, : 3 * size],
            given[layout.back, 3 * size :],
        )
        state = np.zeros((2, count, size), np.float32)
        out = np.zeros((layout.longest, 2, count, size), np.float32)
        for step, active in enumerate(layout.active):
            now = state[:, :active]
            gates = now @ self._gates
            gates += steps[step, :, :active, : 2 * size]
            np.tanh(gates, out=gates)
            gates *= 0.5
            gates += 0.5
            new = (gates[..., size:] * now) @ self._new
            new += steps[step, :, :active, 2 * size :]
            np.tanh(new, out=new)
            new -= now
            new *= gates[..., :size]
            now += new
            out[step, :, :active] = now
        told = np.empty((len(x), 2 * size), np.float32)
        told[layout.forth, :size], told[layout.back, size:] = out[:, 0][layout.valid], out[:, 1][layout.valid]
        return told
