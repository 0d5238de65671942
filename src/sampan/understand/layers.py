"""Layers of the tagger's file: int8 weights with a scale a row, and a bias where there is one."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def layer(arrays: dict[str, Array], name: str) -> tuple[Array, Array]:
    """A layer's weight, ready to stand at the right of a product, and its bias."""
    weight = arrays[name].astype(np.float32) * arrays[f"{name}_scale"]
    return np.ascontiguousarray(weight.T), arrays.get(f"{name}_bias", np.zeros(1, np.float32))
