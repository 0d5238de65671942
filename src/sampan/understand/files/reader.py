"""Reads files: implements `contract.ports.FileReader`."""

import os

from sampan.contract.files import FileText
from sampan.understand.files.frames import Job
from sampan.understand.files.limits import Limits
from sampan.understand.files.picture import is_installed
from sampan.understand.files.pool import BUSY, FAILED, SLOW, Pool

_PASSING = frozenset({BUSY, FAILED, SLOW})
_DOCUMENTS = 2


class Files:
    """Reads documents in processes of their own, and pictures in another. Safe to use from many threads.

    ocr: whether pictures are looked at; None for: when the extra `ocr` is installed.
    """

    def __init__(self, limits: Limits | None = None, *, ocr: bool | None = None) -> None:
        self.limits = limits or Limits()
        self.ocr = is_installed() if ocr is None else ocr
        self.documents = Pool(self.limits, size=min(_DOCUMENTS, os.cpu_count() or 1))
        self.pictures = Pool(self.limits, size=1, looks=True)

    def read(self, data: bytes, declared: str = "") -> FileText:
        """Everything in a file, or why not. Never raises for content. declared: a media type or a file's name."""
        if len(data) > self.limits.input:
            return FileText("file", reason=f"it is larger than {self.limits.input // 1_000_000} MB")
        found = self.documents.ask(Job(data, declared, pictures=self.ocr))
        if found.reason:
            return _unread(found.kind, found.reason)
        texts = list(found.texts)
        for picture in found.pictures:
            seen = self.pictures.ask(Job(picture, ""))
            if seen.reason:
                inside = "" if found.kind.endswith("picture") else "a picture in it cannot be read: "
                return _unread(found.kind, inside + seen.reason)
            texts.extend(seen.texts)
        return FileText(found.kind, tuple(texts))

    def close(self) -> None:
        """End the processes."""
        self.documents.close()
        self.pictures.close()


def _unread(kind: str, reason: str) -> FileText:
    return FileText(kind, reason=reason, passing=any(reason.endswith(each) for each in _PASSING))
