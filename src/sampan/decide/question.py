"""One question to policy, in Sampan's words and in Cedar's."""

from typing import Any

import msgspec
import orjson

from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.models import Model
from sampan.contract.reach import Collection, Origin, Peer, Tool
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
    origins: frozenset[Origin] = frozenset({Origin.UNKNOWN})
    over_budget: frozenset[str] = frozenset()


Resource = Model | Kind | Tool | Collection | Peer
_TYPES = {Model: "Model", Kind: "Kind", Tool: "Tool", Collection: "Collection", Peer: "Device"}


class Question(msgspec.Struct, frozen=True):
    """May `asker` do `action` to `resource`? A missing `travelling` reads as the worst: unread, incomplete."""

    action: Action
    asker: Asker
    resource: Resource
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
    named = entity(_TYPES[type(resource)], resource.value if isinstance(resource, Kind) else resource.name)
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
    if question.action in {Action.UNMASK, Action.RETRIEVE}:
        return context
    context["masked"] = _kinds(content.masked)
    if question.action is Action.RESTORE_ARGUMENTS:
        return context
    return context | {
        "asked": content.asked,
        "clear": _kinds(content.clear),
        "sensitivity": int(content.sensitivity),
        "source": int(content.source),
        "origins": [_ORIGINS[origin] for origin in sorted(content.origins)],
        "complete": content.complete,
        "missing": sorted(content.missing),
        "unread": content.unread,
        "over_budget": sorted(content.over_budget),
    }


_ORIGINS = {origin: _ref("Origin", origin.value) for origin in Origin}


_KINDS = {kind: _ref("Kind", kind.value) for kind in Kind}


def _kinds(kinds: frozenset[Kind]) -> list[dict[str, Any]]:
    return [_KINDS[kind] for kind in sorted(kinds)]


def people_of(asker: Asker, resource: Resource) -> str:
    """The entities of who asks, as Cedar's JSON. The asker's device is left out where it is itself the resource."""
    groups = [entity("Group", name) for name in asker.groups]
    known: list[dict[str, Any]] = [{"uid": entity("User", asker.user), "attrs": {}, "parents": groups}]
    if not (isinstance(resource, Peer) and resource.name == asker.device):
        known.append(_device(Peer(asker.device)))
    return orjson.dumps(known).decode()


def thing_of(resource: Resource) -> str:
    """The entity that is asked about, with its facts, as Cedar's JSON; a kind needs none."""
    if isinstance(resource, Kind):
        return "[]"
    known = _device(resource) if isinstance(resource, Peer) else _reached(resource)
    return orjson.dumps([known]).decode()


def _reached(resource: Model | Tool | Collection) -> dict[str, Any]:
    facts = _place(resource)
    match resource:
        case Model():
            more = {"retention": resource.retention or UNKNOWN, "trains_on_data": _claim(resource.trains_on_data)}
            facts |= {"operator": resource.operator or UNKNOWN, **more}
        case Tool():
            facts |= {"operator": resource.operator or UNKNOWN, "changes": _claim(resource.changes)}
        case Collection():
            facts["classification"] = int(resource.classification)
    return {"uid": entity(_TYPES[type(resource)], resource.name), "attrs": facts, "parents": []}


def _device(peer: Peer) -> dict[str, Any]:
    return {"uid": entity("Device", peer.name), "attrs": {"paired": _claim(peer.paired)}, "parents": []}


def _place(reached: Model | Tool | Collection) -> dict[str, Any]:
    return {
        "name": reached.name,
        "realm": _ref("Realm", reached.realm.value),
        "site": _ref("Site", reached.site.value),
        "jurisdiction": _ref("Jurisdiction", reached.jurisdiction or UNKNOWN),
    }


def _claim(said: str) -> dict[str, Any]:
    return _ref("Claim", _CLAIMS.get(said.casefold(), UNKNOWN))
