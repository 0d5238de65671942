"""Counting tokens where a model's endpoint does not: an estimate, made here, nothing sent."""

from collections.abc import AsyncIterator, Iterator

from sampan.contract.answer import End, Event, Frame, Started, Usage
from sampan.contract.cleared import Cleared
from sampan.contract.models import Wire
from sampan.contract.request import Dialect

_PER_MESSAGE = 4
_COUNTING = frozenset({Wire.ANTHROPIC, Wire.LOCAL})


def counts_itself(cleared: Cleared) -> bool:
    """Whether the model answers this request itself: everything but a count that its wire does not have."""
    return cleared.dialect is not Dialect.COUNT_TOKENS or not _COUNTING.isdisjoint(cleared.model.wire)


async def estimate(cleared: Cleared) -> AsyncIterator[Event]:
    """Answer a count request: a token per four ASCII characters, one per other character, four per message."""
    yield Started()
    yield Frame({"input_tokens": asked_tokens(cleared)})
    yield End()


def counted(usage: Usage, cleared: Cleared, frames: int, last: Frame) -> Usage:
    """What the provider counted; an estimate where it counted nothing, so that nobody's answer looks free.

    frames: events of the answer; a streamed one holds about a token each. last: the only frame of a whole answer.
    """
    if usage.input or usage.output or cleared.dialect is Dialect.COUNT_TOKENS:
        return usage
    output = frames if cleared.stream else 0 if cleared.dialect is Dialect.EMBEDDINGS else _tokens(last.data)
    return Usage(input=asked_tokens(cleared), output=output, estimated=True)


def asked_tokens(cleared: Cleared) -> int:
    """Roughly the tokens of what a model was asked."""
    messages = cleared.body.get("messages")
    return _tokens(cleared.body) + (_PER_MESSAGE * len(messages) if isinstance(messages, list) else 0)


def _tokens(value: object) -> int:
    tokens = 0
    for text in _texts(value):
        ascii_only = sum(character < "\x80" for character in text)
        tokens += ascii_only // 4 + len(text) - ascii_only + 1
    return tokens


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in {"model", "role", "type"}:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
