"""Responses requests as chat-completions requests.

Formats: `openai.types.responses.response_create_params` and `openai.types.chat.completion_create_params` (3.57).
"""

from typing import Any

import orjson

from sampan.contract.errors import BadRequest
from sampan.contract.request import Json
from sampan.providers.translate.shape import (
    blocks,
    copied,
    not_offered_tool,
    object_of,
    objects,
    string,
    unknown_part,
)

_SAME = (
    "model", "temperature", "top_p", "stream", "parallel_tool_calls", "user", "safety_identifier",
    "prompt_cache_key",
)  # fmt: skip
_ROLES = ("user", "assistant", "system", "developer")
_LOOKING_UP = frozenset({"web_search", "web_search_preview"})
# A custom tool takes free text; as a function it takes the text as its one argument.
_FREE_TEXT = {
    "type": "object",
    "properties": {"input": {"type": "string"}},
    "required": ["input"],
    "additionalProperties": False,
}


def responses_to_chat(body: Json) -> Json:
    """Translate a request body. `previous_response_id` has to be resolved into `input` before.

    Raises:
        BadRequest: an item, tool or option has no counterpart, or is of the wrong type.
    """
    for name in ("background", "prompt"):
        if body.get(name):
            raise BadRequest(f"`{name}` is not offered with this model.", param=name)
    out = copied(body, _SAME)
    history = _History()
    if body.get("instructions"):
        history.messages.append({"role": "system", "content": string(body["instructions"], "instructions")})
    for item in _items(body.get("input")):
        history.add(item)
    history.close()
    out["messages"] = history.messages
    if body.get("stream"):
        out["stream_options"] = {"include_usage": True}
    if body.get("max_output_tokens"):
        out["max_tokens"] = body["max_output_tokens"]
    if effort := object_of(body.get("reasoning"), "reasoning").get("effort"):
        out["reasoning_effort"] = effort
    out |= _text(object_of(body.get("text"), "text")) | _tools(body)
    if "tools" not in out:
        out.pop("parallel_tool_calls", None)
    return out


def custom_tools(body: Json) -> set[str]:
    """Names of the tools that take free text; calls of theirs go back as `custom_tool_call`."""
    return {chat_name(tool, space) for tool, space in _each_tool(body) if tool.get("type") == "custom"}


def named_tools(body: Json) -> dict[str, Json]:
    """The name that a chat model hears, for each tool of a namespace -> `name` and `namespace` as the caller says them."""
    return {
        chat_name(tool, space): {"name": tool["name"], "namespace": space} for tool, space in _each_tool(body) if space
    }


def chat_name(tool: Json, space: Any) -> str:
    """What a chat model calls a tool, or a call names: chat knows no namespaces."""
    name = string(tool.get("name"), "tools")
    return f"{string(space, 'tools')}__{name}" if space else name


def _each_tool(body: Json) -> list[tuple[Json, str]]:
    """Every tool and its namespace, the empty one for most."""
    each: list[tuple[Json, str]] = []
    for tool in objects(body.get("tools"), "tools"):
        if tool.get("type") == "namespace":
            space = string(tool.get("name"), "tools")
            each += [(inner, space) for inner in objects(tool.get("tools"), "tools")]
        else:
            each.append((tool, ""))
    return each


def _items(given: Any) -> list[Json]:
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}]
    return objects(given, "input")


class _History:
    """Input items as chat messages. A chat model wants the results of calls right after the calls."""

    def __init__(self) -> None:
        self.messages: list[Json] = []
        self._carried: list[Json] = []  # images and files of results: only a user message can carry them

    def add(self, item: Json) -> None:
        """Append one item; calls join the assistant message before them."""
        kind = item.get("type", "message")
        if kind in ("function_call_output", "custom_tool_call_output"):
            self._result(item)
            return
        self.close()
        match kind:
            case "message":
                self._message(_message(item))
            case "function_call":
                self._call(item, string(item.get("arguments"), "input"))
            case "custom_tool_call":
                self._call(item, _wrapped(string(item.get("input"), "input")))
            case "reasoning":
                pass  # encrypted or signed for the model that made it
            case _:
                raise unknown_part(item, "input")

    def close(self) -> None:
        """Append what results carried."""
        if self._carried:
            self.messages.append({"role": "user", "content": self._carried})
            self._carried = []

    def _message(self, message: Json) -> None:
        last = self.messages[-1] if self.messages else {}
        texts = isinstance(message["content"], str) and isinstance(last.get("content"), str | None)
        if message["role"] == "assistant" and last.get("tool_calls") and texts:
            last["content"] = (last["content"] or "") + message["content"]
        else:
            self.messages.append(message)

    def _call(self, item: Json, arguments: str) -> None:
        function = {"name": chat_name(item, item.get("namespace")), "arguments": arguments}
        call = {"id": string(item.get("call_id"), "input"), "type": "function", "function": function}
        if self.messages and self.messages[-1]["role"] == "assistant":
            self.messages[-1].setdefault("tool_calls", []).append(call)
        else:
            self.messages.append({"role": "assistant", "content": None, "tool_calls": [call]})

    def _result(self, item: Json) -> None:
        parts = [_part(part, "tool") for part in blocks(item.get("output"), "input")]
        text = "\n".join(part["text"] for part in parts if part["type"] == "text")
        call_id = string(item.get("call_id"), "input")
        self.messages.append({"role": "tool", "tool_call_id": call_id, "content": text})
        self._carried += [part for part in parts if part["type"] != "text"]


def _message(item: Json) -> Json:
    role = item.get("role")
    if role not in _ROLES:
        raise BadRequest("The `role` of an input message is not one that this model knows.", param="input")
    parts = [_part(part, str(role)) for part in blocks(item.get("content"), "input")]
    if all(part["type"] == "text" for part in parts) and (role == "assistant" or len(parts) == 1):
        return {"role": role, "content": "".join(part["text"] for part in parts)}
    return {"role": role, "content": parts}


def _part(part: Json, role: str) -> Json:
    match part.get("type"):
        case "input_text" | "output_text" | "text":
            return {"type": "text", "text": string(part.get("text"), "input")}
        case "refusal" if role == "assistant":
            return {"type": "refusal", "refusal": string(part.get("refusal"), "input")}
        case "input_image" if isinstance(part.get("image_url"), str):
            image = {"url": part["image_url"]} | copied(part, ("detail",))
            return {"type": "image_url", "image_url": image}
        case "input_file" if isinstance(part.get("file_data"), str):
            return {"type": "file", "file": copied(part, ("filename", "file_data"))}
    raise unknown_part(part, "input")


def _wrapped(text: str) -> str:
    return orjson.dumps({"input": text}).decode()


def _text(text: Json) -> Json:
    """`text.format` as `response_format`."""
    out = copied(text, ("verbosity",))
    wanted = object_of(text.get("format"), "text")
    match wanted.get("type"):
        case None | "text":
            return out
        case "json_object":
            return out | {"response_format": {"type": "json_object"}}
        case "json_schema":
            named = copied(wanted, ("name", "description", "schema", "strict"))
            return out | {"response_format": {"type": "json_schema", "json_schema": named}}
    raise BadRequest("`text.format` is of an unknown type.", param="text")


def _tools(body: Json) -> Json:
    choice = body.get("tool_choice")
    offered = _each_tool(body)
    own = [(tool, space) for tool, space in offered if tool.get("type") not in _LOOKING_UP]
    # a search that the vendor would do may go, as long as the model may choose among other tools
    tools = [_tool(tool, space) for tool, space in (own if own and choice in (None, "auto") else offered)]
    if not tools:
        return {}
    if choice is None or isinstance(choice, str):
        return {"tools": tools} | copied(body, ("tool_choice",))
    choice = object_of(choice, "tool_choice")
    match choice.get("type"):
        case "function" | "custom":
            name = chat_name(choice, choice.get("namespace"))
            return {"tools": tools, "tool_choice": {"type": "function", "function": {"name": name}}}
        case "allowed_tools":
            # Offering only these is understood by every endpoint; chat's own `allowed_tools` is not.
            names = {chat_name(tool, tool.get("namespace")) for tool in objects(choice.get("tools"), "tool_choice")}
            tools = [tool for tool in tools if tool["function"]["name"] in names]
            return {"tools": tools, "tool_choice": choice.get("mode", "auto")} if tools else {}
    raise not_offered_tool(choice)


def _tool(tool: Json, space: str) -> Json:
    kind = tool.get("type")
    if kind not in ("function", "custom"):
        raise not_offered_tool(tool)
    function: Json = {"name": chat_name(tool, space)} | copied(tool, ("description",))
    if kind == "function":
        function |= copied(tool, ("parameters", "strict"))
        return {"type": "function", "function": function}
    grammar = object_of(tool.get("format"), "tools").get("definition")
    if isinstance(grammar, str):
        told = f"{function.get('description', '')}\n\n`input` follows this grammar:\n{grammar}"
        function["description"] = told.strip()
    return {"type": "function", "function": function | {"parameters": _FREE_TEXT}}
