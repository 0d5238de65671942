"""The events of a streamed answer, one reader a dialect: which string grows which text, and when a text is at its end.

Sources: the streaming references of OpenAI Chat Completions, Completions and Responses, and of Anthropic Messages.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any

from sampan.contract.answer import Frame
from sampan.contract.request import Dialect, Json
from sampan.protect.channel import Channel, Mode, Way
from sampan.protect.whole import put_back


class Stream(ABC):
    """Restores frames in order of arrival. answer: how the texts of the answer are written."""

    def __init__(self, way: Way, answer: Mode) -> None:
        self._way, self._answer = way, answer
        self._channels: dict[Hashable, Channel] = {}
        self._last: dict[Hashable, Frame] = {}

    @abstractmethod
    def frame(self, frame: Frame) -> list[Frame]:
        """Restore one frame."""

    @abstractmethod
    def _grown(self, key: Any, frame: Frame, text: str) -> Frame:
        """A frame like `frame` that adds only `text` to a channel."""

    def finish(self) -> list[Frame]:
        """Give out what is still held back."""
        return self._flushed(list(self._channels))

    def _push(self, key: Hashable, frame: Frame, text: str, mode: Mode) -> str:
        channel = self._channels.get(key)
        if channel is None:
            channel = self._channels[key] = Channel(self._way, mode)
        new = channel.push(text)
        if channel.held:
            self._last[key] = frame
        return new

    def _flushed(self, keys: list[Hashable]) -> list[Frame]:
        """Frames with what these channels held back; the channels are done."""
        frames: list[Frame] = []
        for key in keys:
            channel = self._channels.pop(key, None)
            text = channel.flush() if channel is not None and channel.held else ""
            if text:
                frames.append(self._grown(key, self._last[key], text))
        return frames

    def _whole(self, frame: Frame) -> Frame:
        data = put_back(self._way, frame.data, answer=self._answer)
        return frame if data is frame.data else Frame(data, frame.event)


class ChatStream(Stream):
    """`chat.completion.chunk`: every string of a delta grows the text of that name of its choice."""

    def frame(self, frame: Frame) -> list[Frame]:
        """Restore one chunk."""
        choices = frame.data.get("choices")
        if not isinstance(choices, list) or not choices:
            return [self._whole(frame)]
        closed: list[Frame] = []
        new: list[Any] = []
        same = True
        for choice in choices:
            now = self._choice(choice, frame, closed) if isinstance(choice, dict) else choice
            same = same and now is choice
            new.append(now)
        return [*closed, frame if same else Frame({**frame.data, "choices": new}, frame.event)]

    def _choice(self, choice: Json, frame: Frame, closed: list[Frame]) -> Json:
        index, delta = choice.get("index", 0), choice.get("delta")
        new = choice
        if isinstance(delta, dict):
            grown = self._delta(delta, index, frame)
            new = choice if grown is delta else {**choice, "delta": grown}
        if choice.get("finish_reason") is not None:
            ended = self._flushed([key for key in self._channels if isinstance(key, tuple) and key[0] == index])
            closed.extend(ended)
            if ended and new.get("delta"):
                # its own text comes before what was held back of it
                closed.insert(len(closed) - len(ended), _chunk(frame, {**new, "finish_reason": None}))
                new = {**new, "delta": {}}
        return new

    def _delta(self, delta: Json, index: int, frame: Frame) -> Json:
        new = delta
        for name, member in delta.items():
            grown = self._member(name, member, index, frame)
            if grown is not member:
                new = {**new, name: grown}
        return new

    def _member(self, name: str, member: Any, index: int, frame: Frame) -> Any:
        if isinstance(member, str):
            mode = self._answer if name == "content" else Mode.TEXT
            return member if name == "role" else self._push((index, name), frame, member, mode)
        if name == "tool_calls" and isinstance(member, list):
            calls = [self._call(call, (index, name), frame) if isinstance(call, dict) else call for call in member]
            return member if all(new is old for new, old in zip(calls, member, strict=True)) else calls
        if name == "function_call" and isinstance(member, dict):
            return self._arguments(self._named(member), "arguments", (index, name, 0), frame)
        return put_back(self._way, member, answer=self._answer)

    def _call(self, call: Json, place: tuple[int, str], frame: Frame) -> Json:
        key = (*place, call.get("index", 0))
        for member, text in (("function", "arguments"), ("custom", "input")):
            inner = call.get(member)
            if isinstance(inner, dict):
                new = self._arguments(self._named(inner), text, key, frame)
                call = call if new is inner else {**call, member: new}
        return call

    def _arguments(self, inner: Json, text: str, key: tuple[int, str, int], frame: Frame) -> Json:
        piece = inner.get(text)
        if not isinstance(piece, str):
            return inner
        mode = Mode.ARGUMENTS if text == "arguments" else Mode.ARGUMENT
        new = self._push((*key, text), frame, piece, mode)
        return inner if new is piece else {**inner, text: new}

    def _named(self, inner: Json) -> Json:
        """The call's name comes whole, and may be one that the caller's tool has."""
        name = inner.get("name")
        new = put_back(self._way, name, answer=self._answer)
        return inner if new is name else {**inner, "name": new}

    def _grown(self, key: Any, frame: Frame, text: str) -> Frame:
        index, name = key[0], key[1]
        if name == "tool_calls":
            holder = "function" if key[3] == "arguments" else "custom"
            delta: Json = {name: [{"index": key[2], holder: {key[3]: text}}]}
        elif name == "function_call":
            delta = {name: {"arguments": text}}
        else:
            delta = {name: text}
        return _chunk(frame, {"index": index, "delta": delta, "finish_reason": None})


def _chunk(frame: Frame, choice: Json) -> Frame:
    rest = {name: member for name, member in frame.data.items() if name not in ("choices", "usage")}
    return Frame({**rest, "choices": [choice]}, frame.event)


class TextStream(Stream):
    """`text_completion` chunks."""

    def frame(self, frame: Frame) -> list[Frame]:
        """Restore one chunk."""
        choices = frame.data.get("choices")
        if not isinstance(choices, list) or not choices:
            return [self._whole(frame)]
        new = []
        for choice in choices:
            index, text = choice.get("index", 0), choice.get("text")
            grown = self._push(index, frame, text, self._answer) if isinstance(text, str) else text
            if choice.get("finish_reason") is not None and index in self._channels:
                grown = (grown or "") + self._channels.pop(index).flush()
            new.append({**choice, "text": grown})
        return [Frame({**frame.data, "choices": new}, frame.event)]

    def _grown(self, key: Any, frame: Frame, text: str) -> Frame:
        return _chunk(frame, {"index": key, "text": text, "logprobs": None, "finish_reason": None})


_MESSAGE_DELTAS = {
    "text_delta": ("text", Mode.TEXT),
    "thinking_delta": ("thinking", Mode.TEXT),
    "input_json_delta": ("partial_json", Mode.ARGUMENTS),
}


class MessageStream(Stream):
    """Anthropic's events: a content block is a text of its own."""

    def frame(self, frame: Frame) -> list[Frame]:
        """Restore one event."""
        kind, index = frame.data.get("type"), frame.data.get("index")
        if kind == "content_block_delta":
            return [self._delta(frame, index)]
        if kind == "content_block_start":
            return [self._start(frame, index)]
        if kind in ("content_block_stop", "message_delta", "message_stop"):
            keys = [key for key in self._channels if kind != "content_block_stop" or key == index]
            return [*self._flushed(keys), self._whole(frame)]
        return [self._whole(frame)]

    def _start(self, frame: Frame, index: Any) -> Frame:
        """A block that begins with some of its text already."""
        block = frame.data.get("content_block")
        name = block.get("type") if isinstance(block, dict) else None
        if not isinstance(block, dict) or name not in ("text", "thinking") or not isinstance(block.get(name), str):
            return self._whole(frame)
        like = Frame(
            {"type": "content_block_delta", "index": index, "delta": {"type": f"{name}_delta"}}, "content_block_delta"
        )
        new = self._push(index, like, block[name], self._answer if name == "text" else Mode.TEXT)
        return (
            frame if new is block[name] else Frame({**frame.data, "content_block": {**block, name: new}}, frame.event)
        )

    def _delta(self, frame: Frame, index: Any) -> Frame:
        delta = frame.data.get("delta")
        known = _MESSAGE_DELTAS.get(delta.get("type", "")) if isinstance(delta, dict) else None
        text = delta.get(known[0]) if known is not None and isinstance(delta, dict) else None
        if known is None or not isinstance(delta, dict) or not isinstance(text, str):
            return self._whole(frame)
        member, mode = known
        new = self._push(index, frame, text, self._answer if member == "text" else mode)
        return frame if new is text else _with_delta(frame, {**delta, member: new})

    def _grown(self, key: Any, frame: Frame, text: str) -> Frame:  # noqa: ARG002 - the event says its own place
        delta = frame.data["delta"]
        return _with_delta(frame, {**delta, _MESSAGE_DELTAS[delta["type"]][0]: text})


def _with_delta(frame: Frame, delta: Json) -> Frame:
    return Frame({**frame.data, "delta": delta}, frame.event)


class ResponseStream(Stream):
    """The Responses API's events: `….delta` grows a text, the `….done` of the same name ends it."""

    def __init__(self, way: Way, answer: Mode) -> None:
        super().__init__(way, answer)
        self._added = 0

    def frame(self, frame: Frame) -> list[Frame]:
        """Restore one event; when events were added, the numbers of those behind them move on."""
        kind = str(frame.data.get("type", ""))
        base, _, end = kind.rpartition(".")
        if end == "delta" and isinstance(frame.data.get("delta"), str):
            key = (base, *(frame.data.get(name) for name in _PLACE))
            new = self._push(key, frame, frame.data["delta"], self._mode(base))
            same = new is frame.data["delta"]
            return [self._numbered(frame if same else Frame({**frame.data, "delta": new}, frame.event))]
        closed = self._flushed(self._ending(base, end, frame.data))
        before = self._added
        self._added += len(closed)
        numbered = [self._numbered(each, before + at, frame) for at, each in enumerate(closed)]
        return [*numbered, self._numbered(self._again(frame))]

    def _again(self, frame: Frame) -> Frame:
        """An event that says once more what deltas have said: its values do not count twice."""
        counts = self._way.restored
        before = dict(counts)
        new = self._whole(frame)
        for name in counts:
            earlier = before.get(name, 0)
            counts[name] = max(earlier, counts[name] - earlier)
        return new

    def _ending(self, base: str, end: str, data: Json) -> list[Hashable]:
        if base == "response" and end in ("completed", "incomplete", "failed"):
            return list(self._channels)
        if end != "done":
            return []
        place = (base, *(data.get(name) for name in _PLACE))
        return [key for key in self._channels if key == place]

    def _mode(self, base: str) -> Mode:
        if base.endswith("call_arguments"):
            return Mode.ARGUMENTS
        if base.endswith("call_input"):
            return Mode.ARGUMENT
        return self._answer if base.endswith("output_text") else Mode.TEXT

    def _numbered(self, frame: Frame, added: int | None = None, like: Frame | None = None) -> Frame:
        shift = self._added if added is None else added
        number = (like or frame).data.get("sequence_number")
        if not isinstance(number, int) or (not shift and like is None):
            return frame
        return Frame({**frame.data, "sequence_number": number + shift}, frame.event)

    def _grown(self, key: Any, frame: Frame, text: str) -> Frame:  # noqa: ARG002 - the event says its own place
        return Frame({**frame.data, "delta": text}, frame.event)


_PLACE = ("item_id", "output_index", "content_index", "summary_index")

STREAMS: dict[Dialect, type[Stream]] = {
    Dialect.CHAT: ChatStream,
    Dialect.COMPLETIONS: TextStream,
    Dialect.MESSAGES: MessageStream,
    Dialect.RESPONSES: ResponseStream,
}
