"""The vendor endpoints that run models: /v1/chat/completions and its kin."""

import asyncio
import contextlib
import logging
from typing import Self

from sampan.contract.errors import SampanError
from sampan.contract.request import Held
from sampan.flow.answer import Answer
from sampan.flow.collaborate import collaborate
from sampan.flow.run import run
from sampan.flow.stages import Stages
from sampan.serve import wire
from sampan.serve.api.faces import Face, error_event, error_value, event_bytes
from sampan.serve.api.facts import answer_headers, early_headers, error_headers
from sampan.serve.api.metrics import count_answer, count_error, count_left
from sampan.serve.api.reading import read
from sampan.serve.faults import unexpected
from sampan.serve.guard import Guard

log = logging.getLogger("sampan.serve")


class Inference:
    """Runs requests of every vendor dialect; knows HTTP, knows nothing of models."""

    def __init__(self, stages: Stages, guard: Guard, max_body: int) -> None:
        self._stages, self._guard, self._max_body = stages, guard, max_body

    async def __call__(self, face: Face, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        """Answer one HTTP request."""
        receipt, line = "", _Line(receive, send)
        try:
            headers = wire.headers_of(scope)
            self._guard.check_host(headers)
            principal = self._guard.principal(scope, headers)
            request = await read(face, headers, principal, receive, self._max_body)
            receipt = request.id
            line.receipt = receipt
            async with line:
                way = run if request.together is None else collaborate
                answer = await way(request, self._stages, line if request.stream else None)
                await self._send(face, answer, line)
        except wire.ClientLeft:
            count_left()
        except SampanError as error:
            await self._refuse(face, error, line)
        except Exception as error:  # noqa: BLE001 - the caller has to be told something, whatever it was
            await self._refuse(face, unexpected(error, receipt), line)

    async def _send(self, face: Face, answer: Answer, line: "_Line") -> None:
        try:
            if answer.request.stream:
                failure = await self._stream(face, answer, line)
            else:
                frames = [frame async for frame in answer.frames]
                await wire.send_json(
                    line.send, 200, frames[0].data, answer_headers(answer, self._stages.recorder.head())
                )
                failure = None
        finally:
            await answer.frames.aclose()
        if failure is None:
            count_answer(answer)
        else:
            _note(failure)

    async def _stream(self, face: Face, answer: Answer, line: "_Line") -> SampanError | None:
        """Send every frame, together what came together; a failure in the middle becomes the last event, and is returned."""
        failure: SampanError | None = None
        number = 0
        waiting: list[bytes] = []
        send = line.send
        if not line.began:
            await wire.start_stream(send, answer_headers(answer, self._stages.recorder.head()))
        try:
            async for frame in answer.frames:
                waiting.append(event_bytes(face, frame))
                number += 1
                if not frame.more:
                    await wire.send_part(send, b"".join(waiting))
                    waiting.clear()
        except wire.ClientLeft:
            raise
        except SampanError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - a stream that just stops would look like a success
            failure = unexpected(error, answer.request.id)
        if failure is not None:
            waiting.append(error_event(face, failure, number))
        elif face.done:
            waiting.append(b"data: [DONE]\n\n")
        if waiting:
            await wire.send_part(send, b"".join(waiting))
        await wire.end_stream(send)
        return failure

    async def _refuse(self, face: Face, error: SampanError, line: "_Line") -> None:
        _note(error)
        head = self._stages.recorder.head()
        with contextlib.suppress(wire.ClientLeft):
            if line.began:
                await wire.send_part(line.send, error_event(face, error))
                await wire.end_stream(line.send)
            else:
                headers = error_headers(error, head)
                await wire.send_json(line.send, error.http_status, error_value(face, error), headers)


def _note(error: SampanError) -> None:
    count_error(error)
    log.log(logging.getLevelNamesMapping()[error.level.upper()], "%s %s", error.code, error.receipt)


class _Line:
    """The line to the caller while a model works: a hang-up cancels the handler, so that the model stops too.

    began: a stream's headers went out already, while its request waited for an approval or was on trial.
    """

    def __init__(self, receive: wire.Receive, send: wire.Send) -> None:
        self.send, self.receipt, self.began = send, "", False
        self._receive, self._handler, self._gone = receive, asyncio.current_task(), False
        self._watcher: asyncio.Task[None] | None = None

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._handler is not None:
            self._handler.cancel()

    async def kept(self, held: Held) -> None:
        """As `flow.line.Line`: a comment in the stream. Who left is seen by the watcher."""
        await self._sign(b": waits for approval %s\n\n" % held.approval.encode(), held.approval)

    async def working(self) -> None:
        """As `flow.line.Line`."""
        await self._sign(b": working\n\n")

    async def _sign(self, comment: bytes, approval: str = "") -> None:
        with contextlib.suppress(wire.ClientLeft):
            if not self.began:
                self.began = True
                await wire.start_stream(self.send, early_headers(self.receipt, approval))
            await wire.send_part(self.send, comment)

    async def __aenter__(self) -> Self:
        self._watcher = asyncio.get_running_loop().create_task(self._watch())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
        if kind is asyncio.CancelledError and self._gone and self._handler is not None:
            self._handler.uncancel()
            raise wire.ClientLeft from None
