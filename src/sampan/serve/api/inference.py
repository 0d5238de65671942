"""The vendor endpoints that run models: /v1/chat/completions and its kin."""

import asyncio
import logging
from typing import Self

import msgspec

from sampan.contract.errors import BadRequest, SampanError
from sampan.contract.ids import new_id
from sampan.contract.labels import Kind
from sampan.contract.request import Decided, Json, Request, Unmask
from sampan.flow.answer import Answer
from sampan.flow.run import Stages, now, run
from sampan.serve import wire
from sampan.serve.api.faces import Face, check_shape, error_event, error_value, event_bytes
from sampan.serve.api.metrics import count_answer, count_error
from sampan.serve.guard import Guard
from sampan.serve.parse import parse_object

log = logging.getLogger("sampan.serve")

UPSTREAM_HEADERS = frozenset({"anthropic-beta", "anthropic-version", "idempotency-key"})
"""The only headers of a caller that may go to a model."""

_OWN_MEMBERS = frozenset({"sampan", "sampan_unmask"})
_INTERNAL = SampanError("Something went wrong inside Sampan; nothing more was sent.")


class Inference:
    """Runs requests of every vendor dialect; knows HTTP, knows nothing of models."""

    def __init__(self, stages: Stages, guard: Guard, max_body: int) -> None:
        self._stages, self._guard, self._max_body = stages, guard, max_body

    async def __call__(self, face: Face, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        """Answer one HTTP request."""
        head = ""
        try:
            request = await self.read(face, scope, receive)
            head = self._stages.recorder.head()
            with _Line(receive):
                answer = await run(request, self._stages)
                await self._send(face, answer, head, send)
        except wire.ClientLeft:
            return
        except SampanError as error:
            await _refuse(face, error, head, send)
        except Exception:
            log.exception("unexpected failure in %s", scope["path"])
            await _refuse(face, _INTERNAL, head, send)

    async def read(self, face: Face, scope: wire.Scope, receive: wire.Receive) -> Request:
        """Check the caller, read and parse the body.

        Raises:
            SampanError: whatever is wrong with the caller or the body.
        """
        received = now()
        headers = wire.headers_of(scope)
        self._guard.check_host(headers)
        principal = self._guard.principal(scope, headers)
        _check_type(headers)
        raw = await wire.read_body(receive, headers, self._max_body)
        body = parse_object(raw)
        check_shape(face, body)
        return Request(
            id=new_id("rcp"),
            dialect=face.dialect,
            body={k: v for k, v in body.items() if k not in _OWN_MEMBERS} if _OWN_MEMBERS & body.keys() else body,
            principal=principal,
            asked=body["model"],
            stream=body.get("stream") is True,
            received=received,
            headers={name: headers[name] for name in UPSTREAM_HEADERS & headers.keys()},
            unmask=unmask_of(body),
            text_size=len(raw),
        )

    async def _send(self, face: Face, answer: Answer, head: str, send: wire.Send) -> None:
        headers = answer_headers(answer, head)
        if answer.request.stream:
            await _stream(face, answer, headers, send)
        else:
            frames = [frame async for frame in answer.frames]
            await wire.send_json(send, 200, frames[-1].data, headers)
        count_answer(answer)


async def _stream(face: Face, answer: Answer, headers: wire.Headers, send: wire.Send) -> None:
    await wire.start_stream(send, headers)
    try:
        async for frame in answer.frames:
            await wire.send_part(send, event_bytes(face, frame))
        if face.done:
            await wire.send_part(send, b"data: [DONE]\n\n")
    except SampanError as error:
        await wire.send_part(send, error_event(face, error))
    except Exception:
        log.exception("unexpected failure in a stream")
        await wire.send_part(send, error_event(face, _INTERNAL))
    finally:
        await answer.frames.aclose()
    await wire.end_stream(send)


async def _refuse(face: Face, error: SampanError, head: str, send: wire.Send) -> None:
    count_error(error)
    log.log(logging.getLevelNamesMapping()[error.level.upper()], "%s %s", error.code, error.receipt)
    await wire.send_json(send, error.http_status, error_value(face, error), error_headers(error, head))


class _Line:
    """The line to the caller while a model works: a hang-up cancels the handler, so that the model stops too."""

    def __init__(self, receive: wire.Receive) -> None:
        self._receive, self._handler, self.gone = receive, asyncio.current_task(), False
        self._watcher: asyncio.Task[None] | None = None

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self._handler is not None:
            self._handler.cancel()

    def __enter__(self) -> Self:
        self._watcher = asyncio.get_running_loop().create_task(self._watch())
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        if self._watcher is not None:
            self._watcher.cancel()
        if kind is asyncio.CancelledError and self.gone and self._handler is not None:
            self._handler.uncancel()
            return True
        return False


def _check_type(headers: dict[str, str]) -> None:
    kind = headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if kind != "application/json":
        raise BadRequest("Content-Type must be application/json.")


def unmask_of(body: Json) -> tuple[Unmask, ...]:
    """The caller's statements that a finding is a false one.

    `sampan_unmask: [{"text": …, "reason": …}]`, or the same under `sampan.unmask`.

    Raises:
        BadRequest: of another shape, or without a reason.
    """
    own = body.get("sampan")
    value = body.get("sampan_unmask") or (own.get("unmask") if isinstance(own, dict) else None)
    if not value:
        return ()
    try:
        asked = msgspec.convert(value, tuple[Unmask, ...])
    except msgspec.ValidationError:
        raise BadRequest(
            'Each item to unmask needs `text` and `reason`: [{"text": "…", "reason": "…"}].', param="sampan_unmask"
        ) from None
    if not all(each.text and each.reason.strip() for each in asked):
        raise BadRequest("Each item to unmask needs a text and a reason.", param="sampan_unmask")
    return asked


def answer_headers(answer: Answer, head: str) -> wire.Headers:
    """The facts of an answer, as headers."""
    request, route, decided = answer.request, answer.route, answer.decided
    counts = decided.labelled.labels.counts
    masked = ",".join(
        f"{kind}={counts.get(kind, 0)}" for kind in sorted(route.form.masked) if kind is not Kind.LOOKALIKE
    )
    rules = sorted({rule for refusal in decided.refused for rule in refusal.rules if refusal.model == route.model.name})
    facts = {
        **{name: value for name, value in answer.headers.items() if name not in {"request-id", "x-request-id"}},
        "x-request-id": answer.headers.get("x-request-id", request.id),
        "request-id": answer.headers.get("request-id", request.id),
        "sampan-receipt": f"{request.id}; head={head}",
        "sampan-model": route.model.name,
        "sampan-place": f"{route.model.realm}/{route.model.site}",
        "sampan-form": route.form.name,
        "sampan-masked": masked,
        "sampan-rule": ",".join(rules),
    }
    return [_header(name, value) for name, value in facts.items() if value]


def error_headers(error: SampanError, head: str) -> wire.Headers:
    """Headers of an error: its receipt, the upstream's own (Retry-After), when to come back."""
    facts = dict(getattr(error, "headers", {}))
    if error.receipt:
        facts["sampan-receipt"] = f"{error.receipt}; head={head}"
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        facts.setdefault("retry-after", str(int(wait)))
    return [_header(name, value) for name, value in facts.items()]


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    safe = "".join(c for c in value if " " <= c <= "~")
    return name.encode("latin-1"), safe.encode("latin-1")


def decided_value(decided: Decided) -> Json:
    """A decision as JSON, for `POST /sampan/decide`."""
    labels = decided.labelled.labels
    return {
        "outcome": "decided",
        "found": {str(kind): number for kind, number in labels.counts.items()},
        "sensitivity": labels.sensitivity.name.lower(),
        "detectors": {**labels.detectors, "complete": labels.complete},
        "chosen": route_value(decided),
        "allowed": [[route.model.name, route.form.name, sorted(route.form.masked)] for route in decided.routes],
        "refused": [[r.model, r.form, list(r.rules), r.reason] for r in decided.refused],
        "why": decided.why,
        "policy": decided.policy,
    }


def route_value(decided: Decided) -> Json:
    """The chosen model and form."""
    model, form = decided.routes[0].model, decided.routes[0].form
    return {"model": model.name, "realm": model.realm, "site": model.site, "form": form.name,
            "masked": sorted(form.masked), "jurisdiction": model.jurisdiction}  # fmt: skip
