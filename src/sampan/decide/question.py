"""One question to policy, in Sampan's words and in Cedar's."""

from typing import Any

import msgspec
import orjson

from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.models import Model
from sampan.contract.request import Principal
from sampan.decide.vocabulary import Action

UNKNOWN = "unknown"
_CLAIMS = {"no": "no", "false": "no", "yes": "yes", "true": "yes"}


class Asker(msgspec.Struct, frozen=True):
    """Who asks, every missing fact filled in as `unknown`."""

    user: str
    app: str = UNKNOWN
    device: str = UNKNOWN
    groups: tuple[str, ...] = ()

    @classmethod
    def of(cls, principal: Principal) -> "Asker":
        """The facts of a principal that policy may use."""
        return cls(
            principal.user or UNKNOWN, principal.app or UNKNOWN, principal.device or UNKNOWN, tuple(principal.groups)
        )


class Travelling(msgspec.Struct, frozen=True):
    """What would cross to a model, in one form."""

    clear: frozenset[Kind] = frozenset()
    masked: frozenset[Kind] = frozenset()
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    source: Sensitivity = Sensitivity.PUBLIC
    complete: bool = False
    missing: frozenset[str] = frozenset({UNKNOWN})
    unread: bool = True
    asked: str = "auto"


class Question(msgspec.Struct, frozen=True):
    """May `asker` do `action` to `resource`? A missing `travelling` reads as the worst: unread, incomplete."""

    action: Action
    asker: Asker
    resource: Model | Kind
    travelling: Travelling = Travelling()


def missing_of(failed: frozenset[str], *, complete: bool) -> frozenset[str]:
    """The detectors that policy is told did not run: `unknown` where something is missing and nobody knows what."""
    return failed or (frozenset() if complete else frozenset({UNKNOWN}))


def entity(kind: str, name: str) -> dict[str, str]:
    """An entity's name in Cedar's JSON form: any characters are safe in it."""
    return {"type": kind, "id": name}


def _ref(kind: str, name: str) -> dict[str, Any]:
    return {"__entity": entity(kind, name)}


def request_of(question: Question) -> dict[str, Any]:
    """The canonical Cedar request: `context` is JSON text with sorted keys and sets."""
    resource = question.resource
    named = entity("Kind", resource.value) if isinstance(resource, Kind) else entity("Model", resource.name)
    return {
        "principal": entity("User", question.asker.user),
        "action": entity("Action", question.action.value),
        "resource": named,
        "context": orjson.dumps(_context(question), option=orjson.OPT_SORT_KEYS).decode(),
    }


def _context(question: Question) -> dict[str, Any]:
    asker, content = question.asker, question.travelling
    context: dict[str, Any] = {
        "application": _ref("Application", asker.app),
        "device": _ref("Device", asker.device),
    }
    if question.action is Action.UNMASK:
        return context
    context["masked"] = _kinds(content.masked)
    if question.action is Action.RESTORE_ARGUMENTS:
        return context
    return context | {
        "asked": content.asked,
        "clear": _kinds(content.clear),
        "sensitivity": int(content.sensitivity),
        "source": int(content.source),
        "complete": content.complete,
        "missing": sorted(content.missing),
        "unread": content.unread,
    }


def _kinds(kinds: frozenset[Kind]) -> list[dict[str, Any]]:
    return [_ref("Kind", kind.value) for kind in sorted(kinds)]


def entities_of(asker: Asker, model: Model | None) -> str:
    """The entities behind a question, as Cedar's JSON."""
    groups = [entity("Group", name) for name in asker.groups]
    known: list[dict[str, Any]] = [{"uid": entity("User", asker.user), "attrs": {}, "parents": groups}]
    if model is not None:
        known.append({"uid": entity("Model", model.name), "attrs": _facts(model), "parents": []})
    return orjson.dumps(known).decode()


def _facts(model: Model) -> dict[str, Any]:
    return {
        "name": model.name,
        "realm": _ref("Realm", model.realm.value),
        "site": _ref("Site", model.site.value),
        "jurisdiction": _ref("Jurisdiction", model.jurisdiction or UNKNOWN),
        "operator": model.operator or UNKNOWN,
        "retention": model.retention or UNKNOWN,
        "trains_on_data": _ref("Claim", _CLAIMS.get(model.trains_on_data.casefold(), UNKNOWN)),
    }
