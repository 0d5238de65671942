"""Values that must not travel, the places a caller can put them, and how to look whether one travelled.

A body that left is read as widely as a curious receiver would: decoded JSON in JSON, folded widths, without
invisible characters, percent- and base64-decoded, all strings one after the other.
"""

import base64
import binascii
import contextlib
import json
import re
import unicodedata
from urllib.parse import unquote

WIRES = ["echo", "claude-echo", "both-echo"]
"""Models that speak one wire, the other, and both."""
HKID, PHONE, EMAIL, CARD = "A123456(3)", "9123 4567", "mei.chan@example.com", "4111 1111 1111 1111"
KEY = "sk-ant-api03-" + "Zx9Qw8Er7Ty6Ui5Op4As3Df2Gh1Jk0Lz" * 2
NAME = "陳大文"
VALUES = (HKID, PHONE, EMAIL, CARD, NAME)
TEXT = f"客人{NAME}，HKID {HKID}，電話 {PHONE}，電郵 {EMAIL}，card {CARD} 。"
_CORES = ("a1234563", "a123456", "91234567", "meichan@example", "41111111", NAME)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_DIGITS = {ord(c): d for d, c in zip("0123456789", "０１２３４５６７８９", strict=True)}


def travelled(raw):
    """The cores of values that can be read in bytes which left."""
    text = raw.decode("utf-8", "replace")
    said = [text, *_strings(json.loads(text))] if text[:1] in "{[" else [text]
    said.append("".join(said[1:]))
    said += [unquote(each) for each in said if "%" in each]
    said += [plain for each in list(said) for plain in _decoded(each)]
    said = [_compact(each) for each in said]
    return sorted({core for core in _CORES if any(core in each for each in said)})


def _compact(text):
    folded = unicodedata.normalize("NFKC", text.translate(_DIGITS)).lower()
    folded = folded.translate({ord("а"): "a", ord("е"): "e", ord("Α"): "a"})
    return "".join(c for c in folded if c.isalnum() or c == "@")


def _strings(value, depth=0):
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _strings(name, depth)
            yield from _strings(member, depth)
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member, depth)
    elif isinstance(value, str):
        yield value
        if depth < 5 and value[:1] in "{[":
            with contextlib.suppress(ValueError):
                yield from _strings(json.loads(value), depth + 1)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _decoded(text):
    for found in _BASE64.findall(text):
        plain = found.replace("-", "+").replace("_", "/").rstrip("=")
        try:
            yield base64.b64decode(plain + "=" * (-len(plain) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue


def chat(model, content="hi", **more):
    """A chat request; `messages` in `more` replaces the one user message."""
    return "/v1/chat/completions", {"model": model, "messages": [{"role": "user", "content": content}], **more}


def messages(model, content="hi", **more):
    """The same for Anthropic's dialect."""
    user = [{"role": "user", "content": content}]
    return "/v1/messages", {"model": model, "max_tokens": 50, "messages": user, **more}


def responses(model, content="hi", **more):
    """The same for the Responses API."""
    return "/v1/responses", {"model": model, "input": content, **more}


ASK = {"chat": chat, "messages": messages, "responses": responses}


def said(reply):
    """The text of a reply in any dialect."""
    if "choices" in reply:
        return reply["choices"][0]["message"]["content"]
    if "output" in reply:
        return "".join(part["text"] for item in reply["output"] for part in item.get("content", ()))
    return "".join(block.get("text", "") for block in reply["content"])


def safe(sampan, upstream, path, body, headers=None):
    """Send; nothing readable may have left. Gives status and reply."""
    before = len(upstream.raw)
    status, _, reply = sampan.post(path, body, headers)
    left = upstream.raw[before:]
    for raw in left:
        assert travelled(raw) == [], raw.decode()
        assert KEY not in raw.decode()
    assert status in {200, 400, 403}, reply
    assert status == 200 or left == []
    assert "Traceback" not in str(reply)
    return status, reply


def on_wires(path, body):
    """The same request towards a model of each wire; embeddings have one."""
    if body["model"] == "embedder":
        return [(path, body)]
    return [(path, {**body, "model": model}) for model in WIRES]
