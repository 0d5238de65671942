"""Why an answer ended and what it cost, in each vendor's words."""

from typing import Any

from sampan.contract.answer import Usage
from sampan.contract.request import Json

FINISH_TO_STOP = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}
STOP_TO_FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}

_HOLDERS = frozenset({"usage", "message", "response"})
"""Members of an answer, or of an event, in which counts may stand."""


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _member(value: Any, name: str) -> Json:
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


class Tokens:
    """Token counts of one answer, gathered from whatever the model's endpoint reports.

    prompt: all input tokens, those read from and written to a cache included (OpenAI's way of counting).
    """

    def __init__(self) -> None:
        self.prompt = self.output = self.cached = self.written = self.reasoning = 0

    @property
    def usage(self) -> Usage:
        """For the receipt."""
        return Usage(input=self.prompt, output=self.output, cached=self.cached)

    def read(self, data: Json) -> None:
        """Take over the counts in a reply or a stream event, if it has any."""
        if _HOLDERS.isdisjoint(data):  # nearly every event of a stream
            return
        for holder in (data, data.get("message"), data.get("response")):
            counts = holder.get("usage") if isinstance(holder, dict) else None
            if not isinstance(counts, dict):
                continue
            if "prompt_tokens" in counts:
                self._read_chat(counts)
            elif "input_tokens_details" in counts or "total_tokens" in counts:
                self._read_responses(counts)
            else:
                self._read_messages(counts)

    def _read_chat(self, counts: Json) -> None:
        details = _member(counts, "prompt_tokens_details")
        self.prompt, self.output = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
        self.cached, self.written = _count(details.get("cached_tokens")), _count(details.get("cache_write_tokens"))
        self.reasoning = _count(_member(counts, "completion_tokens_details").get("reasoning_tokens"))

    def _read_responses(self, counts: Json) -> None:
        details = _member(counts, "input_tokens_details")
        self.prompt, self.output = _count(counts.get("input_tokens")), _count(counts.get("output_tokens"))
        self.cached, self.written = _count(details.get("cached_tokens")), _count(details.get("cache_write_tokens"))
        self.reasoning = _count(_member(counts, "output_tokens_details").get("reasoning_tokens"))

    def _read_messages(self, counts: Json) -> None:
        # Counts in a message_delta are cumulative; those it leaves out keep message_start's value.
        fresh = self.prompt - self.cached - self.written
        if counts.get("cache_read_input_tokens") is not None:
            self.cached = _count(counts["cache_read_input_tokens"])
        if counts.get("cache_creation_input_tokens") is not None:
            self.written = _count(counts["cache_creation_input_tokens"])
        if counts.get("input_tokens") is not None:
            fresh = _count(counts["input_tokens"])
        self.prompt = fresh + self.cached + self.written
        if counts.get("output_tokens") is not None:
            self.output = _count(counts["output_tokens"])
        thinking = _member(counts, "output_tokens_details").get("thinking_tokens")
        self.reasoning = _count(thinking) or self.reasoning

    def for_chat(self) -> Json:
        """`usage` of a chat completion."""
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.output,
            "total_tokens": self.prompt + self.output,
            "prompt_tokens_details": {"cached_tokens": self.cached, "cache_write_tokens": self.written},
            "completion_tokens_details": {"reasoning_tokens": self.reasoning},
        }

    def for_messages(self) -> Json:
        """`usage` of a message: `input_tokens` leaves out what the cache gave or took."""
        counts: Json = {
            "input_tokens": max(0, self.prompt - self.cached - self.written),
            "output_tokens": self.output,
            "cache_read_input_tokens": self.cached,
            "cache_creation_input_tokens": self.written,
        }
        if self.reasoning:
            counts["output_tokens_details"] = {"thinking_tokens": self.reasoning}
        return counts

    def for_responses(self) -> Json:
        """`usage` of a response."""
        return {
            "input_tokens": self.prompt,
            "input_tokens_details": {"cached_tokens": self.cached, "cache_write_tokens": self.written},
            "output_tokens": self.output,
            "output_tokens_details": {"reasoning_tokens": self.reasoning},
            "total_tokens": self.prompt + self.output,
        }
