"""From the bytes of a vendor request to a Request: nothing of it is believed before it is checked."""

import re

import msgspec

from sampan.contract.errors import BadRequest
from sampan.contract.ids import new_id
from sampan.contract.request import Json, Principal, Request, Together, Unmask
from sampan.flow.run import now
from sampan.serve import wire
from sampan.serve.api.faces import Face, check_shape
from sampan.serve.api.passing import upstream_headers
from sampan.serve.parse import parse_object

_CONVERSATION = re.compile(r"[A-Za-z0-9_.-]{1,64}")
COLLABORATE = "sampan-collaborate"
_OWN_MEMBERS = frozenset({"sampan", "sampan_unmask"})


async def read(face: Face, headers: dict[str, str], principal: Principal, receive: wire.Receive, limit: int) -> Request:
    """Read and parse the body of a caller who may ask. limit: bytes, also of what it decompresses to.

    Raises:
        SampanError: whatever is wrong with the body.
        ClientLeft: the caller hung up while sending.
    """
    received = now()
    wire.check_type(headers)
    raw = await wire.read_body(receive, headers, limit)
    body = parse_object(raw)
    check_shape(face, body)
    return Request(
        id=new_id("rcp"),
        dialect=face.dialect,
        body={k: v for k, v in body.items() if k not in _OWN_MEMBERS} if _OWN_MEMBERS & body.keys() else body,
        principal=principal,
        asked=body["model"],
        stream=face.streams and body.get("stream") is True,
        received=received,
        headers=upstream_headers(headers, principal),
        unmask=unmask_of(body),
        text_size=len(raw),
        conversation=conversation_of(body),
        together=together_of(body, headers),
        task=task_of(body),
    )


def together_of(body: Json, headers: dict[str, str]) -> Together | None:
    """`sampan.collaborate`, or the header `sampan-collaborate`: `plan` or `rewrite`; None without either.

    Raises:
        BadRequest: another word.
    """
    own = body.get("sampan")
    said = (own.get("collaborate") if isinstance(own, dict) else None) or headers.get(COLLABORATE)
    if not said:
        return None
    try:
        return Together(said)
    except ValueError:
        raise BadRequest("`sampan.collaborate` is `plan` or `rewrite`.", param="sampan.collaborate") from None


def task_of(body: Json) -> str:
    """`sampan.task`: what is wanted of the text; empty where it is in the messages.

    Raises:
        BadRequest: no string.
    """
    own = body.get("sampan")
    task = own.get("task", "") if isinstance(own, dict) else ""
    if not isinstance(task, str):
        raise BadRequest("`sampan.task` must be a string.", param="sampan.task")
    return task


def conversation_of(body: Json) -> str:
    """`sampan.conversation`: the name of a conversation whose stand-ins keep their numbers; empty without one.

    Raises:
        BadRequest: not a name.
    """
    own = body.get("sampan")
    name = own.get("conversation", "") if isinstance(own, dict) else ""
    if not isinstance(name, str) or (name and not _CONVERSATION.fullmatch(name)):
        raise BadRequest(
            "`sampan.conversation` is 1 to 64 letters, digits, `-`, `_` or `.`.", param="sampan.conversation"
        )
    return name


def unmask_of(body: Json) -> tuple[Unmask, ...]:
    """The caller's statements that a finding is a false one.

    `sampan_unmask: [{"text": …, "reason": …}]`, or the same under `sampan.unmask`.

    Raises:
        BadRequest: of another shape, or without a reason.
    """
    own = body.get("sampan", {})
    if not isinstance(own, dict):
        raise BadRequest("`sampan` must be an object.", param="sampan")
    value = body.get("sampan_unmask") or own.get("unmask")
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
