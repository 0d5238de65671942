"""The tagger's network in numpy: hashed embeddings and vectors of words, a projection, dilated convolutions with shortcuts.

The weights are int8 with a scale a row; the tables stay so in memory.
"""

from pathlib import Path
from typing import Any

import numpy as np

from sampan.understand.features import Features
from sampan.understand.layers import layer
from sampan.understand.mandarin import Mandarin
from sampan.understand.memory import give_back
from sampan.understand.tags import DILATIONS
from sampan.understand.vectors import CHINESE, Table, Words

Array = np.ndarray[Any, np.dtype[Any]]


class Network:
    """Weights read from a file made by `training/tagger/train.py`."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as kept:
            arrays: dict[str, Array] = {name: kept[name] for name in kept.files}
        self._table = arrays["table"]
        self._scale = arrays["table_scale"].astype(np.float32)[:, 0]
        self._words = Words(arrays)
        self._chinese = Table(arrays["chinese"], arrays["chinese_scale"]), layer(arrays, "into_chinese")[0]
        self._latin = Table(arrays["latin"], arrays["latin_scale"]), layer(arrays, "into_latin")[0]
        self._into, self._into_bias = layer(arrays, "into")
        self._convs = [layer(arrays, f"conv{index}") for index in range(len(DILATIONS))]
        self._out, self._out_bias = layer(arrays, "out")
        self.mandarin = Mandarin(arrays, self._words, self._chinese[0])
        del arrays
        give_back()

    def scores(self, found: Features) -> Array:
        """(tokens, tags), before the softmax."""
        rows = found.hashed
        bag = np.einsum("tse,ts->te", self._table[rows].astype(np.float32), self._scale[rows])
        into = np.concatenate([bag, found.flags.astype(np.float32)], 1) @ self._into
        into += self._into_bias
        words = self._words.rows(found.keys)
        _add(into, words[:, :CHINESE], *self._chinese)
        _add(into, words[:, CHINESE:], *self._latin)
        x = np.maximum(into, 0)
        count, width = x.shape
        wide = np.zeros((count, 3 * width), np.float32)
        for (weight, bias), step in zip(self._convs, DILATIONS, strict=True):
            wide[:, width : 2 * width] = x
            wide[:step, :width] = 0
            wide[step:, :width] = x[:-step]
            wide[max(0, count - step) :, 2 * width :] = 0
            wide[:-step, 2 * width :] = x[step:]
            more = wide @ weight
            more += bias
            np.maximum(more, 0, out=more)
            x += more
        scores: Array = x @ self._out + self._out_bias
        return scores


def _add(into: Array, rows: Array, table: Table, weight: Array) -> None:
    """What the vectors of `rows` say, where there are any."""
    some = np.flatnonzero(rows.any(1))
    if len(some):
        into[some] += table(rows[some]).reshape(len(some), -1) @ weight
