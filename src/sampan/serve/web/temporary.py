"""Temporary chats: in memory only, gone when Sampan ends; kept conversations beside them."""

import time
from collections.abc import Sequence
from itertools import count

import msgspec

from sampan.contract.chat import Attachment, Conversation, Conversations, Message
from sampan.contract.errors import NotFound

PREFIX = "tmp_"
_MOST = 32


class _Chat:
    def __init__(self, user: str, conversation: Conversation) -> None:
        self.user, self.conversation = user, conversation
        self.messages: dict[str, Message] = {}
        self.files: dict[str, list[Attachment]] = {}


class WithTemporary:
    """Implements `contract.chat.Conversations`: those whose id starts with `tmp_` here, all others in the store."""

    def __init__(self, kept: Conversations) -> None:
        self._kept, self._chats, self._numbers = kept, dict[str, _Chat](), count(1)

    def begin_temporary(self, user: str) -> Conversation:
        """A conversation that nothing remembers; the oldest of many is let go."""
        made = Conversation(f"{PREFIX}{next(self._numbers)}", "", time.time(), time.time())
        self._chats[made.id] = _Chat(user, made)
        while len(self._chats) > _MOST:
            self._chats.pop(next(iter(self._chats)))
        return made

    def listed(self, user: str, search: str = "", limit: int = 50, skip: int = 0) -> list[Conversation]:
        """Kept ones only."""
        return self._kept.listed(user, search, limit, skip)

    def one(self, user: str, conversation: str) -> Conversation:
        """Of either kind."""
        chat = self._chat(user, conversation)
        return chat.conversation if chat else self._kept.one(user, conversation)

    def messages(self, user: str, conversation: str) -> list[Message]:
        """In the order in which they were added."""
        chat = self._chat(user, conversation)
        return list(chat.messages.values()) if chat else self._kept.messages(user, conversation)

    def message(self, user: str, message: str) -> tuple[str, Message]:
        """Of either kind."""
        for name, chat in list(self._chats.items()):  # read by other threads too
            if message in chat.messages and chat.user == user:
                return name, chat.messages[message]
        return self._kept.message(user, message)

    def asked_in(self, user: str, receipt: str) -> str:
        """Of kept ones only: a temporary chat tells nothing."""
        return self._kept.asked_in(user, receipt)

    def begin(
        self, user: str, title: str = "", first: Message | None = None, files: Sequence[Attachment] = ()
    ) -> Conversation:
        """A kept one; `begin_temporary` makes the others."""
        return self._kept.begin(user, title, first, files)

    def add(self, user: str, conversation: str, message: Message, files: Sequence[Attachment] = ()) -> None:
        """Of a temporary chat nothing is written down."""
        chat = self._chat(user, conversation)
        if chat is None:
            return self._kept.add(user, conversation, message, files)
        chat.messages[message.id], chat.files[message.id] = message, list(files)
        chat.conversation = msgspec.structs.replace(chat.conversation, leaf=message.id, updated=message.at)
        return None

    def files(self, user: str, message: str) -> list[Attachment]:
        """Of either kind."""
        chat = self._chat(user, self.message(user, message)[0])
        return chat.files[message] if chat else self._kept.files(user, message)

    def change(self, user: str, message: Message) -> None:
        """Of a temporary chat nothing is written down."""
        chat = self._chat(user, self.message(user, message.id)[0])
        if chat is None:
            return self._kept.change(user, message)
        chat.messages[message.id] = message
        return None

    def mark(self, user: str, conversation: str, *, leaf: str = "", draft: str | None = None, title: str = "") -> None:
        """A temporary chat has no title."""
        chat = self._chat(user, conversation)
        if chat is None:
            return self._kept.mark(user, conversation, leaf=leaf, draft=draft, title=title)
        now = chat.conversation
        chat.conversation = msgspec.structs.replace(
            now, leaf=leaf or now.leaf, draft=now.draft if draft is None else draft
        )
        return None

    def delete(self, user: str, conversation: str) -> None:
        """Of either kind."""
        if self._chat(user, conversation) is None:
            return self._kept.delete(user, conversation)
        del self._chats[conversation]
        return None

    def _chat(self, user: str, conversation: str) -> _Chat | None:
        if not conversation.startswith(PREFIX):
            return None
        chat = self._chats.get(conversation)
        if chat is None or chat.user != user:
            raise NotFound("There is no such conversation. A temporary one ends with Sampan.")
        return chat
