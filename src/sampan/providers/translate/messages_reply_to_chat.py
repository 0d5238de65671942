"""Anthropic messages as chat-completions answers.

Format: `openai.types.chat.ChatCompletion` and `ChatCompletionChunk` of openai 3.57; `reasoning_content` as
DeepSeek, vLLM and llama.cpp write it.
"""

import time
from typing import Any

import orjson

from sampan.contract.answer import Frame
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.contract.ids import new_id
from sampan.contract.request import Json
from sampan.providers.translate.ends import STOP_TO_FINISH, Tokens
from sampan.providers.translate.shape import said_object, said_objects, said_text


def arguments_of(value: Any) -> str:
    """`tool_use.input` as arguments text; the counterpart of `tool_input`."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("_raw"), str):
        return str(value["_raw"])
    return orjson.dumps(value if isinstance(value, dict) else {}).decode()


class MessagesToChat:
    """Writes one chat completion. request: the caller's (or the hop's) chat request."""

    def __init__(self, request: Json) -> None:
        self._tokens = Tokens()
        self._id, self._created, self._model = new_id("chatcmpl"), int(time.time()), ""
        options = request.get("stream_options")
        self._counted = isinstance(options, dict) and bool(options.get("include_usage"))
        self._tools = 0
        self._open: Json = {}  # the block being streamed
        self._grew = False
        self._stopped = False

    def frame(self, frame: Frame) -> list[Frame]:
        """Take one event.

        Raises:
            UpstreamDown: it is an `error` event.
        """
        data = frame.data
        self._tokens.read(data)
        match data.get("type"):
            case "message_start":
                self._model = said_text(said_object(data.get("message")).get("model"))
                return [self._chunk({"role": "assistant", "content": ""})]
            case "content_block_start":
                return self._block_start(said_object(data.get("content_block")))
            case "content_block_delta":
                return self._block_delta(said_object(data.get("delta")))
            case "content_block_stop":
                return self._block_stop()
            case "message_delta":
                return self._end(said_object(data.get("delta")))
            case "error":
                raise UpstreamDown("The model's endpoint reported an error in the middle of its answer.", upstream=data)
        return []

    def finish(self) -> list[Frame]:
        """The usage chunk, if the request asked for it.

        Raises:
            StreamCut: the message had not ended.
        """
        if not self._stopped:
            raise StreamCut("The model's stream ended in the middle of the answer.")
        if not self._counted:
            return []
        return [Frame(data={**self._base("chat.completion.chunk"), "choices": [], "usage": self._tokens.for_chat()})]

    def whole(self, body: Json) -> Json:
        """Translate a plain reply.

        Raises:
            UpstreamDown: it holds no answer.
        """
        if not isinstance(body.get("content"), list):
            raise UpstreamDown("The model's reply holds no answer.", upstream=body)
        self._tokens.read(body)
        self._model = said_text(body.get("model"))
        text, reasoning, calls = "", "", []
        for block in said_objects(body["content"]):
            match block.get("type"):
                case "text":
                    text += said_text(block.get("text"))
                case "thinking":
                    reasoning += said_text(block.get("thinking"))
                case "tool_use":
                    calls.append(_call(block))
        message: Json = {"role": "assistant", "content": text if text or not calls else None, "refusal": None}
        if reasoning:
            message["reasoning_content"] = reasoning
        if calls:
            message["tool_calls"] = calls
        if body.get("stop_reason") == "refusal":
            message["refusal"] = said_text(said_object(body.get("stop_details")).get("explanation")) or None
        finish = STOP_TO_FINISH.get(said_text(body.get("stop_reason")), "stop")
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
        return {**self._base("chat.completion"), "choices": [choice], "usage": self._tokens.for_chat()}

    def _base(self, kind: str) -> Json:
        return {"id": self._id, "object": kind, "created": self._created, "model": self._model}

    def _chunk(self, delta: Json, finish: str | None = None) -> Frame:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        data = {**self._base("chat.completion.chunk"), "choices": [choice]}
        if self._counted:
            data["usage"] = None
        return Frame(data=data)

    def _block_start(self, block: Json) -> list[Frame]:
        self._open, self._grew = block, False
        if block.get("type") == "tool_use":
            function = {"name": said_text(block.get("name")), "arguments": ""}
            call = {"index": self._tools, "id": said_text(block.get("id")), "type": "function", "function": function}
            self._tools += 1
            return [self._chunk({"tool_calls": [call]})]
        return self._block_delta(block)

    def _block_delta(self, delta: Json) -> list[Frame]:
        if partial := said_text(delta.get("partial_json")):
            return self._arguments(partial) if self._open.get("type") == "tool_use" else []
        if text := said_text(delta.get("text")):
            return [self._chunk({"content": text})]
        if thinking := said_text(delta.get("thinking")):
            return [self._chunk({"reasoning_content": thinking})]
        return []

    def _arguments(self, text: str) -> list[Frame]:
        self._grew = True
        return [self._chunk({"tool_calls": [{"index": self._tools - 1, "function": {"arguments": text}}]})]

    def _block_stop(self) -> list[Frame]:
        block, self._open = self._open, {}
        if block.get("type") != "tool_use" or self._grew:
            return []
        # A call without arguments, or one that came whole: clients parse what they have gathered.
        return self._arguments(arguments_of(block.get("input")))

    def _end(self, delta: Json) -> list[Frame]:
        reason = said_text(delta.get("stop_reason"))
        if not reason:
            return []
        self._stopped = True
        frames = []
        explanation = said_text(said_object(delta.get("stop_details")).get("explanation"))
        if reason == "refusal" and explanation:
            frames.append(self._chunk({"refusal": explanation}))
        return [*frames, self._chunk({}, STOP_TO_FINISH.get(reason, "stop"))]


def _call(block: Json) -> Json:
    function = {"name": said_text(block.get("name")), "arguments": arguments_of(block.get("input"))}
    return {"id": said_text(block.get("id")), "type": "function", "function": function}
