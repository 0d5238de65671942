"""Triggers compiled by hyperscan, and kept in a file: compiling takes a third of a second, reading back half a millisecond.

The file holds patterns only, behind its own hash. Hyperscan itself refuses one of another version or another processor.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sampan.understand.memory import give_back

_NAME = "patterns-{}.hs"
_hash = hashlib.sha256


def database(hyperscan: Any, expressions: Sequence[bytes], flags: Sequence[int], kept: Path | None) -> Any:
    """A database whose ids are the places in `expressions`.

    hyperscan: the module. kept: the folder of the file; None, or one that is not there or cannot be written: compiled anew.
    """
    digest = _hash(repr((list(expressions), list(flags))).encode()).hexdigest()
    path = None if kept is None else kept / _NAME.format(digest[:32])
    if path is not None:
        with contextlib.suppress(OSError, hyperscan.HyperscanError):
            if content := _checked(path.read_bytes()):
                return hyperscan.loadb(content, hyperscan.HS_MODE_BLOCK)
    made = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    made.compile(expressions=expressions, ids=list(range(len(expressions))), elements=len(expressions), flags=flags)
    give_back()  # ten times what was made
    if path is not None:
        with contextlib.suppress(OSError):
            _keep(path, hyperscan.dumpb(made))
    return made


def _checked(content: bytes) -> bytes:
    """What follows the hash; nothing when that does not agree: a disk can be at fault."""
    said, rest = content[: _hash(b"").digest_size], content[_hash(b"").digest_size :]
    return rest if rest and _hash(rest).digest() == said else b""


def _keep(path: Path, content: bytes) -> None:
    """Put it there in one step, for its owner only, in the place of what was compiled from other patterns."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as stream:
        stream.write(_hash(content).digest() + content)
    Path(beside).replace(path)
    for other in path.parent.glob(_NAME.format("*")):
        if other != path:
            other.unlink(missing_ok=True)
