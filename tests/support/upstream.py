"""A provider on loopback for tests: speaks every dialect, remembers what it was sent, echoes stand-ins.

The model name picks the behaviour: `echo` answers with the last user text, `tools` calls the first tool with it,
`cut` ends in the middle, `error-<status>` fails, `slow` waits, `redirect` answers 302.
"""

import asyncio
import json
import re
import threading

from aiohttp import web


class Upstream:
    """Runs in its own thread; `bodies` and `headers` hold every request in order."""

    def __init__(self):
        self.bodies, self.headers, self.paths, self.raw = [], [], [], []
        self.open_streams = 0
        self.left = threading.Event()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self):
        app = web.Application(client_max_size=100_000_000)
        app.router.add_post("/v1/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def _answer(self, request):
        raw = await request.read()
        body = json.loads(raw)
        self.raw.append(raw)
        self.bodies.append(body)
        self.headers.append({k.lower(): v for k, v in request.headers.items()})
        self.paths.append(request.path)
        model = body["model"]
        if model.startswith("error-"):
            status = int(model.split("-")[1])
            headers = {"retry-after": "1"} if status in {429, 529} else {}
            error = {
                "message": f"echo: {last_text(body)}",
                "type": "invalid_request_error",
                "code": "some_code",
                "param": None,
            }
            return web.json_response({"type": "error", "error": error}, status=status, headers=headers)
        if model == "redirect":
            return web.Response(status=302, headers={"location": "http://127.0.0.1:1/elsewhere"})
        path = request.path.removeprefix("/v1/")
        if path == "embeddings":
            data = [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}]
            return web.json_response(
                {"object": "list", "data": data, "model": model, "usage": {"prompt_tokens": 3, "total_tokens": 3}}
            )
        if path == "messages/count_tokens":
            return web.json_response({"input_tokens": 7})
        shape = {"chat/completions": Chat, "messages": Messages, "responses": Responses, "completions": Text}[path]()
        if model == "slow":
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                self.left.set()
                raise
        call = (
            (tool_name(body), json.dumps({"text": last_text(body)}, ensure_ascii=False)) if model == "tools" else None
        )
        text = schema_text(body) or last_text(body)
        if not body.get("stream"):
            return web.json_response(shape.whole(model, text, call))
        return await self._stream(request, shape, model, text, call)

    async def _stream(self, request, shape, model, text, call):
        response = web.StreamResponse(headers={"content-type": "text/event-stream", "x-request-id": "req_mock"})
        await response.prepare(request)
        self.open_streams += 1
        try:
            for number, event in enumerate(shape.events(model, text, call)):
                if model == "cut" and number == 3:
                    request.transport.close()
                    return response
                await response.write(event)
                if model == "endless":
                    for _ in range(2000):
                        await asyncio.sleep(0.01)
                        await response.write(event)
        except (ConnectionResetError, asyncio.CancelledError):
            self.left.set()
            raise
        finally:
            self.open_streams -= 1
        return response


def last_text(body):
    items = body.get("messages") or body.get("input") or body.get("prompt") or ""
    if isinstance(items, str):
        return items
    texts = []
    for item in items:
        content = item.get("content", "") if isinstance(item, dict) else item
        if isinstance(content, list):
            content = "".join(str(p.get("text", "")) if isinstance(p, dict) else str(p) for p in content)
        if content:
            texts.append(content)
    return texts[-1] if texts else ""


def schema_text(body):
    wanted = body.get("response_format") or (body.get("text") or {}).get("format") or body.get("output_config")
    if not wanted or "schema" not in json.dumps(wanted):
        return None
    found = re.search(r"\[HKID_1\]|[A-Z]\d{6}\([0-9A]\)", last_text(body))
    return json.dumps({"name": found.group() if found else last_text(body)[:20]})


def tool_name(body):
    tool = body["tools"][0]
    return tool.get("name") or tool["function"]["name"]


def pieces(text, size=3):
    return [text[i : i + size] for i in range(0, len(text), size)] or [""]


def sse(data, event=""):
    name = f"event: {event}\n" if event else ""
    return f"{name}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class Chat:
    def whole(self, model, text, call):
        message = {"role": "assistant", "content": None if call else text, "refusal": None}
        if call:
            message["tool_calls"] = [
                {"id": "call_1", "type": "function", "function": {"name": call[0], "arguments": call[1]}}
            ]
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": model,
            "system_fingerprint": "fp",
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls" if call else "stop"}
            ],
            "usage": {"prompt_tokens": 5, "completion_tokens": 4, "total_tokens": 9},
        }

    def events(self, model, text, call):
        def chunk(delta, finish=None):
            return sse(
                {
                    "id": "chatcmpl-1",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": model,
                    "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
                }
            )

        yield chunk({"role": "assistant", "content": ""})
        if call:
            yield chunk(
                {
                    "tool_calls": [
                        {"index": 0, "id": "call_1", "type": "function", "function": {"name": call[0], "arguments": ""}}
                    ]
                }
            )
            for piece in pieces(call[1]):
                yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        else:
            for piece in pieces(text):
                yield chunk({"content": piece})
        yield chunk({}, "tool_calls" if call else "stop")
        yield sse(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": model,
                "choices": [],
                "usage": {"prompt_tokens": 5, "completion_tokens": 4, "total_tokens": 9},
            }
        )
        yield b"data: [DONE]\n\n"


class Text:
    def whole(self, model, text, call):
        return {
            "id": "cmpl-1",
            "object": "text_completion",
            "created": 1,
            "model": model,
            "choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 5, "completion_tokens": 4, "total_tokens": 9},
        }

    def events(self, model, text, call):
        for piece in pieces(text):
            yield sse(
                {
                    "id": "cmpl-1",
                    "object": "text_completion",
                    "created": 1,
                    "model": model,
                    "choices": [{"index": 0, "text": piece, "logprobs": None, "finish_reason": None}],
                }
            )
        yield sse(
            {
                "id": "cmpl-1",
                "object": "text_completion",
                "created": 1,
                "model": model,
                "choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": "stop"}],
            }
        )
        yield b"data: [DONE]\n\n"


class Messages:
    def _content(self, text, call):
        if call:
            return {"type": "tool_use", "id": "toolu_1", "name": call[0], "input": json.loads(call[1])}
        return {"type": "text", "text": text}

    def whole(self, model, text, call):
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [self._content(text, call)],
            "stop_reason": "tool_use" if call else "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 5, "output_tokens": 4},
        }

    def events(self, model, text, call):
        start = {**self.whole(model, "", None), "content": [], "stop_reason": None}
        yield sse({"type": "message_start", "message": start}, "message_start")
        block = (
            {"type": "tool_use", "id": "toolu_1", "name": call[0], "input": {}}
            if call
            else {"type": "text", "text": ""}
        )
        yield sse({"type": "content_block_start", "index": 0, "content_block": block}, "content_block_start")
        for piece in pieces(call[1] if call else text):
            delta = (
                {"type": "input_json_delta", "partial_json": piece} if call else {"type": "text_delta", "text": piece}
            )
            yield sse({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")
        yield sse({"type": "content_block_stop", "index": 0}, "content_block_stop")
        yield sse(
            {
                "type": "message_delta",
                "delta": {"stop_reason": "tool_use" if call else "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 4},
            },
            "message_delta",
        )
        yield sse({"type": "message_stop"}, "message_stop")


class Responses:
    def _item(self, text, call):
        if call:
            return {
                "type": "function_call",
                "id": "fc_1",
                "call_id": "call_1",
                "name": call[0],
                "arguments": call[1],
                "status": "completed",
            }
        return {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": text, "annotations": []}],
        }

    def whole(self, model, text, call):
        self.serial = getattr(self, "serial", 0) + 1
        return {
            "id": f"resp_{id(self)}",
            "object": "response",
            "created_at": 1,
            "status": "completed",
            "model": model,
            "output": [self._item(text, call)],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "metadata": {},
            "temperature": 1.0,
            "top_p": 1.0,
            "usage": {
                "input_tokens": 5,
                "output_tokens": 4,
                "total_tokens": 9,
                "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }

    def events(self, model, text, call):
        number = iter(range(10_000))

        def event(kind, **more):
            return sse({"type": kind, "sequence_number": next(number), **more}, kind)

        whole = self.whole(model, text, call)
        item = whole["output"][0]
        yield event("response.created", response={**whole, "status": "in_progress", "output": [], "usage": None})
        empty = {**item, "arguments": ""} if call else {**item, "content": []}
        yield event("response.output_item.added", output_index=0, item={**empty, "status": "in_progress"})
        if call:
            for piece in pieces(call[1]):
                yield event("response.function_call_arguments.delta", item_id="fc_1", output_index=0, delta=piece)
            yield event(
                "response.function_call_arguments.done", item_id="fc_1", output_index=0, name=call[0], arguments=call[1]
            )
        else:
            part = {"type": "output_text", "text": "", "annotations": []}
            yield event("response.content_part.added", item_id="msg_1", output_index=0, content_index=0, part=part)
            for piece in pieces(text):
                yield event(
                    "response.output_text.delta",
                    item_id="msg_1",
                    output_index=0,
                    content_index=0,
                    delta=piece,
                    logprobs=[],
                )
            yield event(
                "response.output_text.done", item_id="msg_1", output_index=0, content_index=0, text=text, logprobs=[]
            )
            yield event(
                "response.content_part.done",
                item_id="msg_1",
                output_index=0,
                content_index=0,
                part={**part, "text": text},
            )
        yield event("response.output_item.done", output_index=0, item=item)
        yield event("response.completed", response=whole)
