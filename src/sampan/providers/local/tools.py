"""Tool calls from models that do not make them: a grammar lets the model write only a call, or an answer.

The request's tools become one JSON schema (`{"name": …, "arguments": …}`, or `{"answer": …}` when a call is not
demanded) that the engine turns into a grammar; earlier calls and results become plain turns in the same notation. The
JSON that comes back becomes `tool_calls` of the OpenAI chat format, or its text.
"""

import json
import re
from typing import Any

import msgspec

from sampan.contract.errors import BadRequest
from sampan.contract.ids import new_id
from sampan.contract.request import Json

_ANSWER = re.compile(r'\s*\{\s*"answer"\s*:\s*"')
_MAYBE_ANSWER = re.compile(r'\s*(\{\s*("(a(n(s(w(e(r("\s*(:\s*)?)?)?)?)?)?)?)?)?)?')
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


_AFTER = "Answer my question from this result now. Call another tool only if something is still missing."
"""Said after every result, not only the last: earlier turns must stay the same bytes for the prompt cache."""


_CALL = '{"name": "<name of the tool>", "arguments": {<its arguments>}}'
_SAY = '{"answer": "<what you say to the user>"}'


class Call(msgspec.Struct, frozen=True):
    """One tool call. `arguments` is JSON text."""

    id: str
    name: str
    arguments: str

    def as_json(self) -> Json:
        """The member of `tool_calls`."""
        return {"id": self.id, "type": "function", "function": {"name": self.name, "arguments": self.arguments}}


def wanted(body: Json) -> bool:
    """True when a chat request offers tools and lets the model call them."""
    return bool(body.get("tools")) and body.get("tool_choice") != "none"


def _functions(body: Json) -> list[Json]:
    """The functions that may be called, after `tool_choice`."""
    functions = [tool["function"] for tool in body["tools"] if isinstance(tool, dict) and "function" in tool]
    choice = body.get("tool_choice")
    names = {choice.get("function", {}).get("name")} if isinstance(choice, dict) and "function" in choice else None
    chosen = [function for function in functions if names is None or function.get("name") in names]
    if not chosen:
        raise BadRequest("tool_choice names no function among tools.", param="tool_choice")
    return chosen


def _demanded(body: Json) -> bool:
    choice = body.get("tool_choice")
    return choice == "required" or (isinstance(choice, dict) and "function" in choice)


def _rebased(schema: Any, root: str) -> Any:
    """The same schema with its `$ref`s pointing below `root`, where it will stand."""
    if isinstance(schema, list):
        return [_rebased(item, root) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: root + value[1:] if key == "$ref" and isinstance(value, str) and value.startswith("#") else
        _rebased(value, root) for key, value in schema.items()
    }  # fmt: skip


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def schema_for(body: Json, *, strict: bool = True) -> Json:
    """The JSON schema of what the model may write. Not strict: arguments are any object."""
    definitions: Json = {}
    ways: list[Json] = []
    for number, function in enumerate(_functions(body)):
        arguments = function.get("parameters") if strict else None
        if not isinstance(arguments, dict) or not arguments.get("type"):
            arguments = {"type": "object"}
        root = f"#/$defs/tool{number}"
        definitions[f"tool{number}"] = _rebased(arguments, root)
        ways.append(_object({"name": {"const": function["name"]}, "arguments": {"$ref": root}}))
    if not _demanded(body):
        definitions["answer"] = _rebased(_answer_schema(body), "#/$defs/answer")
        ways.append(_object({"answer": {"$ref": "#/$defs/answer"}}))
    return {"$defs": definitions, "oneOf": ways}


def _answer_schema(body: Json) -> Json:
    """What an answer looks like: text, or what the caller's own response format says."""
    wish = body.get("response_format")
    if not isinstance(wish, dict) or wish.get("type") in (None, "text"):
        return {"type": "string"}
    schema = wish.get("json_schema", {}).get("schema")
    return schema if isinstance(schema, dict) else {"type": "object"}


def prepared(body: Json, *, strict: bool = True) -> Json:
    """The request that goes to the engine instead: no tools, a schema, and the tools told in the system message."""
    out = {key: value for key, value in body.items() if key not in ("tools", "tool_choice", "parallel_tool_calls")}
    schema = schema_for(body, strict=strict)
    out["response_format"] = {"type": "json_schema", "json_schema": {"name": "step", "schema": schema}}
    turns = [_plain(message) for message in body["messages"]]
    note = _note(body)
    if turns and turns[0].get("role") == "system":
        turns[0] = {**turns[0], "content": f"{_text(turns[0].get('content'))}\n\n{note}"}
    else:
        turns.insert(0, {"role": "system", "content": note})
    out["messages"] = turns
    return out


def without_tools(body: Json) -> Json:
    """A request whose history may hold calls but that may not make one (`tool_choice: none`, or no tools)."""
    out = {key: value for key, value in body.items() if key not in ("tools", "tool_choice", "parallel_tool_calls")}
    out["messages"] = [_plain(message) for message in body["messages"]]
    return out


def _note(body: Json) -> str:
    tools = "\n".join(json.dumps(function, ensure_ascii=False) for function in _functions(body))
    if _demanded(body):
        return f"You have these tools:\n{tools}\n\nReply with JSON only: {_CALL}."
    return (
        f"You have these tools:\n{tools}\n\nReply with JSON only, in one of two ways.\n"
        f"1. When a tool gives or does what the user wants, use it and never invent its result: {_CALL}\n"
        f"2. Otherwise, or when the result of the tool is there: {_SAY}"
    )


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _plain(message: Json) -> Json:
    """A turn in words that every chat template knows: calls as the JSON the model would write, results as said."""
    if message.get("role") == "tool":
        result = f"The tool's result:\n{_text(message.get('content'))}\n{_AFTER}"
        return {"role": "user", "content": result}
    calls = message.get("tool_calls")
    if not calls:
        return message
    told = [f'{{"name": {json.dumps(call["function"]["name"])}, "arguments": {call["function"]["arguments"]}}}'
            for call in calls if "function" in call]  # fmt: skip
    said = _text(message.get("content"))
    return {"role": "assistant", "content": "\n".join(([said] if said else []) + told)}


class StepReader:
    """Reads what the model writes under the schema, piece by piece: text of an answer at once, a call at the end."""

    def __init__(self) -> None:
        self._all = ""
        self._at = -1
        """Where undecoded answer text begins; -1 while it is open whether this is an answer, -2 when it is none."""
        self._closed = False
        self.answered = False

    def feed(self, text: str) -> str:
        """Take the next piece; return answer text that is complete."""
        self._all += text
        if self._at == -1:
            self._recognise()
        return self._decode() if self._at >= 0 and not self._closed else ""

    def _recognise(self) -> None:
        if found := _ANSWER.match(self._all):
            self._at, self.answered = found.end(), True
        elif not _MAYBE_ANSWER.fullmatch(self._all):
            self._at = -2

    def _decode(self) -> str:
        """Decode the JSON string from where we are, up to its end or to an escape that is not whole yet."""
        out: list[str] = []
        text, at = self._all, self._at
        while at < len(text):
            if text[at] == '"':
                self._closed = True
                break
            if text[at] != "\\":
                out.append(text[at])
                at += 1
                continue
            decoded, width = _escape(text, at)
            if not width:
                break
            out.append(decoded)
            at += width
        self._at = at
        return "".join(out)

    def finish(self) -> Call | str | None:
        """The call, or the answer that was not text (JSON), or None: all was handed out, or it was cut off."""
        if self.answered:
            return None
        try:
            step = json.loads(self._all)
        except ValueError:
            return None
        if not isinstance(step, dict):
            return None
        if "name" in step:
            arguments = json.dumps(step.get("arguments", {}), ensure_ascii=False, separators=(",", ":"))
            return Call(new_id("call"), str(step["name"]), arguments)
        return json.dumps(step.get("answer"), ensure_ascii=False)


def _escape(text: str, at: int) -> tuple[str, int]:
    """Decode the escape at `at`: (character, width), width 0 when it is not whole yet."""
    kind = text[at + 1 : at + 2]
    if kind != "u":
        return (_ESCAPES.get(kind, kind), 2) if kind else ("", 0)
    first = text[at + 2 : at + 6]
    if len(first) < 4:
        return "", 0
    code = int(first, 16)
    if not 0xD800 <= code < 0xDC00:
        return ("\ufffd" if 0xDC00 <= code < 0xE000 else chr(code)), 6
    second = text[at + 6 : at + 12]
    if len(second) < 6 and "\\u".startswith(second[:2]):
        return "", 0
    low = re.fullmatch(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})", second)
    if not low:
        return "\ufffd", 6
    return chr(0x10000 + ((code - 0xD800) << 10) + int(low[1], 16) - 0xDC00), 12
