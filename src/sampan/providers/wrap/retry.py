"""Try again, before anything was handed on: the same model, the same cleared body."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from email.utils import parsedate_to_datetime
from typing import cast

from sampan.contract.answer import Event, Started
from sampan.contract.cleared import Cleared
from sampan.contract.errors import UpstreamError, UpstreamTimeout
from sampan.contract.ports import Provider

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
LONGEST_ASKED_S = 20.0
"""A Retry-After beyond this is handed on to the caller instead of waited for."""
TOTAL_WAIT_S = 60.0


class Retry:
    """A provider that tries again up to `model.retries` times, with growing waits.

    Only failures that may pass: no connection, or a status of 429, 500, 502, 503, 504, 529; never an endpoint that
    took too long, which may still be at work. Waits honour Retry-After and add up to at most a minute.
    """

    def __init__(self, provider: Provider, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.provider = provider
        self.model = provider.model
        self._sleep = sleep

    async def run(self, cleared: Cleared) -> AsyncGenerator[Event, None]:
        """As the provider's own. `Started` comes together with the first Frame."""
        waited = 0.0
        for attempt in range(1, self.model.retries + 2):
            held: Started | None = None
            begun = False
            try:
                async with aclosing(_generator(self.provider.run(cleared))) as events:
                    async for event in events:
                        if not begun and isinstance(event, Started):
                            held = event
                            continue
                        if not begun and held is not None:
                            yield held
                        begun = True
                        yield event
                return
            except UpstreamError as error:
                wait = _wait(error, attempt)
                if begun or not self._again(error, attempt, waited + wait):
                    raise
            waited += wait
            await self._sleep(wait)

    def _again(self, error: UpstreamError, attempt: int, waited: float) -> bool:
        passing = error.retryable and not isinstance(error, UpstreamTimeout)
        return passing and attempt <= self.model.retries and waited <= TOTAL_WAIT_S

    async def health(self) -> str:
        """The provider's."""
        return await self.provider.health()

    async def aclose(self) -> None:
        """Close the provider."""
        await self.provider.aclose()


def _generator(events: AsyncIterator[Event]) -> AsyncGenerator[Event, None]:
    """Providers write `run` as an async generator, though the Protocol asks only for an iterator."""
    return cast("AsyncGenerator[Event, None]", events)


def _wait(error: UpstreamError, attempt: int) -> float:
    """Seconds until the next attempt; infinite when the endpoint asks for too long."""
    asked = _asked(error.headers)
    if asked > LONGEST_ASKED_S:
        return float("inf")
    backoff: float = min(FIRST_WAIT_S * 2 ** (attempt - 1), LONGEST_WAIT_S)
    return max(asked, backoff * random.uniform(0.5, 1.0))  # noqa: S311 - spreads clients, hides nothing


def _asked(headers: dict[str, str]) -> float:
    """What Retry-After says, in seconds: a number or a date (RFC 9110, 10.2.3); zero when it says nothing."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after", "0")
        return max(0.0, float(value) if value[:1].isdigit() else parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return 0.0
