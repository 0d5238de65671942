"""The tree of a conversation: the branch that is shown, and what a model is sent of it."""

import base64
import time
from collections.abc import Callable, Sequence

from sampan.contract.chat import Attachment, Message, State
from sampan.contract.ids import new_id
from sampan.contract.request import Json

_SENT = frozenset({State.COMPLETE, State.STOPPED, State.INTERRUPTED})
"""States of answers that later questions may refer to."""


def said_by_user(parent: str, text: str, files: Sequence[Attachment] = ()) -> Message:
    """A new message of the person."""
    told = [{"name": file.name, "kind": file.kind, "size": len(file.data)} for file in files]
    return Message(new_id("msg"), parent, "user", text, time.time(), facts={"files": told} if told else {})


def branch(messages: Sequence[Message], leaf: str) -> list[Message]:
    """From the first message to `leaf`, and on to the newest below it."""
    by_id = {message.id: message for message in messages}
    found: list[Message] = []
    at = by_id.get(leaf) or (messages[-1] if messages else None)
    seen: set[str] = set()
    while at is not None and at.id not in seen:
        seen.add(at.id)
        found.append(at)
        at = by_id.get(at.parent)
    return found[::-1]


def history(
    messages: Sequence[Message], last: str, files: Callable[[str], Sequence[Attachment]] = lambda _: ()
) -> tuple[Json, ...]:
    """What a model is sent of the branch that ends in `last`, in the chat dialect. files: message id -> its files."""
    if not last:
        return ()
    sent = [m for m in branch(messages, last) if m.role == "user" or (m.state in _SENT and m.text)]
    return tuple(written(m.role, m.text, files(m.id) if m.facts.get("files") else ()) for m in sent)


def written(role: str, text: str, files: Sequence[Attachment] = ()) -> Json:
    """One message in the chat dialect, with its files as parts."""
    if not files:
        return {"role": role, "content": text}
    parts: list[Json] = [{"type": "text", "text": text}] if text else []
    for file in files:
        address = f"data:{file.kind};base64,{base64.b64encode(file.data).decode()}"
        if file.kind.startswith("image/"):
            parts.append({"type": "image_url", "image_url": {"url": address}})
        else:
            parts.append({"type": "file", "file": {"filename": file.name, "file_data": address}})
    return {"role": role, "content": parts}


class Siblings:
    """Which messages of a conversation follow the same one: found once, asked for each."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._below: dict[str, list[Message]] = {}
        for each in messages:
            self._below.setdefault(each.parent, []).append(each)

    def newest_below(self, message: str) -> str:
        """The leaf of the newest branch that goes through a message."""
        seen: set[str] = set()
        while message not in seen and (below := self._below.get(message)):
            seen.add(message)
            message = below[-1].id
        return message

    def place_of(self, message: Message) -> Json:
        """Where a message stands among its siblings: `{at, of, previous, next}`; at counts from 1."""
        siblings = [each for each in self._below.get(message.parent, ()) if each.role == message.role]
        at = next((n for n, each in enumerate(siblings) if each.id == message.id), 0)
        before, after = siblings[at - 1 : at] if at else [], siblings[at + 1 : at + 2]
        return {
            "at": at + 1,
            "of": len(siblings),
            "previous": self.newest_below(before[0].id) if before else "",
            "next": self.newest_below(after[0].id) if after else "",
            "newest": at + 1 == len(siblings),
        }
