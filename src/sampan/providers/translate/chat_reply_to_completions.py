"""Chat-completions answers as legacy completions. Format: `openai.types.Completion` of openai 3.57."""

from typing import Any

from sampan.contract.answer import Frame
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.contract.ids import new_id
from sampan.contract.request import Json
from sampan.providers.translate.completions_to_chat import prompt_of
from sampan.providers.translate.shape import said_number, said_object, said_objects, said_text

_FINISH = {"length": "length", "content_filter": "content_filter"}


class ChatToCompletions:
    """Writes one completion. request: the caller's completions request."""

    def __init__(self, request: Json) -> None:
        self._id = new_id("cmpl")
        options = request.get("stream_options")
        self._counted = isinstance(options, dict) and bool(options.get("include_usage"))
        self._echo = prompt_of(request.get("prompt")) if request.get("echo") else ""
        self._echoed: set[int] = set()
        self._lengths: dict[int, int] = {}
        self._open: set[int] = set()
        self._ended = False

    def frame(self, frame: Frame) -> list[Frame]:
        """Take one chunk.

        Raises:
            UpstreamDown: it reports an error.
        """
        data = frame.data
        _check(data)
        choices = []
        for choice in said_objects(data.get("choices")):
            index = said_number(choice.get("index"))
            text = said_text(said_object(choice.get("delta")).get("content"))
            finish = said_text(choice.get("finish_reason"))
            (self._open.discard if finish else self._open.add)(index)
            self._ended = self._ended or bool(finish)
            text = self._begin(index) + text
            if text or finish:
                choices.append(self._choice(index, text, choice))
        if choices:
            return [Frame(data=self._base(data) | {"choices": choices} | ({"usage": None} if self._counted else {}))]
        if self._counted and data.get("usage"):
            return [Frame(data=self._base(data) | {"choices": [], "usage": data["usage"]})]
        return []

    def finish(self) -> list[Frame]:
        """Nothing more to say.

        Raises:
            StreamCut: a choice had not ended.
        """
        if self._open or not self._ended:
            raise StreamCut("The model's stream ended in the middle of the answer.")
        return []

    def whole(self, body: Json) -> Json:
        """Translate a plain reply.

        Raises:
            UpstreamDown: it holds no answer.
        """
        _check(body)
        if not said_objects(body.get("choices")):
            raise UpstreamDown("The model's reply holds no answer.", upstream=body)
        choices = []
        for choice in said_objects(body.get("choices")):
            index = said_number(choice.get("index"))
            text = self._begin(index) + said_text(said_object(choice.get("message")).get("content"))
            choices.append(self._choice(index, text, choice))
        usage = {"usage": body["usage"]} if isinstance(body.get("usage"), dict) else {}
        return self._base(body) | {"choices": choices} | usage

    def _begin(self, index: int) -> str:
        if index in self._echoed:
            return ""
        self._echoed.add(index)
        return self._echo

    def _base(self, data: Json) -> Json:
        created, model = said_number(data.get("created")), said_text(data.get("model"))
        return {"id": self._id, "object": "text_completion", "created": created, "model": model}

    def _choice(self, index: int, text: str, choice: Json) -> Json:
        finish = said_text(choice.get("finish_reason"))
        start = self._lengths.get(index, 0)
        self._lengths[index] = start + len(text)
        return {
            "index": index,
            "text": text,
            "logprobs": _logprobs(choice.get("logprobs"), start),
            "finish_reason": _FINISH.get(finish, "stop") if finish else None,
        }


def _check(data: Json) -> None:
    if data.get("error"):
        raise UpstreamDown("The model's endpoint reported an error in the middle of its answer.", upstream=data)


def _logprobs(logprobs: Any, start: int) -> Json | None:
    """A chat reply's log probabilities in the older shape; offsets count characters."""
    tokens = said_objects(said_object(logprobs).get("content"))
    if not tokens:
        return None
    offsets = []
    for token in tokens:
        offsets.append(start)
        start += len(said_text(token.get("token")))
    return {
        "tokens": [said_text(token.get("token")) for token in tokens],
        "token_logprobs": [token.get("logprob") for token in tokens],
        "top_logprobs": [_top(token) for token in tokens],
        "text_offset": offsets,
    }


def _top(token: Json) -> Json:
    return {said_text(top.get("token")): top.get("logprob") for top in said_objects(token.get("top_logprobs"))}
