"""The understand stage: a request becomes a request with labels."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from sampan.contract.labels import Finding, Kind, Labels, Passage, Path, Piece, sensitivity_of
from sampan.contract.ports import FileReader
from sampan.contract.request import Inner, Json, Labelled, Request
from sampan.understand import language
from sampan.understand.detector import Detector, merge, without
from sampan.understand.failures import Failures
from sampan.understand.inline import Inside, InsideFile, holds_file
from sampan.understand.normalise import SEPARATOR
from sampan.understand.parts import UNREADABLE
from sampan.understand.scans import Scans
from sampan.understand.trail import path_of
from sampan.understand.walk import Leaf, Walk
from sampan.wording import worded

LONG = 2000
"""Characters from which a text is scanned by itself and its findings are remembered."""
_SEAM = 320
"""Characters to each side of the border between two parts that are looked at as one text."""
_DELETED = "\x1d"
_FIRST = 50
"""Texts whose language is told where nobody says which of them a person wrote."""
_BINARY = worded("a data URL that holds something other than text cannot be read")


class _Window(NamedTuple):
    """A stretch `[start, end)` of the joined text of one chain."""

    chain: int
    start: int
    end: int


class _Chain:
    """Leaves that are read as one: their joined text, where each begins, and what was found across borders."""

    __slots__ = ("found", "members", "starts", "text")

    def __init__(self, members: list[int], leaves: list[Leaf]) -> None:
        self.members = members
        texts = [leaves[member].text for member in members]
        self.text = "".join(texts)
        self.starts = [0, *accumulate(map(len, texts))]
        self.found: list[Finding] = []

    def windows(self, chain: int) -> Iterator[_Window]:
        """Stretches around the borders, not overlapping; the whole where a long key may be split."""
        size = len(self.text)
        if "-----BEGIN" in self.text:
            yield _Window(chain, 0, size)
            return
        low, high = 0, 0
        for border in self.starts[1:-1]:
            start, end = max(0, border - _SEAM), min(size, border + _SEAM)
            if start > high and high:
                yield _Window(chain, low, high)
                low = start
            low, high = (start, end) if not high else (low, end)
        yield _Window(chain, low, high)

    def crosses(self, start: int, end: int) -> bool:
        """Whether a border lies inside the stretch."""
        return bisect_right(self.starts, start) != bisect_right(self.starts, end - 1)


class BodyLabeller:
    """Labels requests with what `detector` finds. Safe to use from many threads.

    files: reads the files inside; without it they are parts that cannot be read. failures: told of detectors that fail.
    """

    def __init__(
        self,
        detector: Detector,
        scans: Scans | None = None,
        files: FileReader | None = None,
        failures: Failures | None = None,
    ) -> None:
        self._detector, self._failures = detector, failures
        self._scans = Scans() if scans is None else scans
        self._inside = Inside(files, detector, self._scans) if files else None

    def is_slow(self, request: Request) -> bool:
        """Whether there is a file to read, which no event loop should wait for."""
        return self._inside is not None and holds_file(request.body, UNREADABLE)

    def label(self, request: Request) -> Labelled:
        """Scan every key, string and number of the body, and the files in it. Never raises for content."""
        walk = Walk(reads_files=self._inside is not None)
        walk.body(request.body)
        labelling = _Labelling(walk, self._detector, self._scans)
        scope = f"{request.principal.user}/{request.principal.key}"
        labelling.scan(scope)
        files: list[Inner] = []
        if self._inside is not None:
            for trail, file in walk.files:
                path, inside = path_of(trail), self._inside.read(file, scope)
                labelling.add_file(path, inside)
                files.append(Inner(path[: -len(file.steps)], inside.kind, inside.said, inside.reason))
        if labelling.failed and self._failures is not None:
            self._failures.note(labelling.failed)
        passages = tuple(labelling.passages())
        languages = language.among(_wording(request.body, walk))
        return Labelled(request, passages, labelling.labels(passages, languages), tuple(files))


class _Labelling:
    """The work on one request."""

    def __init__(self, walk: Walk, detector: Detector, scans: Scans) -> None:
        self._leaves, self._unread = walk.leaves, walk.unread
        self._chains = [_Chain(members, walk.leaves) for members in walk.chains]
        self._detector, self._scans = detector, scans
        self._found: dict[int, list[Finding]] = {}
        self._files: list[tuple[Path, InsideFile]] = []
        self.failed: dict[str, str] = {}

    def scan(self, scope: str) -> None:
        """Find everything; short texts together in one pass."""
        short: list[int] = []
        for index, leaf in enumerate(self._leaves):
            if len(leaf.text) < LONG:
                short.append(index)
            else:
                self._scan_long(index, scope)
        windows = [window for number, chain in enumerate(self._chains) for window in chain.windows(number)]
        texts = [self._leaves[index].lead + self._leaves[index].text for index in short]
        texts.extend(self._chains[window.chain].text[window.start : window.end] for window in windows)
        for which, start, end, each in self._scan_joined(texts):
            if which < len(short):
                self._keep(short[which], start, end, each)
            else:
                self._keep_across(windows[which - len(short)], start, end, each)

    def add_file(self, path: Path, file: InsideFile) -> None:
        """Take in what one file holds; nothing in it can be replaced."""
        if file.reason:
            known = worded(f"the {file.kind} cannot be read: {file.reason}")
            nameless = worded(
                f"the file cannot be read: {file.reason}"
            )  # the same words, which a translation knows as a whole
            self._unread[nameless if file.kind == "file" else known] = None
        self.failed |= file.failed
        if file.findings:
            self._files.append((path, file))

    def _scan_long(self, index: int, scope: str) -> None:
        text = self._leaves[index].text
        key = self._scans.key(scope, text)
        scan = self._scans.get(key)
        if scan is None:
            report = self._detector.report(text)
            scan = (tuple(report.findings), report.unread)
            self.failed |= report.failed
            if not report.failed:
                self._scans.put(key, scan)
        if scan[1]:
            self._unread[_BINARY] = None
        if scan[0]:
            self._found[index] = list(scan[0])

    def _scan_joined(self, texts: list[str]) -> Iterator[tuple[int, int, int, Finding]]:
        """(index of the text, start and end in it, the finding in the joined text)."""
        joined = SEPARATOR.join(texts)
        if joined.count(SEPARATOR) >= len(texts):
            joined = SEPARATOR.join(text.replace(SEPARATOR, _DELETED) for text in texts)
        report = self._detector.report(joined, separator=SEPARATOR)
        self.failed |= report.failed
        if report.unread:
            self._unread[_BINARY] = None
        if not report.findings:
            return
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        for each in report.findings:
            which = bisect_right(starts, each.start) - 1
            yield which, each.start - starts[which], min(each.end - starts[which], len(texts[which])), each

    def _keep(self, index: int, start: int, end: int, each: Finding) -> None:
        leaf = self._leaves[index]
        start, end = max(0, start - len(leaf.lead)), end - len(leaf.lead)
        if end <= start or (leaf.parameter and each.score < 1.0):
            return
        found = Finding(start, end, each.kind, each.score, leaf.text[start:end])
        self._found.setdefault(index, []).append(found)

    def _keep_across(self, window: _Window, start: int, end: int, each: Finding) -> None:
        chain = self._chains[window.chain]
        start, end = start + window.start, end + window.start
        if chain.crosses(start, end):
            chain.found.append(Finding(start, end, each.kind, each.score, chain.text[start:end]))

    def passages(self) -> Iterator[Passage]:
        """Texts with findings, in document order; parts that share a finding are one passage."""
        shared = {chain.members[0]: chain for chain in self._chains if chain.found}
        inside = {member for chain in shared.values() for member in chain.members}
        for index in sorted(self._found.keys() | shared.keys()):
            if index in shared:
                yield self._across(shared[index])
            elif index not in inside:
                leaf = self._leaves[index]
                piece = Piece(path_of(leaf.trail), 0, len(leaf.text), leaf.maskable)
                yield Passage(leaf.text, (piece,), tuple(self._found[index]))
        for path, file in self._files:
            yield Passage(file.text, (Piece(path, 0, len(file.text), maskable=False),), file.findings)

    def _across(self, chain: _Chain) -> Passage:
        found = list(chain.found)
        pieces = []
        for member, start in zip(chain.members, chain.starts, strict=False):
            leaf = self._leaves[member]
            pieces.append(Piece(path_of(leaf.trail), start, start + len(leaf.text), leaf.maskable))
            found.extend(
                Finding(start + each.start, start + each.end, each.kind, each.score, each.text)
                for each in self._found.get(member, ())
            )
        return Passage(chain.text, tuple(pieces), tuple(merge(chain.text, found)))

    def labels(self, passages: tuple[Passage, ...], languages: tuple[str, ...]) -> Labels:
        """The sum of it."""
        ran = self._detector.detectors
        counts: dict[Kind, int] = {}
        unmaskable: set[Kind] = set()
        for passage in passages:
            for each in passage.findings:
                if each.kind is not Kind.LOOKALIKE:
                    counts[each.kind] = counts.get(each.kind, 0) + 1
            if not all(piece.maskable for piece in passage.pieces):
                unmaskable.update(_stuck(passage))
        return Labels(
            counts=counts,
            sensitivity=sensitivity_of(frozenset(counts)),
            detectors=without(ran, self.failed) if self.failed else ran,
            complete=not self.failed,
            failed=self.failed,
            unread=tuple(self._unread),
            unmaskable=frozenset(unmaskable),
            files=self._kinds_in_files(),
            languages=languages,
        )

    def _kinds_in_files(self) -> dict[str, frozenset[Kind]]:
        inside: dict[str, frozenset[Kind]] = {}
        for _, file in self._files:
            kinds = frozenset(each.kind for each in file.findings) - {Kind.LOOKALIKE}
            if kinds:
                inside[file.kind] = inside.get(file.kind, frozenset()) | kinds
        return inside


def _wording(body: Json, walk: Walk) -> list[str]:
    """What a person asks with: the last turn, else the plain prompt, else whatever comes first."""
    if walk.said:
        return walk.said
    plain = body.get("input") or body.get("prompt")
    return [plain] if isinstance(plain, str) else [leaf.text for leaf in walk.leaves[:_FIRST]]


def _stuck(passage: Passage) -> Iterator[Kind]:
    """Kinds found in pieces that cannot be masked."""
    for piece in passage.pieces:
        if not piece.maskable:
            for each in passage.findings:
                if each.kind is not Kind.LOOKALIKE and each.start < piece.end and each.end > piece.start:
                    yield each.kind
