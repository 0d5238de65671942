"""The reader's weights: a table of small numbers by hashed row, added up for the rows of a prompt without numpy.

A row holds one byte a column. Python's whole numbers add hundreds of bytes at once: each row is spread over two of them
(even and odd columns, sixteen bits a column), added, and taken apart in the end.
"""

import json
import math
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from sampan.contract.errors import Corrupt

MAGIC = b"SMPR"
_CHUNK = 256
"""Rows added before sixteen bits could run over: 256 x 255 < 65536."""


class Table:
    """Sums of columns over rows.

    columns: how many; the last one is the squared weight of the row, the others are signed (value + 128).
    scales: what one step of each column but the last is worth. weigh: what one step of the last is worth.
    """

    def __init__(self, cells: bytes, columns: int, scales: Sequence[float], weigh: float) -> None:
        self.columns, self._scales, self._weigh = columns, list(scales), weigh
        self._cells = cells
        self._even = int.from_bytes(b"\xff\x00" * ((columns + 1) // 2), "little")
        self._read: dict[int, tuple[int, int]] = {}

    def sums(self, rows: Sequence[int]) -> tuple[list[float], float]:
        """Weighted sums of the columns, divided by the length of the rows' weights, and that length."""
        totals = [0] * self.columns
        for first in range(0, len(rows), _CHUNK):
            even = odd = 0
            for row in rows[first : first + _CHUNK]:
                low, high = self._read.get(row) or self._row(row)
                even += low
                odd += high
            self._into(totals, even, odd)
        length = math.sqrt(totals[-1] * self._weigh) or 1.0
        middle = 128 * len(rows)
        return [
            (total - middle) * scale / length for total, scale in zip(totals, self._scales, strict=False)
        ], length  # the last column has no scale

    def _row(self, row: int) -> tuple[int, int]:
        whole = int.from_bytes(self._cells[row * self.columns : (row + 1) * self.columns], "little")
        pair = whole & self._even, (whole >> 8) & self._even
        self._read[row] = pair
        return pair

    def _into(self, totals: list[int], even: int, odd: int) -> None:
        half = (self.columns + 1) // 2
        for start, number in ((0, even), (1, odd)):
            sums = struct.unpack(f"<{half}H", number.to_bytes(2 * half, "little"))
            for at, value in zip(range(start, self.columns, 2), sums, strict=False):
                totals[at] += value

    def weight(self, row: int) -> float:
        """The weight of a row: rare words weigh more."""
        return math.sqrt(self._cells[(row + 1) * self.columns - 1] * self._weigh)


def packed(facts: dict[str, Any], cells: bytes) -> bytes:
    """A file of facts and cells, with a checksum."""
    head = json.dumps(facts, separators=(",", ":"), ensure_ascii=False).encode()
    body = zlib.compress(struct.pack("<I", len(head)) + head + cells, 9)
    return MAGIC + struct.pack("<I", zlib.crc32(body)) + body


def unpacked(data: bytes) -> tuple[dict[str, Any], bytes]:
    """What `packed` was given. Raises Corrupt."""
    body = data[8:]
    if data[:4] != MAGIC or len(data) < 8 or struct.unpack("<I", data[4:8])[0] != zlib.crc32(body):
        raise Corrupt("the router's weights are damaged; install Sampan again")
    plain = zlib.decompress(body)
    size = struct.unpack("<I", plain[:4])[0]
    facts: dict[str, Any] = json.loads(plain[4 : 4 + size])
    return facts, plain[4 + size :]
