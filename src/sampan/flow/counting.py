"""Counting tokens for models whose endpoint cannot: an estimate, made here, nothing sent."""

from collections.abc import AsyncIterator, Iterator

from sampan.contract.answer import End, Event, Frame, Started
from sampan.contract.cleared import Cleared
from sampan.contract.models import Wire
from sampan.contract.request import Dialect

_PER_MESSAGE = 4


def counts_itself(cleared: Cleared) -> bool:
    """Whether the model answers this request itself: everything but a count asked of another wire than Anthropic's."""
    return cleared.dialect is not Dialect.COUNT_TOKENS or Wire.ANTHROPIC in cleared.model.wire


async def estimate(cleared: Cleared) -> AsyncIterator[Event]:
    """Answer a count request: a token per four ASCII characters, one per other character, four per message."""
    messages = cleared.body.get("messages")
    tokens = _PER_MESSAGE * len(messages) if isinstance(messages, list) else 0
    for text in _texts(cleared.body):
        ascii_only = sum(character < "\x80" for character in text)
        tokens += ascii_only // 4 + len(text) - ascii_only + 1
    yield Started()
    yield Frame({"input_tokens": tokens})
    yield End()


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
