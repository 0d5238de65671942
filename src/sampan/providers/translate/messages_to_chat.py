"""Anthropic messages requests as chat-completions requests.

Formats: `anthropic.types.message_create_params` (2.13, and 2023-06-01's sampling fields),
`openai.types.chat.completion_create_params` (3.57).
"""

from typing import Any

from sampan.contract.errors import BadRequest
from sampan.contract.request import Json
from sampan.providers.translate.messages_reply_to_chat import arguments_of
from sampan.providers.translate.shape import (
    blocks,
    copied,
    not_offered_tool,
    object_of,
    objects,
    string,
    unknown_part,
)


def messages_to_chat(body: Json) -> Json:
    """Translate a request body.

    Raises:
        BadRequest: a content block, tool or option has no counterpart, or is of the wrong type.
    """
    for name in ("mcp_servers", "container"):
        if body.get(name):
            raise BadRequest(f"`{name}` is not offered with this model.", param=name)
    out = copied(body, ("model", "max_tokens", "temperature", "top_p", "stream"))
    out["messages"] = _system(body.get("system"), "system")
    for message in objects(body.get("messages"), "messages"):
        out["messages"] += _message(message)
    if body.get("stream"):
        out["stream_options"] = {"include_usage": True}
    if body.get("stop_sequences"):
        out["stop"] = body["stop_sequences"]
    if user := object_of(body.get("metadata"), "metadata").get("user_id"):
        out["user"] = user
    out |= _tools(body) | _output(body)
    return out


def _system(content: Any, where: str) -> list[Json]:
    parts = blocks(content, where)
    for part in parts:
        if part.get("type") != "text":
            raise unknown_part(part, where)
    text = "\n\n".join(string(part.get("text"), where) for part in parts)
    return [{"role": "system", "content": text}] if text else []


def _message(message: Json) -> list[Json]:
    content = message.get("content")
    match message.get("role"):
        case "user":
            return _user(blocks(content, "messages"))
        case "assistant":
            return _assistant(blocks(content, "messages"))
        case "system":
            return _system(content, "messages")
    raise BadRequest("The `role` of a message is `user`, `assistant` or `system`.", param="messages")


def _assistant(content: list[Json]) -> list[Json]:
    text, calls = "", []
    for block in content:
        match block.get("type"):
            case "text":
                text += string(block.get("text"), "messages")
            case "tool_use":
                calls.append(_call(block))
            case "thinking" | "redacted_thinking":
                pass  # signed for another vendor's model: no counterpart here
            case _:
                raise unknown_part(block, "messages")
    if not text and not calls:
        return []
    message: Json = {"role": "assistant", "content": text or None}
    if calls:
        message["tool_calls"] = calls
    return [message]


def _call(block: Json) -> Json:
    function = {"name": string(block.get("name"), "messages"), "arguments": arguments_of(block.get("input"))}
    return {"id": string(block.get("id"), "messages"), "type": "function", "function": function}


def _user(content: list[Json]) -> list[Json]:
    """Tool results first: a chat model wants them right after the calls they answer."""
    results: list[Json] = []
    parts: list[Json] = []
    for block in content:
        if block.get("type") == "tool_result":
            result, rest = _tool_result(block)
            results.append(result)
            parts += rest
        else:
            parts += _part(block)
    if not parts:
        return results
    if len(parts) == 1 and parts[0]["type"] == "text":
        return [*results, {"role": "user", "content": parts[0]["text"]}]
    return [*results, {"role": "user", "content": parts}]


def _tool_result(block: Json) -> tuple[Json, list[Json]]:
    """The tool message, and the parts (images, files) that only a user message can carry."""
    parts = [part for inner in blocks(block.get("content"), "tool_result") for part in _part(inner)]
    text = "\n".join(part["text"] for part in parts if part["type"] == "text")
    if block.get("is_error"):
        text = f"Error: {text}"
    message = {"role": "tool", "tool_call_id": string(block.get("tool_use_id"), "messages"), "content": text}
    return message, [part for part in parts if part["type"] != "text"]


def _part(block: Json) -> list[Json]:
    """One block of a user's turn or of a tool result as chat parts."""
    match block.get("type"):
        case "text":
            return [{"type": "text", "text": string(block.get("text"), "messages")}]
        case "image":
            return [{"type": "image_url", "image_url": {"url": _image_url(block)}}]
        case "document":
            return _document(block)
        case "search_result":
            head = [string(block.get(name), "messages") for name in ("title", "source")]
            body = [string(part.get("text"), "messages") for part in blocks(block.get("content"), "messages")]
            return [{"type": "text", "text": "\n".join(head + body)}]
    raise unknown_part(block, "messages")


def _image_url(block: Json) -> str:
    source = object_of(block.get("source"), "image")
    match source.get("type"):
        case "base64":
            return f"data:{string(source.get('media_type'), 'image')};base64,{string(source.get('data'), 'image')}"
        case "url":
            return string(source.get("url"), "image")
    raise unknown_part({"type": f"image from {source.get('type')}"}, "messages")


def _document(block: Json) -> list[Json]:
    source = object_of(block.get("source"), "document")
    told = [{"type": "text", "text": block[name]} for name in ("title", "context") if isinstance(block.get(name), str)]
    match source.get("type"):
        case "text":
            return [*told, {"type": "text", "text": string(source.get("data"), "document")}]
        case "content":
            return told + [part for inner in blocks(source.get("content"), "document") for part in _part(inner)]
        case "base64":
            url = f"data:{string(source.get('media_type'), 'document')};base64,{string(source.get('data'), 'document')}"
            file = {"filename": block.get("title") or "document.pdf", "file_data": url}
            return [*told[1:], {"type": "file", "file": file}]
    raise unknown_part({"type": f"document from {source.get('type')}"}, "messages")


def _tools(body: Json) -> Json:
    tools = [_tool(tool) for tool in objects(body.get("tools"), "tools")]
    if not tools:
        return {}
    out: Json = {"tools": tools}
    choice = object_of(body.get("tool_choice"), "tool_choice")
    match choice.get("type"):
        case "auto" | "none" as same:
            out["tool_choice"] = same
        case "any":
            out["tool_choice"] = "required"
        case "tool":
            out["tool_choice"] = {"type": "function", "function": {"name": string(choice.get("name"), "tool_choice")}}
        case None:
            pass
        case _:
            raise BadRequest("`tool_choice` is of an unknown type.", param="tool_choice")
    if choice.get("disable_parallel_tool_use"):
        out["parallel_tool_calls"] = False
    return out


def _tool(tool: Json) -> Json:
    if tool.get("type") not in (None, "custom"):
        raise not_offered_tool(tool)
    function: Json = {"name": string(tool.get("name"), "tools")}
    function |= copied(tool, ("description",))
    function["parameters"] = object_of(tool.get("input_schema"), "tools")
    if tool.get("strict") and _is_strict(function["parameters"]):
        function["strict"] = True
    return {"type": "function", "function": function}


def _output(body: Json) -> Json:
    """Answer format and effort. `output_format` is the name the format had in the beta."""
    out: Json = {}
    config = object_of(body.get("output_config"), "output_config")
    wanted = object_of(config.get("format") or body.get("output_format"), "output_config")
    if wanted:
        if wanted.get("type") != "json_schema":
            raise BadRequest("`output_config.format` has to be of type `json_schema`.", param="output_config")
        schema = object_of(wanted.get("schema"), "output_config")
        named = {"name": "output", "schema": schema, "strict": _is_strict(schema)}
        out["response_format"] = {"type": "json_schema", "json_schema": named}
    if effort := config.get("effort"):
        out["reasoning_effort"] = effort
    return out


def _is_strict(schema: Any) -> bool:
    """Whether OpenAI takes the schema in strict mode: every object closed, every property required."""
    if isinstance(schema, list):
        return all(_is_strict(inner) for inner in schema)
    if not isinstance(schema, dict):
        return True
    properties, required = schema.get("properties"), schema.get("required")
    required = required if isinstance(required, list) else []
    if isinstance(properties, dict) and (
        schema.get("additionalProperties") is not False or any(name not in required for name in properties)
    ):
        return False
    return all(_is_strict(inner) for inner in schema.values())
