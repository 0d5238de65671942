"""Time-ordered identifiers: a prefix that says what it is, then a ULID (Crockford base 32)."""

import os
import time

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in _CROCKFORD for b in _CROCKFORD]


def new_id(prefix: str) -> str:
    """Return `<prefix>_<26 characters>`, sortable by creation time to the millisecond.

    Source: the ULID specification (48 bits of time, 80 bits of randomness).
    """
    number = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    pairs = [_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)]
    return f"{prefix}_{''.join(pairs)}"
