"""What the tests of the local engine share: a real small model, cleared requests, a plain door."""

import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sampan.contract import cleared as contract
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.contract.models import Model
from sampan.contract.request import Dialect, Form, Principal, Request, Route
from sampan.providers.local.catalogue import as_model
from tests.support.models import smollm2

MODEL = as_model("smollm2-135m", context=1024, capabilities=frozenset({"chat", "completions", "tools", "json_schema"}))


class _Response:
    def __init__(self, reply: aiohttp.ClientResponse) -> None:
        self._reply, self.status, self.headers = reply, reply.status, {}

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._reply.content.iter_any():
                yield chunk
        except aiohttp.ClientError as error:
            raise StreamCut("cut") from error

    async def read(self) -> bytes:
        try:
            return await self._reply.read()
        except aiohttp.ClientError as error:
            raise UpstreamDown("broken") from error


class Door:
    """`egress.post` and nothing else of it. One session, as there: connections are kept where the server allows."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @contextlib.asynccontextmanager
    async def post(self, cleared, url, body, headers, *, timeout_s):
        cleared.sent.append(body)
        try:
            reply = await self._session.post(url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(timeout_s))
        except aiohttp.ClientError as error:
            raise UpstreamDown("no connection") from error
        try:
            yield _Response(reply)
        except BaseException:
            reply.close()
            raise
        finally:
            reply.release()


@pytest.fixture
async def door():
    async with aiohttp.ClientSession() as session:
        yield Door(session)


def make_cleared(body, dialect=Dialect.CHAT, user="ann", model: Model = MODEL):
    """What `protect` would hand to a provider, for a body without findings."""
    request = Request(
        id="rcp_test", dialect=dialect, body=body, principal=Principal(user), asked=model.name,
        stream=bool(body.get("stream")), received=0.0,
    )  # fmt: skip
    return contract.Cleared(contract._SEAL, request, Route(model, Form()), body, {})


@pytest.fixture(scope="session")
def model_file():
    return smollm2()
