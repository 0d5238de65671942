"""Asking in every dialect, whole or streamed, over plain HTTP, and reading what comes back as a client does."""

import http.client
import json

from tests.support.attack import ASK, said


class Streamed:
    """A streamed answer. events: (name, data), data parsed unless it is `[DONE]`."""

    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw
        self.events = []
        for block in raw.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if "data" in fields:
                data = fields["data"]
                self.events.append((fields.get("event", ""), data if data == "[DONE]" else json.loads(data)))

    @property
    def done(self):
        """Whether it says that it is complete."""
        ends = {"message_stop", "response.completed"}
        return any(data == "[DONE]" or data.get("type") in ends for _, data in self.events)

    @property
    def errors(self):
        return [
            data for _, data in self.events if data != "[DONE]" and (data.get("error") or data.get("type") == "error")
        ]

    @property
    def text(self):
        return "".join(self._texts("content", "text_delta", "response.output_text.delta"))

    @property
    def arguments(self):
        """The arguments of all calls, by place."""
        gathered = {}
        for _, data in self.events:
            if data == "[DONE]":
                continue
            for choice in data.get("choices", ()):
                for call in choice["delta"].get("tool_calls", ()):
                    at = call["index"]
                    gathered[at] = gathered.get(at, "") + (call.get("function", {}).get("arguments") or "")
            if data.get("delta", {}) and data.get("type") == "content_block_delta" and "partial_json" in data["delta"]:
                gathered[data["index"]] = gathered.get(data["index"], "") + data["delta"]["partial_json"]
            if data.get("type") == "response.function_call_arguments.delta":
                gathered[data["output_index"]] = gathered.get(data["output_index"], "") + data["delta"]
        return [gathered[at] for at in sorted(gathered)]

    def _texts(self, chat, messages, responses):
        for _, data in self.events:
            if data == "[DONE]":
                continue
            for choice in data.get("choices", ()):
                yield choice["delta"].get(chat) or ""
            if data.get("type") == "content_block_delta" and data["delta"]["type"] == messages:
                yield data["delta"]["text"]
            if data.get("type") == responses:
                yield data["delta"]


def stream(sampan, path, body):
    """Ask for a stream and read it to its end, however that comes."""
    line = http.client.HTTPConnection("127.0.0.1", sampan.port, timeout=30)
    try:
        line.request("POST", path, json.dumps({**body, "stream": True}), {"content-type": "application/json"})
        reply = line.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        try:
            raw = reply.read()
        except http.client.IncompleteRead as cut:
            raw = cut.partial
        return Streamed(reply.status, headers, raw)
    finally:
        line.close()


def answer(sampan, dialect, model, content="hi", streamed=False, **more):
    """The text of the answer."""
    path, body = ASK[dialect](model, content, **more)
    if streamed:
        got = stream(sampan, path, body)
        assert got.status == 200, got.raw
        assert got.done, got.raw
        return got.text
    status, _, reply = sampan.post(path, body)
    assert status == 200, reply
    return said(reply)


def arguments(reply):
    """The arguments of the calls in a whole reply of any dialect, as JSON text or as objects."""
    if "choices" in reply:
        return [call["function"]["arguments"] for call in reply["choices"][0]["message"]["tool_calls"]]
    if "output" in reply:
        return [item["arguments"] for item in reply["output"] if item["type"] == "function_call"]
    return [block["input"] for block in reply["content"] if block["type"] == "tool_use"]
