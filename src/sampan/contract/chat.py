"""Conversations of the web app: a tree of messages, kept on this device."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from sampan.contract.request import Json

WEB_APP, TEMPORARY_APP = "sampan-web", "sampan-web-temporary"
"""What asks from the web app's chats, and from those of which nothing is kept. No program can call itself so."""
CLI_APP = "sampan-cli"
"""What asks from the command line, or says so."""


class State(StrEnum):
    """What became of a message."""

    COMPLETE = "complete"
    ANSWERING = "answering"
    STOPPED = "stopped"
    FAILED = "failed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"
    """The process ended in the middle of the answer."""


class Message(msgspec.Struct, frozen=True):
    """One message. parent: the message it follows, empty for the first; siblings share one.

    role: `user` or `assistant`. facts: what is told beside it (place, model, masked, rule, tokens, error …).
    at: seconds since the epoch.
    """

    id: str
    parent: str
    role: str
    text: str
    at: float
    state: State = State.COMPLETE
    receipt: str = ""
    facts: Json = {}


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes with a message. kind: its media type."""

    name: str
    kind: str
    data: bytes


class Conversation(msgspec.Struct, frozen=True):
    """One conversation. leaf: the newest message of the branch that is shown. draft: what was typed and not sent."""

    id: str
    title: str
    created: float
    updated: float
    leaf: str = ""
    draft: str = ""


class Conversations(Protocol):
    """Keeps conversations, each person's apart. Every method raises StorageFull where it writes and NotFound for what is not there."""

    def listed(self, user: str, search: str = "", limit: int = 50, skip: int = 0) -> list[Conversation]:
        """Newest first. search: words in any message or title; width, case and Traditional or Simplified do not matter."""

    def one(self, user: str, conversation: str) -> Conversation:
        """A conversation without its messages."""

    def messages(self, user: str, conversation: str) -> list[Message]:
        """Every message of every branch, oldest first."""

    def message(self, user: str, message: str) -> tuple[str, Message]:
        """One message and the id of its conversation."""

    def asked_in(self, user: str, receipt: str) -> str:
        """What the person wrote that a receipt is about; empty when no conversation holds it."""

    def begin(
        self, user: str, title: str = "", first: Message | None = None, files: Sequence[Attachment] = ()
    ) -> Conversation:
        """A new conversation, with its first message and that one's files if given: kept together, or nothing of them."""

    def add(self, user: str, conversation: str, message: Message, files: Sequence[Attachment] = ()) -> None:
        """Add a message with its files; it becomes the leaf."""

    def files(self, user: str, message: str) -> list[Attachment]:
        """The files of a message, in order."""

    def change(self, user: str, message: Message) -> None:
        """Write a message's text, state, receipt and facts anew."""

    def mark(self, user: str, conversation: str, *, leaf: str = "", draft: str | None = None, title: str = "") -> None:
        """Set what is given; the rest stays."""

    def delete(self, user: str, conversation: str) -> None:
        """Drop it with all its messages, and what its requests sent."""
