"""Translation between vendor dialects: pure functions, no I/O."""

from collections.abc import Callable
from typing import Protocol

from sampan.contract.answer import Frame, Usage
from sampan.contract.errors import NotOffered
from sampan.contract.request import Dialect, Json
from sampan.providers.translate.chat_reply_to_completions import ChatToCompletions
from sampan.providers.translate.chat_reply_to_messages import ChatToMessages
from sampan.providers.translate.chat_reply_to_responses import ChatToResponses
from sampan.providers.translate.chat_to_messages import chat_to_messages
from sampan.providers.translate.completions_to_chat import completions_to_chat
from sampan.providers.translate.ends import Tokens
from sampan.providers.translate.messages_reply_to_chat import MessagesToChat
from sampan.providers.translate.messages_to_chat import messages_to_chat
from sampan.providers.translate.responses_to_chat import responses_to_chat

__all__ = ["Incoming", "outgoing"]


class _Reply(Protocol):
    """One step of the way back: from one dialect's answer to another's."""

    def frame(self, frame: Frame) -> list[Frame]: ...

    def finish(self) -> list[Frame]: ...

    def whole(self, body: Json) -> Json: ...


# One hop of a request, and the step that undoes it for the answer; `request` is the hop's own input.
_Hop = tuple[Callable[[Json], Json], Callable[[Json], _Reply]]
_MESSAGES_CHAT: _Hop = (messages_to_chat, ChatToMessages)
_CHAT_MESSAGES: _Hop = (chat_to_messages, MessagesToChat)
_COMPLETIONS_CHAT: _Hop = (completions_to_chat, ChatToCompletions)
_RESPONSES_CHAT: _Hop = (responses_to_chat, ChatToResponses)
_HOPS: dict[tuple[Dialect, Dialect], tuple[_Hop, ...]] = {
    (Dialect.MESSAGES, Dialect.CHAT): (_MESSAGES_CHAT,),
    (Dialect.CHAT, Dialect.MESSAGES): (_CHAT_MESSAGES,),
    (Dialect.COMPLETIONS, Dialect.CHAT): (_COMPLETIONS_CHAT,),
    (Dialect.COMPLETIONS, Dialect.MESSAGES): (_COMPLETIONS_CHAT, _CHAT_MESSAGES),
    (Dialect.RESPONSES, Dialect.CHAT): (_RESPONSES_CHAT,),
    (Dialect.RESPONSES, Dialect.MESSAGES): (_RESPONSES_CHAT, _CHAT_MESSAGES),
}


def _hops(source: Dialect, target: Dialect) -> tuple[_Hop, ...]:
    if source == target:
        return ()
    try:
        return _HOPS[source, target]
    except KeyError:
        raise NotOffered(f"A request in `{source}` cannot be translated into `{target}`.") from None


def outgoing(source: Dialect, target: Dialect, body: Json) -> Json:
    """Translate a request body from the caller's dialect into the model's; the same object when they are equal.

    Never changes `body`; parts that need no change are shared with it. A field without a counterpart is
    left out; content without one is an error. A streamed request asks for the usage of the stream.

    Raises:
        BadRequest: content, a tool or an option has no counterpart, or a value is of the wrong type.
        NotOffered: there is no translation between the two.
    """
    for forth, _ in _hops(source, target):
        body = forth(body)
    return body


class Incoming:
    """Turns what a model answers (target dialect) into the caller's dialect (source).

    One object for one answer: either `frame` for each event and `finish` at the end of the stream, or
    `whole` once. `usage` is filled on the way; its `input` counts cached tokens too.
    """

    def __init__(self, source: Dialect, target: Dialect, request: Json) -> None:
        self._tokens = Tokens()
        self._steps: list[_Reply] = []
        hops = _hops(source, target)
        for number, (forth, back) in enumerate(hops, 1):
            self._steps.insert(0, back(request))
            if number < len(hops):
                request = forth(request)

    @property
    def usage(self) -> Usage:
        """Tokens as reported so far."""
        return self._tokens.usage

    def frame(self, frame: Frame) -> list[Frame]:
        """Translate one event.

        Raises:
            UpstreamDown: the event reports an error.
        """
        self._tokens.read(frame.data)
        frames = [frame]
        for step in self._steps:
            frames = [out for one in frames for out in step.frame(one)]
        return frames

    def finish(self) -> list[Frame]:
        """The closing events, when the model's stream has ended.

        Raises:
            StreamCut: the answer had not ended.
        """
        frames: list[Frame] = []
        for step in self._steps:
            frames = [out for one in frames for out in step.frame(one)] + step.finish()
        return frames

    def whole(self, body: Json) -> Json:
        """Translate a plain reply."""
        self._tokens.read(body)
        for step in self._steps:
            body = step.whole(body)
        return body
