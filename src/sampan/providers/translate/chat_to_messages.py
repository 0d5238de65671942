"""Chat-completions requests as Anthropic messages requests.

Formats: `openai.types.chat.completion_create_params` (3.57), `anthropic.types.message_create_params` (2.13).
`temperature` and `top_p` are left out: API version 2026-10-21 refuses them, as do newer models at any version.
"""

import re
from typing import Any

from sampan.contract.errors import BadRequest
from sampan.contract.request import Json
from sampan.providers.translate.chat_reply_to_messages import tool_input
from sampan.providers.translate.shape import (
    blocks,
    copied,
    data_url,
    not_offered_tool,
    object_of,
    objects,
    string,
    unknown_part,
)

DEFAULT_MAX_TOKENS = 4096
_NO_ID = re.compile("[^a-zA-Z0-9_-]", re.ASCII)
JSON_WISH = "Answer with one JSON object and nothing else."
_CHOICES = {"auto": "auto", "required": "any", "none": "none"}
_EFFORTS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "xhigh", "max": "max"}


def chat_to_messages(body: Json) -> Json:
    """Translate a request body.

    Raises:
        BadRequest: a content part, tool or option has no counterpart, or is of the wrong type.
    """
    _refuse(body)
    limit = body.get("max_completion_tokens") or body.get("max_tokens") or DEFAULT_MAX_TOKENS
    out = copied(body, ("model", "stream")) | {"max_tokens": limit}
    system, out["messages"] = _conversation(objects(body.get("messages"), "messages"))
    wanted = _format(body)
    if wanted == "json_object":
        system.append({"type": "text", "text": JSON_WISH})
    if system:
        out["system"] = system[0]["text"] if len(system) == 1 and len(system[0]) == 2 else system
    if stops := _stops(body.get("stop")):
        out["stop_sequences"] = stops
    if user := body.get("user") or body.get("safety_identifier"):
        out["metadata"] = {"user_id": user}
    out |= _tools(body)
    config: Json = {"format": wanted} if isinstance(wanted, dict) else {}
    out |= _thinking(body.get("reasoning_effort"), out.get("tool_choice"), config)
    if config:
        out["output_config"] = config
    return out


def _refuse(body: Json) -> None:
    """Options that would change the answer and have no counterpart."""
    count = body.get("n")
    if count is not None and count != 1:
        raise BadRequest("This model gives one answer to a request: `n` has to be 1.", param="n")
    modalities = body.get("modalities")
    if isinstance(modalities, list) and "audio" in modalities:
        raise BadRequest("This model does not answer with audio.", param="modalities")
    for name in ("functions", "web_search_options"):
        if body.get(name):
            raise BadRequest(f"`{name}` is not offered with this model.", param=name)


def _conversation(messages: list[Json]) -> tuple[list[Json], list[Json]]:
    """Split into system blocks and turns; neighbours of the same role become one turn."""
    system: list[Json] = []
    turns: list[Json] = []
    for message in messages:
        role, content = _turn(message)
        if role == "system":
            system += content
        elif content and turns and turns[-1]["role"] == role:
            turns[-1]["content"] += content
        elif content:
            turns.append({"role": role, "content": content})
    if not turns:
        raise BadRequest("`messages` holds nothing to answer.", param="messages")
    for turn in turns:
        # Tool results come before everything else in their turn (a rule of the messages API).
        turn["content"].sort(key=lambda block: block["type"] != "tool_result")
        if len(turn["content"]) == 1 and turn["content"][0].keys() == {"type", "text"}:
            turn["content"] = turn["content"][0]["text"]
    return system, turns


def _turn(message: Json) -> tuple[str, list[Json]]:
    match message.get("role"):
        case "system" | "developer":
            return "system", _parts(message, "system")
        case "user":
            return "user", _parts(message, "user")
        case "assistant":
            return "assistant", _assistant(message)
        case "tool":
            return "user", [_tool_result(message)]
    raise BadRequest("The `role` of a message is not one that this model knows.", param="messages")


def _parts(message: Json, role: str) -> list[Json]:
    out = []
    for part in blocks(message.get("content"), "messages"):
        block = _part(part, role)
        if block["type"] != "text" or block["text"].strip():
            out.append(block | copied(part, ("cache_control",)))
    return out


def _part(part: Json, role: str) -> Json:
    kind = part.get("type")
    if kind == "text":
        return {"type": "text", "text": string(part.get("text"), "messages")}
    if kind == "refusal" and role == "assistant":
        return {"type": "text", "text": string(part.get("refusal"), "messages")}
    if kind == "image_url" and role in {"user", "tool"}:
        return _image(object_of(part.get("image_url"), "image_url"))
    if kind == "file" and role == "user":
        return _file(part)
    raise unknown_part(part, "messages")


def _image(image: Json) -> Json:
    url = string(image.get("url"), "image_url")
    inline = data_url(url)
    if inline is not None:
        return {"type": "image", "source": {"type": "base64", "media_type": inline[0], "data": inline[1]}}
    if not url.lower().startswith(("http://", "https://")):
        raise BadRequest("`image_url.url` has to be an http(s) or a base64 data URL.", param="messages")
    return {"type": "image", "source": {"type": "url", "url": url}}


def _file(part: Json) -> Json:
    file = object_of(part.get("file"), "file")
    inline = data_url(file["file_data"]) if isinstance(file.get("file_data"), str) else None
    if inline is None or inline[0] != "application/pdf":
        raise unknown_part({"type": "file that is not an inline PDF"}, "messages")
    block: Json = {"type": "document", "source": {"type": "base64", "media_type": inline[0], "data": inline[1]}}
    if isinstance(file.get("filename"), str):
        block["title"] = file["filename"]
    return block


def _assistant(message: Json) -> list[Json]:
    if message.get("function_call") or message.get("audio"):
        raise BadRequest("`function_call` and `audio` in a message cannot be translated.", param="messages")
    out = _parts(message, "assistant")
    if isinstance(message.get("refusal"), str) and message["refusal"].strip():
        out.append({"type": "text", "text": message["refusal"]})
    for call in objects(message.get("tool_calls"), "tool_calls"):
        if call.get("type", "function") != "function":
            raise unknown_part(call, "tool_calls")
        function = object_of(call.get("function"), "tool_calls")
        out.append(
            {
                "type": "tool_use",
                "id": _call_id(call.get("id")),
                "name": string(function.get("name"), "tool_calls"),
                "input": tool_input(string(function.get("arguments", ""), "tool_calls")),
            }
        )
    return out


def _tool_result(message: Json) -> Json:
    parts = _parts(message, "tool")
    plain = len(parts) == 1 and parts[0].keys() == {"type", "text"}
    content: Any = parts[0]["text"] if plain else parts
    block: Json = {"type": "tool_result", "tool_use_id": _call_id(message.get("tool_call_id"))}
    return block | ({"content": content} if parts else {})


def _call_id(value: Any) -> str:
    """An id that the messages API takes: other endpoints' ids hold dots and colons too."""
    return _NO_ID.sub("_", string(value, "tool_calls"))


def _stops(stop: Any) -> list[str]:
    stops = [stop] if isinstance(stop, str) else stop or []
    if not isinstance(stops, list):
        raise BadRequest("`stop` has to be a string or a list of strings.", param="stop")
    # The messages API refuses sequences of white space alone.
    return [text for text in stops if string(text, "stop").strip()]


def _format(body: Json) -> Json | str:
    """`output_config.format`, `json_object` when JSON of any shape is asked for, or nothing."""
    wanted = object_of(body.get("response_format"), "response_format")
    match wanted.get("type"):
        case None | "text":
            return ""
        case "json_object":
            return "json_object"
        case "json_schema":
            schema = object_of(wanted.get("json_schema"), "response_format").get("schema")
            return {"type": "json_schema", "schema": schema} if schema else "json_object"
    raise BadRequest("`response_format` is of an unknown type.", param="response_format")


def _tools(body: Json) -> Json:
    tools = [_tool(tool) for tool in objects(body.get("tools"), "tools")]
    if not tools:
        return {}
    choice, allowed = _choice(body.get("tool_choice"))
    if allowed is not None:
        tools = [tool for tool in tools if tool["name"] in allowed]
    if body.get("parallel_tool_calls") is False and choice.get("type") != "none":
        choice = {"type": "auto", **choice, "disable_parallel_tool_use": True}
    return {"tools": tools} | ({"tool_choice": choice} if choice else {})


def _tool(tool: Json) -> Json:
    if tool.get("type") != "function":
        raise not_offered_tool(tool)
    function = object_of(tool.get("function"), "tools")
    schema = object_of(function.get("parameters"), "tools") or {"type": "object", "properties": {}}
    out: Json = {"name": string(function.get("name"), "tools"), "input_schema": schema}
    return out | copied(function, ("description", "strict")) | copied(tool, ("cache_control",))


def _choice(choice: Any) -> tuple[Json, set[str] | None]:
    """`tool_choice`, and the names of the allowed tools if only some are."""
    if isinstance(choice, dict):
        if choice.get("type") == "allowed_tools":
            inner = object_of(choice.get("allowed_tools"), "tool_choice")
            names = [object_of(t.get("function"), "tool_choice") for t in objects(inner.get("tools"), "tool_choice")]
            mode = "any" if inner.get("mode") == "required" else "auto"
            return {"type": mode}, {string(name.get("name"), "tool_choice") for name in names}
        function = object_of(choice.get("function"), "tool_choice")
        return {"type": "tool", "name": string(function.get("name"), "tool_choice")}, None
    if choice is None:
        return {}, None
    if not isinstance(choice, str) or choice not in _CHOICES:
        raise BadRequest("`tool_choice` is of an unknown type.", param="tool_choice")
    return {"type": _CHOICES[choice]}, None


def _thinking(effort: Any, choice: Any, config: Json) -> Json:
    """Thinking, only when effort is named: adaptive, since newer models refuse a budget in tokens."""
    if effort is None:
        return {}
    if effort == "none":
        return {"thinking": {"type": "disabled"}}
    if not isinstance(effort, str) or effort not in _EFFORTS:
        raise BadRequest("`reasoning_effort` is not one that this model knows.", param="reasoning_effort")
    config["effort"] = _EFFORTS[effort]
    # A forced tool call and thinking exclude each other.
    forced = isinstance(choice, dict) and choice.get("type") in {"any", "tool"}
    return {} if forced else {"thinking": {"type": "adaptive"}}
