"""Chat-completions answers as Anthropic messages.

Format: `anthropic.types.Message` and `RawMessageStreamEvent` of anthropic 2.13 (API version 2026-10-21).
"""

from typing import Any

import orjson

from sampan.contract.answer import Frame
from sampan.contract.ids import new_id
from sampan.contract.request import Json
from sampan.providers.translate.chat_stream import FromChat, Part
from sampan.providers.translate.ends import FINISH_TO_STOP
from sampan.providers.translate.shape import said_object


def tool_input(arguments: str) -> Json:
    """Arguments text as the object that `tool_use.input` has to be.

    What is not a JSON object is kept as `{"_raw": text}`: a model's slip must reach the caller, not vanish.
    """
    if not arguments.strip():
        return {}
    try:
        value: Any = orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return {"_raw": arguments}
    return value if isinstance(value, dict) else {"_raw": arguments}


class ChatToMessages(FromChat):
    """Writes one Anthropic message. request: the caller's messages request."""

    def __init__(self, request: Json) -> None:
        super().__init__()
        self._id = new_id("msg")
        stops = request.get("stop_sequences")
        self._stops = stops if isinstance(stops, list) else []
        self._silent = said_object(request.get("thinking")).get("type") == "disabled"
        self._next = 0

    def begin(self) -> list[Frame]:
        """`message_start`; the input tokens are not known yet."""
        return [_event({"type": "message_start", "message": self._message([], {"stop_reason": None})})]

    def opened(self, part: Part) -> list[Frame]:
        """`content_block_start`."""
        if self._hidden(part):
            return []
        part.place, self._next = self._next, self._next + 1
        part.call = part.call or new_id("toolu")
        return [_event({"type": "content_block_start", "index": part.place, "content_block": _empty(part)})]

    def grown(self, part: Part, text: str) -> list[Frame]:
        """`content_block_delta`."""
        if self._hidden(part):
            return []
        if part.kind == "tool":
            delta = {"type": "input_json_delta", "partial_json": text}
        elif part.kind == "reasoning":
            delta = {"type": "thinking_delta", "thinking": text}
        else:
            delta = {"type": "text_delta", "text": text}
        return [_event({"type": "content_block_delta", "index": part.place, "delta": delta})]

    def closed(self, part: Part) -> list[Frame]:
        """`content_block_stop`."""
        if self._hidden(part):
            return []
        return [_event({"type": "content_block_stop", "index": part.place})]

    def ended(self) -> list[Frame]:
        """`message_delta` with the stop reason and the usage, `message_stop`."""
        delta = {"type": "message_delta", "delta": self._stop(), "usage": self.tokens.for_messages()}
        return [_event(delta), _event({"type": "message_stop"})]

    def reply(self, body: Json) -> Json:  # noqa: ARG002 - the parts say it all
        """The whole message."""
        blocks = [_block(part) for part in self.parts if not self._hidden(part)]
        return self._message(blocks, self._stop())

    def _hidden(self, part: Part) -> bool:
        return part.kind == "reasoning" and self._silent

    def _message(self, content: list[Json], stop: Json) -> Json:
        return {
            "id": self._id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": content,
            "stop_reason": stop["stop_reason"],
            "stop_sequence": stop.get("stop_sequence"),
            "usage": self.tokens.for_messages(),
        }

    def _stop(self) -> Json:
        reason = FINISH_TO_STOP.get(self.finish_reason, "end_turn")
        kinds = {part.kind for part in self.parts}
        if reason == "end_turn" and "tool" in kinds:
            reason = "tool_use"  # some endpoints say `stop` after tool calls
        if reason == "end_turn" and "refusal" in kinds:
            reason = "refusal"
        if reason == "end_turn" and self.matched_stop in self._stops:
            return {"stop_reason": "stop_sequence", "stop_sequence": self.matched_stop}
        return {"stop_reason": reason, "stop_sequence": None}


def _event(data: Json) -> Frame:
    return Frame(data=data, event=data["type"])


def _empty(part: Part) -> Json:
    if part.kind == "tool":
        return {"type": "tool_use", "id": part.call, "name": part.name, "input": {}}
    if part.kind == "reasoning":
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "text", "text": ""}


def _block(part: Part) -> Json:
    if part.kind == "tool":
        input_ = tool_input(part.text)
        return {"type": "tool_use", "id": part.call or new_id("toolu"), "name": part.name, "input": input_}
    if part.kind == "reasoning":
        return {"type": "thinking", "thinking": part.text, "signature": ""}
    return {"type": "text", "text": part.text}
