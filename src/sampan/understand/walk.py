"""A request body, any dialect, as leaves: every string, key and number that could hold somebody's data."""

import json
import math
from typing import Any

from sampan.contract.labels import Into
from sampan.understand.inline import Inline, inline_of, without
from sampan.understand.parts import DATA, LISTS, NUMBERS, STRUCTURE, TEXT, UNREADABLE, as_words, unread_reason
from sampan.understand.trail import Trail
from sampan.wording import worded

MAX_DEPTH = 100
MAX_LEAVES = 300_000
MAX_JSON_LEVELS = 4
MAX_JSON_TEXT = 8_000_000
_OPENS = frozenset("{[ \t\r\n")
_TYPED = frozenset({"user", "system", "developer"})
"""Roles whose messages a model reads as one text when they follow each other."""
_PERSON = "user"
_SMALL = 100_000
_LEAD = 256
"""Longer strings bring their own context; shorter ones get the name of their member as context."""

TOO_DEEP = worded("the request is nested too deeply to be read")
TOO_MANY = worded("the request has too many values to be read")
TOKENS = worded("token ids cannot be read")
TWICE = "a JSON text names a member twice"
HUGE = "a number is too long to be read"


class Leaf:
    """One text to scan. lead: context put before it for the scan. parameter: a well-known number."""

    __slots__ = ("lead", "maskable", "parameter", "text", "trail")

    def __init__(self, text: str, trail: Trail, lead: str, maskable: bool = True) -> None:
        self.text, self.trail, self.lead, self.maskable = text, trail, lead, maskable
        self.parameter = False


class _Twice(ValueError):
    """A JSON text names a member twice."""


class Walk:
    """The leaves of one body in document order.

    chains: indices of leaves that a model reads as one text. unread: reasons, each once.
    said: the texts of the last turn that a person wrote.
    files: what somebody else reads, and the way to it; without `reads_files` a file is a part that cannot be read.
    """

    def __init__(self, *, reads_files: bool = False) -> None:
        self.leaves: list[Leaf] = []
        self.files: list[tuple[Trail | None, Inline]] = []
        self._reads_files = reads_files
        self.chains: list[list[int]] = []
        self.unread: dict[str, None] = {}
        self._chain: list[int] = []
        self.said: list[str] = []
        self._role = ""
        self._levels = 0

    def body(self, body: dict[str, Any]) -> None:
        """Walk a whole body. Its model is no text: a provider puts the name that its endpoint knows in its place."""
        self._object(body, None, 0, data=False, skip="model")
        self._cut()

    def _cut(self) -> None:
        if len(self._chain) > 1:
            self.chains.append(self._chain)
        self._chain = []

    def _value(self, value: Any, trail: Trail, key: str, depth: int, data: bool) -> None:
        kind = type(value)
        if kind is str:
            self._string(value, trail, key, depth)
        elif kind is dict:
            self._object(value, trail, depth + 1, data=data)
        elif kind is list:
            self._list(value, trail, key, depth + 1, data)
        elif kind is int or kind is float:
            self._number(value, trail, key)

    def _enter(self, depth: int) -> bool:
        if depth > MAX_DEPTH:
            self.unread[TOO_DEEP] = None
            return False
        if len(self.leaves) > MAX_LEAVES:
            self.unread[TOO_MANY] = None
            return False
        return True

    def _object(self, value: dict[str, Any], trail: Trail | None, depth: int, *, data: bool, skip: str = "") -> None:
        if not self._enter(depth):
            return
        if not data and (kind := value.get("type")) is not None and isinstance(kind, str) and kind in UNREADABLE:
            value = self._file(value, trail)
        for name, member in value.items():
            here = Trail(trail, name)
            if name not in STRUCTURE:
                self._add(Leaf(name, Trail(here, Into.KEY), ""))
            if name != skip:
                below = data or name in DATA or (name == "input" and type(member) is dict)
                self._value(member, here, name, depth, below)

    def _file(self, part: dict[str, Any], trail: Trail | None) -> dict[str, Any]:
        """A part that holds a file: what is left of it to read as text."""
        file = inline_of(part) if self._reads_files else None
        if file is None:
            self._cannot_read(unread_reason(part))
            return part
        way = trail
        for step in file.steps:
            way = Trail(way, step)
        self.files.append((way, file))
        return without(part, file.steps)

    def _list(self, items: list[Any], trail: Trail, key: str, depth: int, data: bool) -> None:
        if not self._enter(depth):
            return
        parts = not data and key in LISTS
        for index, item in enumerate(items):
            here = Trail(trail, index)
            if parts and type(item) is dict:
                self._part(item, here, depth)
            elif parts and type(item) is int:
                self._cannot_read(TOKENS)
                return
            else:
                self._value(item, here, key, depth, data)

    def _part(self, part: dict[str, Any], trail: Trail, depth: int) -> None:
        """A message, or one part of a message's content."""
        role = part.get("role")
        if isinstance(role, str):
            self._message(part, trail, depth, role)
            return
        kind = part.get("type")
        if not isinstance(kind, str) or kind not in UNREADABLE:
            self._cannot_read(unread_reason(part))
        text = part.get("text")
        if isinstance(text, str) and isinstance(kind, str) and kind in TEXT:
            self._object(part, trail, depth + 1, data=False, skip="text")
            self._chained(text, Trail(trail, "text"), depth)
            return
        self._cut()
        before = len(self.said)
        self._object(part, trail, depth + 1, data=False)
        del self.said[before:]
        self._cut()

    def _message(self, message: dict[str, Any], trail: Trail, depth: int, role: str) -> None:
        if role not in _TYPED or self._role not in _TYPED:
            self._cut()
        before = self.said
        self.said = before.copy() if role == self._role == _PERSON else []
        self._role = role
        content = message.get("content")
        if isinstance(content, str):
            self._object(message, trail, depth + 1, data=False, skip="content")
            self._chained(content, Trail(trail, "content"), depth)
        else:
            self._object(message, trail, depth + 1, data=False)
        self.said = self.said or before

    def _chained(self, text: str, trail: Trail, depth: int) -> None:
        if not text:
            return
        if self._role == _PERSON:
            self.said.append(text)
        before = len(self.leaves)
        self._string(text, trail, "", depth, chained=True)
        if len(self.leaves) == before + 1 and self.leaves[before].trail is trail:
            self._chain.append(before)
        else:
            self._cut()

    def _cannot_read(self, reason: str) -> None:
        if reason:
            self.unread[reason] = None

    def _add(self, leaf: Leaf) -> None:
        if leaf.text:
            self.leaves.append(leaf)

    def _string(self, text: str, trail: Trail, key: str, depth: int, chained: bool = False) -> None:
        if not chained and text in STRUCTURE:
            return
        if text and text[0] in _OPENS and self._as_json(text, trail, key, depth):
            return
        lead = f"{as_words(key)}: " if key and len(text) <= _LEAD and key not in STRUCTURE else ""
        data_url = text[:5].lower() == "data:"
        self._add(Leaf(text, trail, lead, maskable=not data_url))

    def _as_json(self, text: str, trail: Trail, key: str, depth: int) -> bool:
        """Walk inside when the string is a JSON object or array; False when it is a plain string."""
        if text.rstrip()[-1:] not in {"}", "]"} or text.lstrip()[:1] not in {"{", "["}:
            return False
        if len(text) > MAX_JSON_TEXT or self._levels >= MAX_JSON_LEVELS:
            self.unread[TOO_DEEP] = None
            return False
        try:
            value = json.loads(text, object_pairs_hook=_members)
        except _Twice:
            self.unread[TWICE] = None
            return False
        except RecursionError:
            self.unread[TOO_DEEP] = None
            return False
        except ValueError:
            return False
        self._levels += 1
        self._value(value, Trail(trail, Into.JSON), key, depth, data=True)
        self._levels -= 1
        return True

    def _number(self, value: Any, trail: Trail, key: str) -> None:
        size = abs(value)
        if size < _SMALL or (isinstance(size, float) and not math.isfinite(size)):
            return
        if isinstance(size, int) and size.bit_length() > 4096:
            self.unread[HUGE] = None
            return
        text = str(int(size)) if size < 1e19 and size == int(size) else str(size)
        leaf = Leaf(text, trail, f"{as_words(key)}: " if key else "", maskable=False)
        leaf.parameter = key in NUMBERS
        self.leaves.append(leaf)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Twice
    return members
