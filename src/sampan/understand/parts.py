"""What the parts of a message are called, in every dialect, and which of them can be read.

Source: OpenAI Chat Completions and Responses, Anthropic Messages, as of their current API references.
"""

import re

from sampan.wording import worded

TEXT = frozenset({"text", "input_text", "output_text"})
"""Parts whose `text` a model reads as one with its neighbours."""

READABLE = TEXT | frozenset({
    "refusal", "tool_use", "tool_result", "tool_call", "function_call", "function_call_output", "function", "thinking",
    "redacted_thinking", "reasoning", "reasoning_text", "summary_text", "message", "item_reference", "custom_tool_call",
    "custom_tool_call_output", "server_tool_use", "web_search_call", "web_search_tool_result", "web_search_result",
    "web_search_tool_result_error", "file_search_call", "code_interpreter_call", "code_execution_tool_result",
    "code_execution_result", "bash_code_execution_tool_result", "bash_code_execution_result",
    "text_editor_code_execution_tool_result", "local_shell_call", "local_shell_call_output", "shell_call",
    "shell_call_output", "apply_patch_call", "apply_patch_call_output", "mcp_call", "mcp_list_tools",
    "mcp_approval_request", "mcp_approval_response", "mcp_tool_use", "mcp_tool_result", "web_fetch_tool_result",
    "search_result", "tool_reference", "compaction", "content_block", "output_json", "input_json", "json",
})  # fmt: skip

UNREADABLE = frozenset({
    "image_url", "input_image", "image", "document", "input_file", "file", "input_audio", "audio", "output_audio", "video",
    "video_url", "input_video", "container_upload", "image_generation_call", "computer_call_output", "computer_screenshot",
    "image_file", "media", "pdf",
})  # fmt: skip
"""Known, but nobody here understands their content yet."""

LISTS = frozenset({"messages", "content", "input", "system", "output", "summary", "prompt", "instructions"})
"""Members that hold messages or parts."""

DATA = frozenset({"arguments", "metadata", "tools", "functions", "tool_choice", "response_format", "text", "parameters",
                  "input_schema", "output_config", "prediction"})  # fmt: skip
"""Members below which a list holds plain data, not parts."""

NUMBERS = frozenset({
    "temperature", "top_p", "top_k", "n", "max_tokens", "max_completion_tokens", "max_output_tokens", "seed", "created",
    "created_at", "timestamp", "budget_tokens", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs",
    "dimensions", "expires_at", "min_p", "num_ctx", "num_predict", "max_tool_calls", "index", "updated_at", "completed_at",
    "best_of", "max_length", "maxLength", "minLength", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum",
    "maxItems", "minItems", "start_index", "end_index", "n_keep", "repeat_penalty", "timeout", "timeout_ms",
    "max_num_results", "display_width_px", "display_height_px",
})  # fmt: skip
"""Well-known numeric parameters: only what a checksum proves counts in them."""

STRUCTURE = frozenset({
    "role", "content", "type", "text", "messages", "model", "stream", "name", "id", "arguments", "function", "tools",
    "tool_calls", "tool_call_id", "tool_use_id", "description", "parameters", "properties", "required", "input", "output",
    "system", "input_schema", "strict", "additionalProperties", "tool_choice", "metadata", "user", "assistant", "tool",
    "developer", "object", "string", "number", "integer", "boolean", "array", "items", "enum", "function_call", "call_id",
    "auto", "none", "any", "stream_options", "include_usage", "response_format", "json_schema", "json_object", "schema",
    "store", "instructions", "is_error", "cache_control", "ephemeral", "thinking", "signature", "stop", "stop_sequences",
    "reasoning", "reasoning_effort", "effort", "low", "medium", "high", "status", "completed", "tool_use", "tool_result",
    "input_text", "output_text", "annotations", "refusal", "parallel_tool_calls", "service_tier", "verbosity", "prompt",
    "default", "title", "$schema", "anyOf", "oneOf", "allOf", "format",
}) | NUMBERS  # fmt: skip
"""Names and values of the dialects themselves: nobody's data, so not scanned."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def as_words(name: str) -> str:
    """A member's name as words: `customerPhone` says phone."""
    return _CAMEL.sub(" ", name[:64])


def unread_reason(part: dict[str, object]) -> str:
    """Why a content part cannot be read; empty when it can. Names no type that the caller made up."""
    kind = part.get("type")
    if isinstance(kind, str) and kind in READABLE:
        return ""
    if kind == "document":
        source = part.get("source")
        inner = source.get("type") if isinstance(source, dict) else ""
        return "" if inner in {"text", "content"} else worded("content part 'document' cannot be read yet")
    if isinstance(kind, str) and kind in UNREADABLE:
        return worded(f"content part {kind!r} cannot be read yet")
    if kind is None and isinstance(part.get("role"), str):
        return ""
    return worded("a content part of an unknown type cannot be read")
