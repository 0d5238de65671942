"""What a model is told of stand-ins, before a person's own text: what they are, and what may be said of their values.

Before the first text in or after which there is something to tell, and not at the head of the request: what was sent stays the same bytes
when the conversation grows, so providers' prompt caches stay valid; and what the caller or the model's own template says to the
system stays as it is.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sampan.contract.labels import Finding, Kind, Passage, Path
from sampan.contract.request import Dialect, Json
from sampan.protect.hints import NONE, Hints
from sampan.protect.known import Known

_TURNS = {
    Dialect.CHAT: "messages",
    Dialect.MESSAGES: "messages",
    Dialect.COUNT_TOKENS: "messages",
    Dialect.RESPONSES: "input",
}
"""Dialect -> the member that holds the conversation."""
LINES = {
    "en": "[PERSON_1] is the full name of a person, [PHONE_1] is a phone number, and so on.",
    "zh": "[PERSON_1] 是一個人的姓名，[PHONE_1] 是一個電話號碼，如此類推。",
}
"""Language -> what is said of stand-ins: the same whatever is masked."""
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_LETTERS = 3
"""Latin letters that say as much as one Chinese character, roughly."""
_SHARE = 0.18
"""How much of a text has to be Chinese for a Chinese line: who mixes both writes to a model that reads both."""
_BEGINNING = 500
"""Characters of a text that say which language it is in."""
_FIRST = -1
"""The place of what stands before all turns: instructions, tools."""


def has_turns(dialect: Dialect) -> bool:
    """Whether a dialect tells a person's own texts from others, so that something can be put before one."""
    return dialect in _TURNS


class Manner(NamedTuple):
    """What models are told by the settings. guided: what stand-ins are. hints: something of their values."""

    guided: bool = False
    hints: Hints = NONE


SILENT = Manner()


class Telling:
    """Tells about one body. guided: something was said of stand-ins. counts: kind -> those of which more was told.

    Raises on construction:
        KeyError: the dialect has no turns.
    """

    __slots__ = ("_body", "_manner", "_member", "counts", "guided")

    def __init__(self, manner: Manner, dialect: Dialect, body: Json) -> None:
        self._manner, self._body, self._member = manner, body, _TURNS[dialect]
        self.guided = False
        self.counts: dict[str, int] = {}

    def before(self, passages: Sequence[Passage], kinds: frozenset[Kind], known: Known) -> dict[Path, str]:
        """Path of a text -> what to put before it. Every value has its stand-in by now."""
        manner, told = self._manner, dict[Path, str]()
        coming = deque(self._first(passages, kinds))
        waiting: dict[Kind, list[str]] = {}
        for turn, own in self._own() if manner.hints or manner.guided else ():
            while coming and coming[0][0] <= turn:
                _, kind, value = coming.popleft()
                waiting.setdefault(kind, []).append(value)
            said = self._said(waiting, own.text, known)
            if said:
                told[own.path] = f"{said}\n\n"
            if self.guided and not manner.hints:
                break
        return told

    def _said(self, waiting: dict[Kind, list[str]], text: str, known: Known) -> str:
        """What is told before a text."""
        language = _language(text)
        hints = list(self._hints(waiting, text, known, language))
        more = ("" if language == "zh" else " ").join(hints)
        if (not waiting and not hints) or self.guided or not self._manner.guided:
            return more
        self.guided = True
        return f"{LINES[language]} {more}".strip()

    def _hints(self, waiting: dict[Kind, list[str]], text: str, known: Known, language: str) -> Iterator[str]:
        """A sentence for each value of which more is told; such values wait no longer."""
        hints = self._manner.hints
        for kind in [kind for kind in waiting if hints.wanted(kind, text)]:
            for value in waiting.pop(kind):
                sentence = hints.sentence(kind, value, known.stand_in(kind, value), language)
                if sentence:
                    self.counts[kind.value] = self.counts.get(kind.value, 0) + 1
                    yield sentence

    def _first(self, passages: Sequence[Passage], kinds: frozenset[Kind]) -> list[tuple[int, Kind, str]]:
        """The turn in which each value first appears, with its kind and itself, in this order."""
        found: dict[tuple[Kind, str], int] = {}
        for passage in passages:
            for each in passage.findings:
                if each.kind in kinds:
                    at = self._turn(_path_of(each, passage))
                    found[each.kind, each.text] = min(at, found.get((each.kind, each.text), at))
        return sorted(((at, kind, value) for (kind, value), at in found.items()), key=itemgetter(0))

    def _own(self) -> Iterator[tuple[int, "_Own"]]:
        """Each turn of a person, and what they wrote in it."""
        turns = self._body.get(self._member)
        if isinstance(turns, str) and self._member == "input":
            yield 0, _Own((self._member,), turns)
        for turn, item in enumerate(turns if isinstance(turns, list) else ()):
            if isinstance(item, dict) and item.get("role") == "user":
                texts = list(_texts((self._member, turn, "content"), item.get("content")))
                if texts:
                    yield turn, _Own(texts[0][0], "\n".join(text for _, text in texts))

    def _turn(self, path: Path) -> int:
        """The number of the turn that a path leads into; an `input` that is a string is the first."""
        if path[0] != self._member:
            return _FIRST
        return path[1] if len(path) > 1 and isinstance(path[1], int) else 0


class _Own(NamedTuple):
    """All that a person wrote in one turn, and the path of the first text of it."""

    path: Path
    text: str


def _texts(path: Path, content: Any) -> Iterator[tuple[Path, str]]:
    """The texts of a turn's content, a string or a list of parts."""
    if isinstance(content, str) and content.strip():
        yield path, content
    for at, part in enumerate(content if isinstance(content, list) else ()):
        text = part.get("text") if isinstance(part, dict) else None
        if isinstance(text, str) and text.strip():
            yield (*path, at, "text"), text


def _path_of(each: Finding, passage: Passage) -> Path:
    """The path of the piece that a finding begins in."""
    pieces = passage.pieces
    if len(pieces) == 1:
        return pieces[0].path
    return next((piece.path for piece in pieces if piece.start <= each.start < piece.end), ("",))


def _language(text: str) -> str:
    """Chinese where the beginning of a text has some of it; a name in it is not enough."""
    if text.isascii():
        return "en"
    text = text[:_BEGINNING]
    chinese = len(_HAN.findall(text)) * _LETTERS
    return "zh" if chinese > _SHARE * (chinese + len(_LATIN.findall(text))) else "en"
