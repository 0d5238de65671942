"""Chat-completions answers as Responses answers.

Format: `openai.types.responses.Response` and the `Response…Event` types of openai 3.57. Events count from 0.
"""

import time
from typing import Any

import orjson

from sampan.contract.answer import Frame
from sampan.contract.ids import new_id
from sampan.contract.request import Json
from sampan.providers.translate.chat_stream import FromChat, Part
from sampan.providers.translate.responses_to_chat import custom_tools, named_tools
from sampan.providers.translate.shape import copied, said_object

_ECHOED = (
    "instructions", "max_output_tokens", "metadata", "previous_response_id", "prompt_cache_key",
    "safety_identifier", "temperature", "top_p", "user",
)  # fmt: skip
_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}
_PREFIX = {"text": "msg", "refusal": "msg", "reasoning": "rs", "tool": "fc"}
# part kind -> (event stem, type of the content part, name of its text)
_CONTENT = {
    "text": ("response.output_text", "output_text", "text"),
    "refusal": ("response.refusal", "refusal", "refusal"),
    "reasoning": ("response.reasoning_text", "reasoning_text", "text"),
}


class ChatToResponses(FromChat):
    """Writes one response; each part of the answer is one output item. request: the caller's responses request."""

    def __init__(self, request: Json) -> None:
        super().__init__()
        self._request = request
        self._custom, self._named = custom_tools(request), named_tools(request)
        self._id, self._created = new_id("resp"), int(time.time())
        self._sequence = 0
        self._next = 0

    def begin(self) -> list[Frame]:
        """`response.created` and `response.in_progress`."""
        response = self._response("in_progress", [])
        return [self._event(name, response=response) for name in ("response.created", "response.in_progress")]

    def opened(self, part: Part) -> list[Frame]:
        """`response.output_item.added`, and for content `response.content_part.added`."""
        self._place(part)
        item = self._item(part, "", "in_progress")
        frames = [self._event("response.output_item.added", output_index=part.place, item=item)]
        if part.kind != "tool":
            frames.append(self._content(part, "response.content_part.added", part=_content_part(part.kind, "")))
        return frames

    def grown(self, part: Part, text: str) -> list[Frame]:
        """The delta event of the part's kind; free text of a custom tool comes whole at its end."""
        if part.kind == "tool":
            if part.name in self._custom:
                return []
            return [self._of(part, "response.function_call_arguments.delta", delta=text)]
        extra: Json = {"logprobs": []} if part.kind == "text" else {}
        return [self._content(part, f"{_CONTENT[part.kind][0]}.delta", delta=text, **extra)]

    def closed(self, part: Part) -> list[Frame]:
        """The `.done` events of the part, and `response.output_item.done`."""
        frames = self._done_tool(part) if part.kind == "tool" else self._done_content(part)
        item = self._item(part, part.text, "completed")
        return [*frames, self._event("response.output_item.done", output_index=part.place, item=item)]

    def ended(self) -> list[Frame]:
        """`response.completed`, or `response.incomplete` when the answer was cut short."""
        status = self._status()
        return [self._event(f"response.{status}", response=self._response(status, self.parts))]

    def reply(self, body: Json) -> Json:  # noqa: ARG002 - the parts say it all
        """The whole response."""
        for part in self.parts:
            self._place(part)
        return self._response(self._status(), self.parts)

    def _place(self, part: Part) -> None:
        custom = part.kind == "tool" and part.name in self._custom
        part.place, self._next = self._next, self._next + 1
        part.id = new_id("ctc" if custom else _PREFIX[part.kind])
        part.call = part.call or new_id("call")

    def _status(self) -> str:
        return "incomplete" if self.finish_reason in _INCOMPLETE else "completed"

    def _event(self, name: str, /, **members: Any) -> Frame:
        data = {"type": name, "sequence_number": self._sequence, **members}
        self._sequence += 1
        return Frame(data=data, event=name)

    def _of(self, part: Part, name: str, /, **members: Any) -> Frame:
        return self._event(name, item_id=part.id, output_index=part.place, **members)

    def _content(self, part: Part, name: str, /, **members: Any) -> Frame:
        return self._of(part, name, content_index=0, **members)

    def _done_content(self, part: Part) -> list[Frame]:
        stem, _, member = _CONTENT[part.kind]
        said: Json = {member: part.text} | ({"logprobs": []} if part.kind == "text" else {})
        whole = _content_part(part.kind, part.text)
        return [
            self._content(part, f"{stem}.done", **said),
            self._content(part, "response.content_part.done", part=whole),
        ]

    def _done_tool(self, part: Part) -> list[Frame]:
        if part.name not in self._custom:
            return [self._of(part, "response.function_call_arguments.done", arguments=_arguments(part.text))]
        text = free_text(part.text)
        delta = [self._of(part, "response.custom_tool_call_input.delta", delta=text)] if text else []
        return [*delta, self._of(part, "response.custom_tool_call_input.done", input=text)]

    def _item(self, part: Part, text: str, status: str) -> Json:
        if part.kind == "tool":
            return self._tool_item(part, text, status)
        content = [_content_part(part.kind, part.text)] if status != "in_progress" else []
        if part.kind == "reasoning":
            return {"id": part.id, "type": "reasoning", "summary": [], "content": content, "status": status}
        return {"id": part.id, "type": "message", "role": "assistant", "status": status, "content": content}

    def _tool_item(self, part: Part, text: str, status: str) -> Json:
        named = {"id": part.id, "call_id": part.call, "name": part.name, **self._named.get(part.name, {})}
        if part.name in self._custom:
            return {"type": "custom_tool_call", **named, "input": free_text(text)}
        # An open item has no arguments yet: clients append the deltas to what they find here.
        arguments = _arguments(text) if status != "in_progress" else ""
        return {"type": "function_call", **named, "arguments": arguments, "status": status}

    def _response(self, status: str, parts: list[Part]) -> Json:
        """The response object around these parts."""
        cut = status == "incomplete"
        items = [
            self._item(part, part.text, "incomplete" if cut and part is parts[-1] else "completed") for part in parts
        ]
        done = status != "in_progress"
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created,
            "status": status,
            "completed_at": int(time.time()) if status == "completed" else None,
            "background": False,
            "error": None,
            "incomplete_details": {"reason": _INCOMPLETE[self.finish_reason]} if cut else None,
            "model": self.model,
            "output": items,
            "store": False,
            "truncation": "disabled",
            "usage": self.tokens.for_responses() if done else None,
        } | _echo(self._request)


def free_text(arguments: str) -> str:
    """The text in the one argument of a custom tool; arguments of another shape are that text themselves."""
    try:
        value = orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return arguments
    return value["input"] if isinstance(value, dict) and isinstance(value.get("input"), str) else arguments


def _arguments(text: str) -> str:
    return text if text.strip() else "{}"


def _content_part(kind: str, text: str) -> Json:
    _, kind_out, member = _CONTENT[kind]
    extra: Json = {"annotations": [], "logprobs": []} if kind == "text" else {}
    return {"type": kind_out, member: text} | extra


def _echo(request: Json) -> Json:
    """What a response repeats of its request."""
    reasoning = said_object(request.get("reasoning"))
    parallel = request.get("parallel_tool_calls")
    return {
        **dict.fromkeys(_ECHOED),
        **copied(request, _ECHOED),
        "metadata": request.get("metadata") or {},
        "parallel_tool_calls": True if parallel is None else parallel,
        "reasoning": {"effort": reasoning.get("effort"), "summary": reasoning.get("summary")},
        "text": request.get("text") or {"format": {"type": "text"}},
        "tool_choice": request.get("tool_choice") or "auto",
        "tools": request.get("tools") or [],
    }
