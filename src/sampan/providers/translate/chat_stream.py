"""Reads a chat-completions answer, streamed or whole, as a run of parts. Both other dialects are written from it."""

from abc import ABC, abstractmethod
from typing import Any, Literal

import orjson

from sampan.contract.answer import Frame
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.contract.request import Json
from sampan.providers.translate.ends import Tokens
from sampan.providers.translate.shape import said_object, said_objects, said_text

PartKind = Literal["reasoning", "text", "refusal", "tool"]


class Part:
    """One part of an answer: a text, a refusal, the reasoning, or a tool call.

    place: its position in the answer, as the writer counts. call: the id of a tool call.
    """

    __slots__ = ("call", "id", "kind", "name", "open", "pieces", "place")

    def __init__(self, kind: PartKind, *, call: str = "", name: str = "") -> None:
        self.kind, self.call, self.name = kind, call, name
        self.pieces: list[str] = []
        self.id, self.place, self.open = "", -1, False

    @property
    def text(self) -> str:
        """Everything it holds so far."""
        return "".join(self.pieces)


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def first_choice(data: Json) -> Json:
    """The choice with index 0, empty when the chunk carries none.

    Raises:
        UpstreamDown: the chunk reports an error.
    """
    if data.get("error"):
        raise UpstreamDown("The model's endpoint reported an error in the middle of its answer.", upstream=data)
    for choice in said_objects(data.get("choices")):
        if choice.get("index", 0) == 0:
            return choice
    return {}


class FromChat(ABC):
    """A writer of another dialect, fed with chat chunks.

    Keeps parts in sequence: a part closes before the next opens, except a tool call whose arguments are not
    complete JSON yet (some endpoints interleave calls); what is still open closes at the end.
    """

    def __init__(self) -> None:
        self.tokens = Tokens()
        self.parts: list[Part] = []
        self.model = ""
        self.finish_reason = ""
        self.matched_stop = ""
        self._started = False
        self._tools: dict[int, Part] = {}

    @abstractmethod
    def begin(self) -> list[Frame]:
        """Events before the first part."""

    @abstractmethod
    def opened(self, part: Part) -> list[Frame]:
        """Events that open a part."""

    @abstractmethod
    def grown(self, part: Part, text: str) -> list[Frame]:
        """Events for more of an open part; `text` is not empty and already in `part.pieces`."""

    @abstractmethod
    def closed(self, part: Part) -> list[Frame]:
        """Events that close a part."""

    @abstractmethod
    def ended(self) -> list[Frame]:
        """Events after the last part."""

    @abstractmethod
    def reply(self, body: Json) -> Json:
        """The whole reply, from `self.parts`."""

    def frame(self, frame: Frame) -> list[Frame]:
        """Take one chunk."""
        data = frame.data
        self.tokens.read(data)
        choice = first_choice(data)
        self.model = self.model or said_text(data.get("model"))
        frames: list[Frame] = []
        if not self._started and (choice or data.get("choices") is not None):
            self._started = True
            frames += self.begin()
        delta = said_object(choice.get("delta"))
        frames += self._grow(
            "reasoning", said_text(delta.get("reasoning_content")) or said_text(delta.get("reasoning"))
        )
        frames += self._grow("text", said_text(delta.get("content")))
        frames += self._grow("refusal", said_text(delta.get("refusal")))
        for call in said_objects(delta.get("tool_calls")):
            frames += self._call(call)
        self._note_end(choice)
        return frames

    def finish(self) -> list[Frame]:
        """Close what is open.

        Raises:
            StreamCut: no reason for the end was given: the answer was cut.
        """
        if not self.finish_reason:
            raise StreamCut("The model's stream ended in the middle of the answer.")
        return [out for part in self.parts if part.open for out in self._close(part)] + self.ended()

    def whole(self, body: Json) -> Json:
        """Translate a plain reply.

        Raises:
            UpstreamDown: it holds no answer.
        """
        self.tokens.read(body)
        choice = first_choice(body)
        if not choice:
            raise UpstreamDown("The model's reply holds no answer.", upstream=body)
        self.model = said_text(body.get("model"))
        message = said_object(choice.get("message"))
        self._whole_part(
            "reasoning", said_text(message.get("reasoning_content")) or said_text(message.get("reasoning"))
        )
        self._whole_part("text", said_text(message.get("content")))
        self._whole_part("refusal", said_text(message.get("refusal")))
        for call in said_objects(message.get("tool_calls")):
            function = said_object(call.get("function"))
            part = Part("tool", call=said_text(call.get("id")), name=said_text(function.get("name")))
            part.pieces.append(_arguments(function.get("arguments")))
            self.parts.append(part)
        self._note_end(choice)
        self.finish_reason = self.finish_reason or "stop"
        return self.reply(body)

    def _whole_part(self, kind: PartKind, text: str) -> None:
        if text:
            part = Part(kind)
            part.pieces.append(text)
            self.parts.append(part)

    def _note_end(self, choice: Json) -> None:
        self.finish_reason = said_text(choice.get("finish_reason")) or self.finish_reason
        # vLLM names the stop string that matched.
        self.matched_stop = said_text(choice.get("stop_reason")) or self.matched_stop

    def _grow(self, kind: PartKind, text: str) -> list[Frame]:
        if not text:
            return []
        last = self.parts[-1] if self.parts else None
        if last is not None and last.kind == kind and last.open:
            last.pieces.append(text)
            return self.grown(last, text)
        part = Part(kind)
        return [*self._open(part), *self._more(part, text)]

    def _more(self, part: Part, text: str) -> list[Frame]:
        part.pieces.append(text)
        return self.grown(part, text)

    def _open(self, part: Part) -> list[Frame]:
        frames: list[Frame] = []
        for other in self.parts:
            if other.open and (other.kind != "tool" or _is_json(other.text)):
                frames += self._close(other)
        self.parts.append(part)
        part.open = True
        return frames + self.opened(part)

    def _close(self, part: Part) -> list[Frame]:
        part.open = False
        return self.closed(part)

    def _call(self, call: Json) -> list[Frame]:
        """One fragment of a tool call. It opens when its name is known; arguments before that wait."""
        function = said_object(call.get("function"))
        call_id, name = said_text(call.get("id")), said_text(function.get("name"))
        part = self._which(call.get("index"), call_id, name)
        part.call, part.name = part.call or call_id, part.name or name
        text = _arguments(function.get("arguments"))
        if part.open:
            return self._more(part, text) if text else []
        if part.place >= 0:
            return self._late(text)
        if not part.name:
            part.pieces.append(text)
            return []
        waiting, part.pieces = part.text + text, []
        return self._open(part) + (self._more(part, waiting) if waiting else [])

    def _which(self, index: Any, call_id: str, name: str) -> Part:
        """The call that a fragment belongs to. Some endpoints leave the index out, or count every call as 0."""
        new = bool(call_id or name)
        number = index if isinstance(index, int) else len(self._tools) - (0 if new else 1)
        part = self._tools.get(number)
        if part is None or (part.call and call_id and name and part.call != call_id):
            part = self._tools[number] = Part("tool")
        return part

    @staticmethod
    def _late(text: str) -> list[Frame]:
        if text.strip():
            raise UpstreamDown("The model's endpoint went on with a tool call that was already complete.")
        return []


def _arguments(value: Any) -> str:
    """Arguments as text; some endpoints send the object itself."""
    return orjson.dumps(value).decode() if isinstance(value, dict) else said_text(value)
