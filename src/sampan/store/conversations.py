"""Conversations of the web app, in the encrypted database."""

import time
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sampan.contract.chat import Attachment, Conversation, Message, State
from sampan.contract.errors import NotFound
from sampan.contract.ids import new_id
from sampan.store.device import Device

_ASKED = """SELECT asked.text FROM messages AS answer JOIN messages AS asked ON asked.id = answer.parent
  JOIN conversations ON conversations.id = answer.conversation WHERE answer.receipt = ? AND conversations."user" = ?"""
Row = tuple[Any, ...]
_LISTED = """SELECT id, title, created, updated, leaf, draft FROM conversations
  WHERE "user" = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY updated DESC, id LIMIT ? OFFSET ?"""
_ALL = """SELECT id, title, created, updated, leaf, draft FROM conversations
  WHERE "user" = ? ORDER BY updated DESC, id LIMIT ? OFFSET ?"""
_SAYING = """SELECT id FROM conversations WHERE "user" = ?1 AND (instr(folded, ?2)
  OR id IN (SELECT conversation FROM messages WHERE instr(messages.folded, ?2)))"""
_ONE = 'SELECT id, title, created, updated, leaf, draft FROM conversations WHERE id = ? AND "user" = ?'
_MESSAGES = """SELECT id, parent, role, text, at, state, receipt, facts FROM messages
  WHERE conversation = ? ORDER BY at, rowid"""
_MESSAGE = "SELECT conversation, id, parent, role, text, at, state, receipt, facts FROM messages WHERE id = ?"
_UNSEND = "DELETE FROM sent WHERE receipt IN (SELECT receipt FROM messages WHERE conversation = ? AND receipt <> '')"
_TITLE = 60


class KeptConversations:
    """Implements `contract.chat.Conversations`."""

    def __init__(self, device: Device, script: Mapping[int, str] | None = None) -> None:
        """What a former process was answering when it ended is marked as interrupted.

        script: character -> the one it is searched as, so that Traditional finds Simplified.
        """
        self._device, self._script = device, script or {}
        with device.write() as connection:
            connection.execute("UPDATE messages SET state = ? WHERE state = ?", (State.INTERRUPTED, State.ANSWERING))

    def listed(self, user: str, search: str = "", limit: int = 50, skip: int = 0) -> list[Conversation]:
        """Every word of the search is in the title, or in some message of some branch."""
        words = self._fold(search).split()
        if not words:
            return [Conversation(*row) for row in self._device.read(_ALL, (user, limit, skip))]
        saying = [{row[0] for row in self._device.read(_SAYING, (user, word))} for word in words]
        found = msgspec.json.encode(sorted(set.intersection(*saying))).decode()
        return [Conversation(*row) for row in self._device.read(_LISTED, (user, found, limit, skip))]

    def one(self, user: str, conversation: str) -> Conversation:
        """Somebody else's is not there."""
        rows = self._device.read(_ONE, (conversation, user))
        if not rows:
            raise NotFound("There is no such conversation.")
        return Conversation(*rows[0])

    def messages(self, user: str, conversation: str) -> list[Message]:
        """By time, then as they were written down."""
        self.one(user, conversation)
        return [_message(row) for row in self._device.read(_MESSAGES, (conversation,))]

    def message(self, user: str, message: str) -> tuple[str, Message]:
        """Somebody else's is not there."""
        rows = self._device.read(_MESSAGE, (message,))
        if not rows:
            raise NotFound("There is no such message.")
        self.one(user, rows[0][0])
        return rows[0][0], _message(rows[0][1:])

    def asked_in(self, user: str, receipt: str) -> str:
        """What the answer with this receipt follows."""
        rows = self._device.read(_ASKED, (receipt, user)) if receipt else []
        return str(rows[0][0]) if rows else ""

    def begin(
        self, user: str, title: str = "", first: Message | None = None, files: Sequence[Attachment] = ()
    ) -> Conversation:
        """In one transaction."""
        now = time.time()
        made = Conversation(new_id("cnv"), title_of(title), now, now)
        row = (made.id, user, made.title, self._fold(made.title), now, now, "", "")
        with self._device.write() as connection:
            connection.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            if first is not None:
                self._put(connection, made.id, first, files)
        return made if first is None else msgspec.structs.replace(made, leaf=first.id, updated=first.at)

    def add(self, user: str, conversation: str, message: Message, files: Sequence[Attachment] = ()) -> None:
        """In one transaction."""
        self.one(user, conversation)
        with self._device.write() as connection:
            self._put(connection, conversation, message, files)

    def files(self, user: str, message: str) -> list[Attachment]:
        """As they were given."""
        self.message(user, message)
        sql = "SELECT name, kind, data FROM attachments WHERE message = ? ORDER BY n"
        return [Attachment(*row) for row in self._device.read(sql, (message,))]

    def change(self, user: str, message: Message) -> None:
        """What is searched changes with it."""
        self.message(user, message.id)
        row = (message.text, self._fold(message.text), message.state, message.receipt, _facts(message), message.id)
        with self._device.write() as connection:
            connection.execute(
                "UPDATE messages SET text = ?, folded = ?, state = ?, receipt = ?, facts = ? WHERE id = ?", row
            )

    def mark(self, user: str, conversation: str, *, leaf: str = "", draft: str | None = None, title: str = "") -> None:
        """A title is cut to its first line."""
        now = self.one(user, conversation)
        name = title_of(title) if title else now.title
        row = (leaf or now.leaf, now.draft if draft is None else draft, name, self._fold(name), conversation)
        with self._device.write() as connection:
            connection.execute("UPDATE conversations SET leaf = ?, draft = ?, title = ?, folded = ? WHERE id = ?", row)

    def delete(self, user: str, conversation: str) -> None:
        """Its stand-ins in the vault go too."""
        self.one(user, conversation)
        with self._device.write() as connection:
            connection.execute(_UNSEND, (conversation,))
            connection.execute("DELETE FROM conversations WHERE id = ?", (conversation,))
            connection.execute("DELETE FROM vault WHERE conversation = ?", (conversation,))

    def _put(self, connection: Any, conversation: str, message: Message, files: Sequence[Attachment]) -> None:
        row = (message.id, conversation, message.parent, message.role, message.text, self._fold(message.text), message.at,
               message.state, message.receipt, _facts(message))  # fmt: skip
        connection.execute("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        rows = [(message.id, n, file.name, file.kind, file.data) for n, file in enumerate(files)]
        connection.executemany("INSERT INTO attachments VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute(
            "UPDATE conversations SET leaf = ?, updated = ? WHERE id = ?", (message.id, message.at, conversation)
        )

    def _fold(self, text: str) -> str:
        """A text for searching: width, case and script do not matter."""
        return unicodedata.normalize("NFKC", text).casefold().translate(self._script)


def title_of(text: str) -> str:
    """The first line of a text, short enough for a list."""
    line = " ".join(text.strip().split("\n", 1)[0].split())
    return line if len(line) <= _TITLE else line[: _TITLE - 1].rstrip() + "…"


def _facts(message: Message) -> str:
    return msgspec.json.encode(message.facts).decode()


def _message(row: Row) -> Message:
    name, parent, role, text, at, state, receipt, facts = row
    return Message(name, parent, role, text, at, State(state), receipt, msgspec.json.decode(facts))
