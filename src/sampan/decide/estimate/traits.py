"""What the heads weigh of a prompt, in a few hundred bytes that can be kept: numbers, no text."""

import struct
from typing import NamedTuple

_HEAD = struct.Struct("<BfBB")
_VERSION = 1
_STEP = 40.0
"""Steps of a cue for one standard deviation; three of them fit a signed byte."""
TOPICS = 16
"""The likeliest ones are kept."""


class Traits(NamedTuple):
    """One prompt in numbers.

    hardness: what the reader's bins of difficulty are cut from. cues: in standard deviations, -3 to 3. topics: (number, share), likeliest
    first. rows: of the hashed tables.
    """

    hardness: float
    cues: tuple[float, ...]
    topics: tuple[tuple[int, float], ...]
    rows: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """Small enough to keep with a request until somebody says how the answer was."""
        topics = self.topics[:TOPICS]
        shares = bytes(part for topic, share in topics for part in (topic, round(share * 255)))
        cues = struct.pack(f"{len(self.cues)}b", *(round(_STEP * each) for each in self.cues))
        rows = struct.pack(f"<{len(self.rows)}H", *self.rows)
        return _HEAD.pack(_VERSION, self.hardness, len(self.cues), len(topics)) + cues + shares + rows

    @classmethod
    def from_bytes(cls, data: bytes) -> "Traits | None":
        """What `to_bytes` was given; None when these are no traits of this version."""
        try:
            version, hardness, cues, topics = _HEAD.unpack_from(data)
            at = _HEAD.size
            steps = struct.unpack_from(f"{cues}b", data, at)
            shares = data[at + cues : at + cues + 2 * topics]
            rest = data[at + cues + 2 * topics :]
            rows = struct.unpack(f"<{len(rest) // 2}H", rest)
        except struct.error:
            return None
        if version != _VERSION:
            return None
        pairs = tuple((shares[i], shares[i + 1] / 255) for i in range(0, len(shares) - 1, 2))
        return cls(hardness, tuple(each / _STEP for each in steps), pairs, rows)
