"""Endpoints that speak Anthropic's dialect. Format: the vendor's API reference, as of the anthropic package 2.13."""

from typing import ClassVar

from sampan.contract.cleared import Cleared
from sampan.contract.request import Dialect
from sampan.providers.upstream import Upstream

VERSION = "2023-06-01"
"""Sent when the caller names none."""
_PASSED_ON = ("anthropic-version", "anthropic-beta", "idempotency-key")


class AnthropicProvider(Upstream):
    """Messages and their token counts as they come; chat, completions and responses translated to messages."""

    paths: ClassVar = {Dialect.MESSAGES: "/messages", Dialect.COUNT_TOKENS: "/messages/count_tokens"}
    common = Dialect.MESSAGES

    def headers(self, cleared: Cleared) -> dict[str, str]:
        """The key as `x-api-key`, the version, and what callers may choose."""
        out = {"content-type": "application/json", "anthropic-version": VERSION}
        if self._secret:
            out["x-api-key"] = self._secret.reveal()
        out.update((name, cleared.headers[name]) for name in _PASSED_ON if name in cleared.headers)
        return out
