"""Endpoints that speak OpenAI's dialects. Formats: the vendor's API reference, as of the openai package 3.57."""

from typing import ClassVar

from sampan.contract.cleared import Cleared
from sampan.contract.errors import UpstreamError
from sampan.contract.request import Dialect, Json
from sampan.providers.upstream import Upstream

_NO_SUCH_PATH = frozenset({404, 405, 501})


class OpenAIProvider(Upstream):
    """Chat completions, completions, responses and embeddings as they come; messages translated to chat."""

    paths: ClassVar = {
        Dialect.CHAT: "/chat/completions",
        Dialect.COMPLETIONS: "/completions",
        Dialect.RESPONSES: "/responses",
        Dialect.EMBEDDINGS: "/embeddings",
    }
    common = Dialect.CHAT

    def headers(self, cleared: Cleared) -> dict[str, str]:
        """The key as a bearer token, and the caller's idempotency key."""
        out = {"content-type": "application/json"}
        if self._secret:
            out["authorization"] = f"Bearer {self._secret.reveal()}"
        if key := cleared.headers.get("idempotency-key"):
            out["idempotency-key"] = key
        return out

    def dressed(self, target: Dialect, body: Json) -> Json:
        """Streams report their tokens; nothing is stored at the vendor's (Sampan keeps the state)."""
        if target is Dialect.RESPONSES:
            body["store"] = False
            body.pop("previous_response_id", None)
        elif target in (Dialect.CHAT, Dialect.COMPLETIONS) and body.get("stream"):
            options = body.get("stream_options")
            body["stream_options"] = {**(options if isinstance(options, dict) else {}), "include_usage": True}
        return body

    def lacks(self, target: Dialect, error: UpstreamError) -> bool:
        """Many endpoints have no `/responses`. A 404 about the model is no answer about the path."""
        if target is not Dialect.RESPONSES or error.upstream_status not in _NO_SUCH_PATH:
            return False
        inner = error.upstream.get("error") if isinstance(error.upstream, dict) else None
        about_model = inner.get("code") == "model_not_found" or inner.get("param") == "model" if inner else False
        return not about_model
