"""What a model answers, in every dialect: `whole` as one reply, `events` as a stream in pieces of three characters."""

import json


def pieces(text, size):
    return [text[i : i + size] for i in range(0, len(text), size)] or [""]


def sse(data, event=""):
    name = f"event: {event}\n" if event else ""
    return f"{name}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class Shape:
    """size: characters of each piece of a stream."""

    size = 3


class Chat(Shape):
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
            for piece in pieces(call[1], self.size):
                yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        else:
            for piece in pieces(text, self.size):
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


class Text(Shape):
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
        for piece in pieces(text, self.size):
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


class Messages(Shape):
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
        for piece in pieces(call[1] if call else text, self.size):
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


class Responses(Shape):
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
            for piece in pieces(call[1], self.size):
                yield event("response.function_call_arguments.delta", item_id="fc_1", output_index=0, delta=piece)
            yield event(
                "response.function_call_arguments.done", item_id="fc_1", output_index=0, name=call[0], arguments=call[1]
            )
        else:
            part = {"type": "output_text", "text": "", "annotations": []}
            yield event("response.content_part.added", item_id="msg_1", output_index=0, content_index=0, part=part)
            for piece in pieces(text, self.size):
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


SHAPES = {"chat/completions": Chat, "messages": Messages, "responses": Responses, "completions": Text}
"""Path behind `/v1/` -> what is answered there."""
