"""What commands ask about this machine."""

import shutil
import sys
from pathlib import Path
from typing import Any

import psutil

_psutil: Any = psutil
"""psutil has no types of its own."""


def free_memory() -> int:
    """Bytes that a new process can have."""
    return int(_psutil.virtual_memory().available)


def own_command() -> str:
    """How a person calls this Sampan from here: by name when the shell finds this one, else by its path."""
    own, found = Path(sys.executable).with_name("sampan"), shutil.which("sampan")
    if not own.exists() or (found and Path(found).samefile(own)):
        return "sampan"
    here = Path.cwd()
    return str(own.relative_to(here) if own.is_relative_to(here) else own)


def is_sampan(pid: int, started: float) -> bool:
    """Whether a process lives, is a Sampan, and began before `started` (epoch seconds): ids are used again."""
    try:
        process = _psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or (started and process.create_time() > started + 5):
            return False
        return any(Path(part).name.startswith("sampan") for part in process.cmdline()[:6])
    except psutil.Error:
        return False
