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
        """Everything in a file, or why not and what could be read. Never raises for content.

        declared: a media type or a file's name.
        """
        if len(data) > self.limits.input:
            return FileText("file", reason=f"it is larger than {self.limits.input // 1_000_000} MB")
        found = self.documents.ask(Job(data, declared, pictures=self.ocr))
        reason, texts, shown = found.reason, list(found.texts), list(found.shown)
        for number, picture in enumerate(found.pictures):
            seen = self.pictures.ask(Job(picture, ""))
            if number not in found.repeats:
                shown += [len(texts) + at for at in seen.shown]
            texts += seen.texts
            if seen.reason:
                inside = "" if found.kind.endswith("picture") else "a picture in it cannot be read: "
                reason = inside + seen.reason
                break
        passing = any(reason.endswith(each) for each in _PASSING)
        return FileText(found.kind, tuple(texts), reason, passing, tuple(shown))

    def close(self) -> None:
        """End the processes."""
        self.documents.close()
        self.pictures.close()
