"""Model files from a hub: ranges and redirects. No I/O of its own; `egress.py` hands in the way to get."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from urllib.parse import urljoin

from yarl import URL

from sampan.contract.errors import UpstreamDown
from sampan.providers.addresses import public_https

_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_NO_LIMIT = 1 << 50


class _Response(Protocol):
    status: int
    headers: dict[str, str]

    def chunks(self, limit: int) -> AsyncIterator[bytes]: ...


Get = Callable[[URL, dict[str, str]], AbstractAsyncContextManager[_Response]]


async def fetch(
    get: Get, url: str, offset: int, sink: Callable[[bytes], None], progress: Callable[[int], None]
) -> None:
    """Hand every byte from `offset` on to `sink`, following redirects: https, open internet, at most five.

    Raises:
        PolicyRefused: an address is not https, or inside a private network. UpstreamDown: the file does not come.
    """
    headers = {"range": f"bytes={offset}-"} if offset else {}
    for _ in range(_REDIRECTS + 1):
        async with get(public_https(url), headers) as reply:
            if reply.status in _MOVED and reply.headers.get("location"):
                url = urljoin(url, reply.headers["location"])
                continue
            if reply.status not in (200, 206):
                raise UpstreamDown(f"The hub answered {reply.status}.", status=reply.status)
            await _take(reply, offset, sink, progress)
            return
    raise UpstreamDown("The hub redirects in circles.")


async def _take(reply: _Response, offset: int, sink: Callable[[bytes], None], progress: Callable[[int], None]) -> None:
    skip = 0
    if reply.status == 200:
        skip = offset  # this server ignores ranges and begins at 0 again
    elif not reply.headers.get("content-range", "").startswith(f"bytes {offset}-"):
        raise UpstreamDown("The hub sent another part of the file than was asked for.")
    done = offset - skip
    async for chunk in reply.chunks(_NO_LIMIT):
        done += len(chunk)
        wanted = chunk[skip:]
        skip -= len(chunk) - len(wanted)
        if wanted:
            sink(wanted)
            progress(done)
