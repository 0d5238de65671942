"""Model files from a hub."""

import contextlib

import pytest

from sampan.contract.errors import PolicyRefused, UpstreamDown
from sampan.providers import hub

DATA = bytes(range(256)) * 40


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    async def chunks(self, limit):
        for start in range(0, len(self.body), 1000):
            yield self.body[start : start + 1000]


class Hub:
    def __init__(self, **replies):
        self.asked, self.ranges = [], replies.pop("ranges", True)
        self.replies = replies

    @contextlib.asynccontextmanager
    async def get(self, url, headers):
        self.asked.append(str(url))
        if url.name in self.replies:
            yield self.replies[url.name]
            return
        start = int(headers.get("range", "bytes=0-")[6:-1])
        if start and self.ranges:
            yield Reply(206, {"content-range": f"bytes {start}-9/10"}, DATA[start:])
        else:
            yield Reply(200, {}, DATA)


async def fetched(server, url="https://hub.example/file", offset=0):
    got, said = [], []
    await hub.fetch(server.get, url, offset, got.append, said.append)
    return b"".join(got), said


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("offset", [0, 1, 999, 1000, 1001, 5000])
async def test_from_any_byte_on(offset, ranges):
    got, said = await fetched(Hub(ranges=ranges), offset=offset)
    assert got == DATA[offset:] and said[-1] == len(DATA) and said == sorted(said)


async def test_redirects_are_followed_to_safe_places_only():
    def moved(to):
        return Hub(old=Reply(302, {"location": to}, b""))

    server = moved("https://cdn.example/file")
    assert (await fetched(server, "https://hub.example/old", 7))[0] == DATA[7:]
    assert server.asked == ["https://hub.example/old", "https://cdn.example/file"]
    assert (await fetched(moved("/file"), "https://hub.example/old"))[0] == DATA
    for to in ("http://cdn.example/file", "https://10.0.0.1/file", "https://localhost/file"):
        server = moved(to)
        with pytest.raises(PolicyRefused):
            await fetched(server, "https://hub.example/old")
        assert len(server.asked) == 1


async def test_circles_end():
    server = Hub(old=Reply(302, {"location": "/old"}, b""))
    with pytest.raises(UpstreamDown, match="circles"):
        await fetched(server, "https://hub.example/old")


async def test_what_is_not_the_file():
    with pytest.raises(UpstreamDown, match="404"):
        await fetched(Hub(file=Reply(404, {}, b"no")))
    with pytest.raises(UpstreamDown, match="another part"):
        await fetched(Hub(file=Reply(206, {"content-range": "bytes 0-9/10"}, DATA)), offset=5)
