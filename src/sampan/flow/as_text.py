"""Files handed on as their text: for models that read none, and where a value in a file would keep it at home.

The request with texts in the place of files is a new one: labelled, decided and masked like typed text. What of a file could
not be read stays known of it.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from sampan.contract.errors import BadRequest, ContextTooLong
from sampan.contract.labels import Path
from sampan.contract.ports import Decider
from sampan.contract.request import Decision, Dialect, Inner, Json, Labelled, Refused, Request

_PICTURE = "picture"
_HOLDERS = frozenset({"content", "output"})
"""Members whose list holds parts, so that a text may stand there."""
_TEXTS = frozenset({"text", "input_text"})
_LONGEST_NAME = 120

Label = Callable[[Request], Awaitable[Labelled]]


async def decide(labelled: Labelled, decider: Decider, label: Label) -> tuple[Labelled, Decision]:
    """Decide; where a request may go nowhere as it is, once more with its documents as text, then with its pictures too.

    Gives what was decided on, and the decision.

    Raises:
        BadRequest: no model that was asked for can do what it needs, with or without files. SampanError: as the decider.
    """
    first = _answer(decider, labelled)
    if not labelled.files or _goes(first):
        return labelled, _said(first)
    best: tuple[Labelled, Decision | BadRequest] = (labelled, first)
    for files in _choices(labelled.files):
        text = await handed_on(labelled, files, label)
        if text is None:
            continue
        then = _answer(decider, text)
        if _goes(then) or _tells_more(best[1], then):
            best = text, then
        if _goes(then):
            break
    return best[0], _said(best[1])


async def handed_on(labelled: Labelled, files: Sequence[Inner], label: Label) -> Labelled | None:
    """The request with these files as their text, labelled anew; None where one of them says nothing or cannot be replaced."""
    request = _rewritten(labelled.request, files)
    if request is None:
        return None
    text = await label(request)
    before, now = labelled.labels, text.labels
    labels = msgspec.structs.replace(
        now,
        unread=tuple(dict.fromkeys((*now.unread, *before.unread))),
        source=max(now.source, before.source),
        sensitivity=max(now.sensitivity, before.source),
        languages=before.languages,
        files=before.files | now.files,
        as_text=dict(Counter(file.kind for file in files)),
    )
    return msgspec.structs.replace(text, labels=labels)


def _choices(files: Sequence[Inner]) -> Iterator[Sequence[Inner]]:
    documents = [file for file in files if not file.kind.endswith(_PICTURE)]
    if documents and len(documents) < len(files):
        yield documents
    yield files


def _answer(decider: Decider, labelled: Labelled) -> Decision | BadRequest:
    try:
        return decider.decide(labelled)
    except BadRequest as error:
        return error


def _goes(answer: Decision | BadRequest) -> bool:
    return not isinstance(answer, Refused | BadRequest)


def _said(answer: Decision | BadRequest) -> Decision:
    if isinstance(answer, BadRequest):
        raise answer
    return answer


def _tells_more(before: Decision | BadRequest, then: Decision | BadRequest) -> bool:
    """Whether the later of two refusals tells more: what keeps the text too, unless it is what could not be read of a file."""
    if not isinstance(then, Refused):
        return False
    unread = bool(then.labelled.labels.unread) and then.code != ContextTooLong.code
    return not (unread and isinstance(before, Refused))


def _rewritten(request: Request, files: Sequence[Inner]) -> Request | None:
    replaced: dict[Path, Inner] = {}
    for file in files:
        if not file.said.strip() or not _replaceable(file.part):
            return None
        replaced[file.part] = file
    body = _with_texts(request.body, replaced, (), "input_text" if request.dialect is Dialect.RESPONSES else "text")
    return msgspec.structs.replace(request, body=body, text_size=len(msgspec.json.encode(body)))


def _replaceable(part: Path) -> bool:
    """Whether it is an item of a list of parts in the request itself, not in a JSON text inside."""
    return (
        len(part) > 1
        and isinstance(part[-1], int)
        and part[-2] in _HOLDERS
        and all(type(s) in {str, int} for s in part)
    )


def _with_texts(value: Any, files: Mapping[Path, Inner], here: Path, kind: str) -> Any:
    """The value with texts in the place of files; what holds none is the same object."""
    if not any(part[: len(here)] == here for part in files):
        return value
    if here in files:
        return _part(value, files[here], kind)
    if isinstance(value, list):
        items = [_with_texts(item, files, (*here, at), kind) for at, item in enumerate(value)]
        return _in_order(items, {part[-1] for part in files if part[:-1] == here})
    return {name: _with_texts(member, files, (*here, name), kind) for name, member in value.items()}


def _in_order(parts: list[Any], handed_on: set[Any]) -> list[Any]:
    """Files before what is said of them, as small models read best; where other parts stand between, nothing moves."""
    if not all(isinstance(part, dict) and part.get("type") in _TEXTS for part in parts):
        return parts
    return [parts[at] for at in sorted(range(len(parts)), key=lambda at: at not in handed_on)]


def _part(part: Json, file: Inner, kind: str) -> Json:
    name = _name(part) or file.kind
    note = f" (not all of it could be read: {file.reason})" if file.reason else ""
    text = {"type": kind, "text": f"--- {name}{note} ---\n{file.said.strip()}\n--- end of {name} ---\n"}
    return text | {"cache_control": part["cache_control"]} if "cache_control" in part else text


def _name(part: Json) -> str:
    """What the file is called where it says so, in one line."""
    inner = part.get("file")
    named = part.get("filename") or part.get("title") or (inner.get("filename") if isinstance(inner, dict) else "")
    return " ".join(str(named or "").split())[:_LONGEST_NAME]
