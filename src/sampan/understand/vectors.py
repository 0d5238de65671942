"""What words are like: vectors of Chinese characters and words and of Latin words, looked up by the hash of their letters.

Made by `training/tagger/vectors.py`; they lie in the tagger's file.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

GRAMS = 4
"""Characters of the longest Chinese word that is looked up."""
CHINESE, LATIN = 3, 2
"""Places of `Words.rows`: the character, the longest word that begins and that ends there; the small word, the word with a capital."""


class Words:
    """Keys, sorted, the row of each, and which LAC cuts texts into. Rows count from 1, the `size` Chinese ones first; 0 has no vector."""

    def __init__(self, arrays: dict[str, Array]) -> None:
        self._keys, self._rows, self._cuts = arrays["word_keys"], arrays["word_rows"], arrays["word_cuts"]
        self.size = len(arrays["chinese"]) - 1

    def _find(self, keys: Array) -> tuple[Array, Array]:
        """Where each key would stand, and whether it does."""
        at = np.searchsorted(self._keys, keys)
        np.minimum(at, len(self._keys) - 1, out=at)
        return at, (self._keys[at] == keys) & (keys > 0)

    def cuts(self, keys: Array) -> Array:
        """The row of each Chinese word that texts are cut into; -1 of anything else."""
        at, known = self._find(keys)
        row = self._rows[at].astype(np.int32)
        found: Array = np.where(known & self._cuts[at] & (row <= self.size), row, -1)
        return found

    def rows(self, keys: Array) -> Array:
        """(tokens, CHINESE + LATIN) rows of the two tables, of what `Features.keys` says of each token."""
        at, known = self._find(keys)
        row = np.where(known, self._rows[at], 0).astype(np.int32)
        latin = np.where(row > self.size, row - self.size, 0)
        row[row > self.size] = 0
        found = np.zeros((len(keys), CHINESE + LATIN), np.int32)
        found[:, 0] = row[:, 0]
        for size in range(1, GRAMS):
            starts = row[:, size]
            found[:, 1] = np.where(starts, starts, found[:, 1])
            ends = found[size:, 2]
            ends[:] = np.where(starts[: max(0, len(row) - size)], starts[: max(0, len(row) - size)], ends)
        found[:, CHINESE:] = latin[:, :LATIN]
        return found


class Table:
    """int8 vectors with a scale a row; row 0 is nothing."""

    def __init__(self, vectors: Array, scale: Array) -> None:
        self._vectors, self._scale = vectors, scale.astype(np.float32)

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self._vectors.shape[1])

    def __call__(self, rows: Array) -> Array:
        """(..., width) of rows of any shape."""
        found: Array = self._vectors[rows].astype(np.float32) * self._scale[rows][..., None]
        return found
