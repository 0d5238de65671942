"""Files as text: PDF, Office, web pages, mail, calendars, tables, archives, pictures.

Two ways in, both raise `Unreadable` with the reason when any part of the file could not be read:
`read_texts(path)` for a file on disk, `read_bytes(data, declared)` for one in memory. What parses runs in
processes of its own; they start at the first file and end by themselves when there is nothing to read.
`Files` is the same as an object, for whoever wants to own its processes or limits.
"""

import atexit
import threading
from functools import cache
from pathlib import Path

from sampan.contract.errors import Unreadable
from sampan.contract.files import FileText
from sampan.understand.files.limits import Limits
from sampan.understand.files.reader import Files

__all__ = ["Files", "Limits", "read_bytes", "read_path", "read_texts"]

_lock = threading.Lock()


@cache
def _shared() -> Files:
    files = Files()
    atexit.register(files.close)
    return files


def read_bytes(data: bytes, declared: str = "") -> list[str]:
    """The texts of a file in memory. declared: a media type or a file's name, checked against the content.

    Raises:
        Unreadable: with the reason.
    """
    with _lock:
        files = _shared()
    return _texts(files.read(data, declared))


def read_path(path: Path | str) -> list[str]:
    """The texts of a file on disk.

    Raises:
        Unreadable: with the reason. OSError: the file cannot be opened.
    """
    path = Path(path)
    size = path.stat().st_size
    if size > Limits().input:
        raise Unreadable(f"{path.name}: the file is larger than {Limits().input // 1_000_000} MB.")
    return read_bytes(path.read_bytes(), path.name)


read_texts = read_path


def _texts(found: FileText) -> list[str]:
    if found.reason:
        raise Unreadable(f"The {found.kind} cannot be read: {found.reason}.")
    return list(found.texts)
