"""Files and pictures inside a request: found in a content part, read, scanned, remembered."""

import base64
import binascii
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sampan.contract.labels import Finding
from sampan.contract.ports import FileReader
from sampan.understand.detector import Detector
from sampan.understand.scans import Scans
from sampan.wording import worded

_DATA_URL = re.compile(
    r"data:([A-Za-z0-9.+-]{1,80}/[A-Za-z0-9.+-]{1,100})?((?:;[A-Za-z0-9._-]+=[^;,]{0,200}){0,4});base64,", re.IGNORECASE
)
LONGEST = 400_000
"""Characters of a file that is handed on as its text; hardly a model takes more, and they are kept in memory."""
_ELSEWHERE = ("file_id", "file_url", "url", "fileId")


class Inline(NamedTuple):
    """The content of one file, as it stands in a part. steps: from the part to the string that holds it."""

    steps: tuple[str, ...]
    written: str
    declared: str


class InsideFile(NamedTuple):
    """What a file inside a request turned out to be.

    findings: their offsets count in `text`, which is what was found, a line each. failed: detectors that did not run -> why.
    said: what a person reads who opens it; with a `reason` not all of that. Nothing where it is too long to hand on.
    """

    kind: str
    findings: tuple[Finding, ...]
    text: str = ""
    reason: str = ""
    failed: Mapping[str, str] = MappingProxyType({})
    said: str = ""


def inline_of(part: dict[str, Any]) -> Inline | None:
    """The file that a part holds; None when it refers to one elsewhere, or holds it in a way nobody knows."""
    kind = part.get("type")
    if kind in {"image_url", "input_image", "computer_screenshot"}:
        return _at(part, ("image_url", "url"), "") or _at(part, ("image_url",), "")
    if kind in {"file", "input_file"}:
        return _at(part, ("file", "file_data"), "filename") or _at(part, ("file_data",), "filename")
    if kind in {"image", "document"}:
        source = part.get("source")
        if isinstance(source, dict) and source.get("type") == "base64":
            return _at(part, ("source", "data"), "media_type")
    return None


def _at(part: dict[str, Any], steps: tuple[str, ...], declared: str) -> Inline | None:
    holder: Any = part
    if len(steps) > 1 and _refers(part, steps[0]):
        return None
    for step in steps[:-1]:
        holder = holder.get(step)
        if not isinstance(holder, dict):
            return None
    written = holder.get(steps[-1])
    if not isinstance(written, str) or not written or _refers(holder, steps[-1]):
        return None
    url = _DATA_URL.match(written, 0, 1000)
    if url is None and not declared:
        return None
    named = holder.get(declared)
    said = (url.group(1) if url and url.group(1) else "") or (named if isinstance(named, str) else "")
    return Inline(steps, written, said)


def _refers(holder: dict[str, Any], own: str) -> bool:
    """Whether it says besides where the file can be fetched: a model may take that instead."""
    return any(holder.get(name) for name in _ELSEWHERE if name != own)


def without(part: dict[str, Any], steps: tuple[str, ...]) -> dict[str, Any]:
    """The part without the file's content: what else is in it is read as text."""
    inner = "" if len(steps) == 1 else without(part[steps[0]], steps[1:])
    return {**part, steps[0]: inner}


def holds_file(body: Any, types: frozenset[str]) -> bool:
    """Whether a body holds a part of one of these types, wherever it stands: it takes long to read a file."""
    waiting = [body]
    while waiting:
        each = waiting.pop()
        if type(each) is dict:
            kind = each.get("type")
            if isinstance(kind, str) and kind in types:
                return True
            waiting.extend(each.values())
        elif type(each) is list:
            waiting.extend(each)
    return False


class Inside:
    """Reads files of requests. Safe to use from many threads."""

    def __init__(self, reader: FileReader, detector: Detector, scans: Scans) -> None:
        self._reader, self._detector, self._scans = reader, detector, scans

    def read(self, file: Inline, scope: str) -> InsideFile:
        """What is in a file; what was found before for this person is not looked for again."""
        key = self._scans.key(scope, f"file\0{file.declared}\0{file.written}")
        scan = self._scans.get(key)
        if scan is not None:
            kind, reason, said = scan[1]
            return InsideFile(kind, scan[0], _lines(scan[0]), reason, said=said)
        try:
            data = content_of(file.written)
        except ValueError:
            return InsideFile("file", (), reason="it is not written in base64")
        found = self._reader.read(data, file.declared)
        said = found.said if len(found.said) <= LONGEST else ""
        findings, failed, closed = self._scan(found.texts)
        reason = found.reason or (worded("something packed inside cannot be read") if closed else "")
        if not failed and not found.passing:
            self._scans.put(key, (findings, (found.kind, reason, said)))
        return InsideFile(found.kind, findings, _lines(findings), reason, failed, said)

    def _scan(self, texts: tuple[str, ...]) -> tuple[tuple[Finding, ...], dict[str, str], bool]:
        findings: list[Finding] = []
        failed: dict[str, str] = {}
        closed, at = False, 0
        for text in texts:
            report = self._detector.report(text)
            failed |= report.failed
            closed = closed or bool(report.unread)
            for each in report.findings:
                findings.append(Finding(at, at + len(each.text), each.kind, each.score, each.text))
                at += len(each.text) + 1
        return tuple(findings), failed, closed


def _lines(findings: tuple[Finding, ...]) -> str:
    return "\n".join(each.text for each in findings)


def content_of(written: str) -> bytes:
    """The bytes of a data URL, or of plain base64.

    Raises:
        ValueError: it is no base64.
    """
    url = _DATA_URL.match(written, 0, 1000)
    body = written[url.end() :] if url else written
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
