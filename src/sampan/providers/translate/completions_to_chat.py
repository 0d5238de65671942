"""Legacy completions requests as chat-completions requests: the prompt is one user message."""

from typing import Any

from sampan.contract.errors import BadRequest
from sampan.contract.request import Json
from sampan.providers.translate.shape import copied

_SAME = (
    "model", "max_tokens", "temperature", "top_p", "n", "stream", "stop", "presence_penalty",
    "frequency_penalty", "logit_bias", "user", "seed",
)  # fmt: skip


def completions_to_chat(body: Json) -> Json:
    """Translate a request body.

    Raises:
        BadRequest: several prompts, token ids, a suffix, or `best_of`.
    """
    if body.get("suffix"):
        raise BadRequest("`suffix` is not offered with this model.", param="suffix")
    if body.get("best_of") not in (None, 1):
        raise BadRequest("`best_of` is not offered with this model.", param="best_of")
    out = copied(body, _SAME)
    out["messages"] = [{"role": "user", "content": prompt_of(body.get("prompt"))}]
    if body.get("stream"):
        out["stream_options"] = {"include_usage": True}
    logprobs = body.get("logprobs")
    if isinstance(logprobs, int) and not isinstance(logprobs, bool):
        out["logprobs"] = True
        if logprobs > 0:
            out["top_logprobs"] = logprobs
    return out


def prompt_of(prompt: Any) -> str:
    """The one prompt.

    Raises:
        BadRequest: there is none, there are several, or it is made of token ids.
    """
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str):
        raise BadRequest("`prompt` has to be one string with this model.", param="prompt")
    return prompt
