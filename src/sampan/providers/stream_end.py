"""How each dialect says that an answer is complete. A stream that ends without that was cut."""

from typing import Protocol

from sampan.contract.request import Dialect, Json

DONE = b"[DONE]"
"""OpenAI's last event of chat and completions streams."""
_RESPONSE_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})


class Watch(Protocol):
    """Looks at every event of one answer. finish: why it ended, in the vendor's word; empty until it is said."""

    finish: str

    def see(self, value: Json) -> bool:
        """Take one event; True when it is the last of the answer."""

    def closed(self) -> bool:
        """Whether a clean end of the connection now would be the end of the answer."""


class ChatWatch:
    """Chat and completions: `[DONE]`, or a clean end after every choice has a finish reason."""

    def __init__(self) -> None:
        self.finish = ""
        self._open: set[str] = set()

    def see(self, value: Json) -> bool:
        """Note which choices are open."""
        choices = value.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if not isinstance(choice, dict):
                continue
            index = str(choice.get("index", 0))
            if reason := choice.get("finish_reason"):
                self.finish = str(reason)
                self._open.discard(index)
            elif not self.finish or choice.get("delta") or choice.get("text"):
                self._open.add(index)
        return False

    def closed(self) -> bool:
        """Whether every choice has ended."""
        return bool(self.finish) and not self._open


class MessagesWatch:
    """Anthropic: `message_stop`."""

    def __init__(self) -> None:
        self.finish = ""

    def see(self, value: Json) -> bool:
        """Look for the stop reason and the end."""
        kind = value.get("type")
        if kind == "message_delta":
            delta = value.get("delta")
            self.finish = str(delta.get("stop_reason") or self.finish) if isinstance(delta, dict) else self.finish
        return kind == "message_stop"

    def closed(self) -> bool:
        """Never: only the event ends it."""
        return False


class ResponsesWatch:
    """Responses: completed, incomplete or failed."""

    def __init__(self) -> None:
        self.finish = ""

    def see(self, value: Json) -> bool:
        """Look for the end."""
        kind = value.get("type")
        if kind not in _RESPONSE_ENDS:
            return False
        self.finish = str(kind).removeprefix("response.")
        return True

    def closed(self) -> bool:
        """Never: only the event ends it."""
        return False


def watch(dialect: Dialect) -> Watch:
    """A new watch for one answer in a dialect."""
    if dialect is Dialect.MESSAGES:
        return MessagesWatch()
    return ResponsesWatch() if dialect is Dialect.RESPONSES else ChatWatch()


def finish_of(value: Json) -> str:
    """Why a whole reply ended, in the vendor's word; `stop` when it does not say."""
    choices = value.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return str(choices[0].get("finish_reason") or "stop")
    status = value.get("status") if value.get("object") == "response" else None
    return str(value.get("stop_reason") or status or "stop")
