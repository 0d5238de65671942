"""The tagger's network in numpy: hashed embeddings, a projection, dilated convolutions with shortcuts.

The weights are int8 with a scale a row; only the embedding table stays so in memory.
"""

from pathlib import Path
from typing import Any

import numpy as np

from sampan.understand.features import Features
from sampan.understand.tags import DILATIONS

Array = np.ndarray[Any, np.dtype[Any]]


class Network:
    """Weights read from a file made by `training/tagger/train.py`."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as kept:
            arrays: dict[str, Array] = {name: kept[name] for name in kept.files}
        self._table = arrays["table"]
        self._scale = arrays["table_scale"].astype(np.float32)[:, 0]
        self._into, self._into_bias = _layer(arrays, "into")
        self._convs = [_layer(arrays, f"conv{index}") for index in range(len(DILATIONS))]
        self._out, self._out_bias = _layer(arrays, "out")

    def scores(self, found: Features) -> Array:
        """(tokens, tags), before the softmax."""
        rows = found.hashed
        bag = np.einsum("tse,ts->te", self._table[rows].astype(np.float32), self._scale[rows])
        into = np.concatenate([bag, found.flags.astype(np.float32)], 1) @ self._into
        x = np.maximum(into + self._into_bias, 0)
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


def _layer(arrays: dict[str, Array], name: str) -> tuple[Array, Array]:
    """A layer's weight, ready to stand at the right of a product, and its bias."""
    weight = arrays[name].astype(np.float32) * arrays[f"{name}_scale"]
    return np.ascontiguousarray(weight.T), arrays[f"{name}_bias"]
