"""Policy: Cedar text in layers, checked when it is loaded, asked strictly.

Cedar skips a policy whose evaluation errors, also a `forbid`. Here any such error is a deny.
"""

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import cedarpy
import msgspec
import orjson

from sampan.contract.errors import ConfigError
from sampan.contract.labels import Kind
from sampan.contract.models import Realm
from sampan.contract.reach import Peer
from sampan.decide.cache import Cache
from sampan.decide.faults import parse_fault, schema_faults
from sampan.decide.question import Question, Resource, people_of, request_of, thing_of
from sampan.decide.source import Fault, Layer, Source, Statement, statements
from sampan.decide.vocabulary import SCHEMA, SCHEMA_TEXT, Action
from sampan.wording import worded

NO_RULE = "no-rule-permits"
POLICY_ERROR = "policy-error"
PERSONAL_ONLY = "personal-realm-only"
NO_CLOUD = "no-cloud"
TOO_SMALL = "context-too-small"
LACKS = "lacks-"
BUDGET = "budget-"
RESERVED = frozenset({NO_RULE, POLICY_ERROR, PERSONAL_ONLY, NO_CLOUD, TOO_SMALL})
_ASKS_KEPT, _THINGS_KEPT = 8192, 512


class Rule(msgspec.Struct, frozen=True):
    """One policy as people know it. `reason_zh` is Traditional Chinese; line counts from 1.

    approval: who may lift it for one request: `person` or a group; empty when nobody may.
    """

    id: str
    layer: Layer
    effect: str
    reason: str
    reason_zh: str
    file: str
    line: int
    text: str
    approval: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """Policy's answer: when denied, the rules that did and why, in one sentence each language.

    needed: who has to agree to make it allowed; empty when nobody's word would.
    """

    allowed: bool
    rules: tuple[str, ...] = ()
    reason: str = ""
    reason_zh: str = ""
    needed: tuple[str, ...] = ()


ALLOWED = Verdict(allowed=True)


class _Set(msgspec.Struct, frozen=True):
    """A layer. lenient: the same without the rules that an approval lifts; None where there are none."""

    layer: Layer
    rules: tuple[Rule, ...]
    cedar: cedarpy.PolicySet
    lenient: cedarpy.PolicySet | None = None

    def ask(self, request: dict[str, object], entities: cedarpy.Entities) -> Verdict:
        """What this layer alone says."""
        # What a policy may read was checked when it was loaded, and each question is built to fit the schema.
        answer = cedarpy.is_authorized(request, self.cedar, entities)
        if errors := answer.diagnostics.errors:
            named = tuple(rule.id for rule in self._named(re.findall(r"`(policy\d+)`", " ".join(errors))))
            told = worded(f"a rule of the {self.layer} policy could not be evaluated")
            return Verdict(allowed=False, rules=(POLICY_ERROR, *named), reason=told, reason_zh="政策規則無法評估")
        if answer.allowed:
            return ALLOWED
        against = self._named(answer.diagnostics.reasons)
        if not against:
            told = worded(f"no rule of the {self.layer} policy permits it")
            return Verdict(allowed=False, rules=(NO_RULE,), reason=told, reason_zh="沒有規則准許")
        return Verdict(
            allowed=False,
            rules=tuple(rule.id for rule in against),
            reason="; ".join(rule.reason for rule in against),
            reason_zh="；".join(rule.reason_zh for rule in against),
            needed=self._needed(against, request, entities),
        )

    def _needed(
        self, against: list[Rule], request: dict[str, object], entities: cedarpy.Entities
    ) -> tuple[str, ...]:  # fmt: skip
        """Who could lift this: only where nothing but rules with an approval is against it, and a rule permits it."""
        if self.lenient is None or not all(rule.approval for rule in against):
            return ()
        answer = cedarpy.is_authorized(request, self.lenient, entities, SCHEMA)
        if answer.diagnostics.errors or not answer.allowed:
            return ()
        return tuple(dict.fromkeys(rule.approval for rule in against))

    def _named(self, cedar_ids: Sequence[str]) -> list[Rule]:
        return [self.rules[at] for at in sorted({int(name.removeprefix("policy")) for name in cedar_ids})]


class _Thing(msgspec.Struct, frozen=True):
    """What is asked about, checked against the schema and parsed once."""

    text: str
    entities: cedarpy.Entities

    @classmethod
    def of(cls, resource: Resource) -> "_Thing":
        text = thing_of(resource)
        return cls(text, cedarpy.Entities.from_json_str(text, SCHEMA))


class Policies:
    """The layers in force. Without any layer, only the personal realm may be used.

    hash: `sha256:<hex>` over schema, layers, file names and text. rules: in the order they are reported.
    """

    def __init__(self, sets: Sequence[_Set], digest: str) -> None:
        self._sets, self.hash = tuple(sets), digest
        self.layers = tuple(one.layer for one in self._sets)
        self.rules: tuple[Rule, ...] = tuple(rule for one in self._sets for rule in one.rules)
        self._answers: Cache[bytes, Verdict] = Cache(_ASKS_KEPT)
        self._things: Cache[Resource, _Thing] = Cache(_THINGS_KEPT)

    def ask(self, question: Question) -> Verdict:
        """Allowed when every layer present allows it; never raises for content."""
        if not self._sets:
            return _personal_only(question)
        request, people = request_of(question), people_of(question.asker, question.resource)
        resource = question.resource
        thing = self._things.get(resource) or self._things.put(resource, _Thing.of(resource))
        key = orjson.dumps((request, people, thing.text))
        return self._answers.get(key) or self._answers.put(
            key, self._ask(request, thing.entities.with_added_json_str(people))
        )

    def _ask(self, request: dict[str, object], entities: cedarpy.Entities) -> Verdict:
        against = [verdict for one in self._sets if not (verdict := one.ask(request, entities)).allowed]
        if not against:
            return ALLOWED
        return Verdict(
            allowed=False,
            rules=tuple(dict.fromkeys(rule for verdict in against for rule in verdict.rules)),
            reason="; ".join(dict.fromkeys(verdict.reason for verdict in against)),
            reason_zh="；".join(dict.fromkeys(verdict.reason_zh for verdict in against)),
            needed=_all_needed(against),
        )


def _all_needed(against: list[Verdict]) -> tuple[str, ...]:
    """Every layer that is against it has to be lifted; one that cannot be keeps it shut."""
    if not all(verdict.needed for verdict in against):
        return ()
    return tuple(dict.fromkeys(who for verdict in against for who in verdict.needed))


def _personal_only(question: Question) -> Verdict:
    resource = question.resource
    match resource:
        case Kind():
            mine = False
        case Peer():
            mine = resource.paired == "yes"
        case _:
            mine = resource.realm is Realm.PERSONAL and question.action is not Action.UNMASK
    if mine:
        return ALLOWED
    told = worded("no policy is in force, so nothing leaves the personal realm")
    return Verdict(allowed=False, rules=(PERSONAL_ONLY,), reason=told, reason_zh="沒有生效的政策，只可用個人模型")


def load(sources: Sequence[Source]) -> Policies:
    """Check and put in force.

    Raises:
        ConfigError: any file is wrong; the message gives file, line, column and what was probably meant.
    """
    if faults := examine(sources):
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise ConfigError(f"{faults[0]}{more}", hint="`sampan policy check` shows every fault.")
    # A layer with files but without rules is present: it permits nothing.
    present = {source.layer for source in sources}
    return Policies([_assemble(layer, _of(layer, sources)) for layer in Layer if layer in present], digest_of(sources))


def examine(sources: Sequence[Source]) -> list[Fault]:
    """Every fault of every file, in order; empty when the set may be put in force."""
    faults: list[Fault] = []
    for source in sources:
        for statement in statements(source):
            broken = parse_fault(statement)
            faults.extend([broken] if broken else schema_faults(statement))
    if faults:
        return list(dict.fromkeys(faults))
    for layer in Layer:
        faults.extend(_note_faults(_of(layer, sources)))
    return faults


def digest_of(sources: Sequence[Source]) -> str:
    """`sha256:<hex>` of a policy set: two sets with the same hash answer the same."""
    told = [SCHEMA_TEXT, *([source.layer.value, source.file, source.text] for source in sources)]
    return "sha256:" + hashlib.sha256(orjson.dumps(told)).hexdigest()


def _of(layer: Layer, sources: Sequence[Source]) -> list[Statement]:
    return [statement for source in sources if source.layer is layer for statement in statements(source)]


def _assemble(layer: Layer, found: list[Statement]) -> _Set:
    # Cedar names the policies of one text policy0, policy1, … in order: the index into `rules`.
    cedar = cedarpy.PolicySet.from_str("\n".join(statement.text for statement in found))
    rules = tuple(map(_rule, found))
    kept = [rule.text for rule in rules if not rule.approval]
    lenient = cedarpy.PolicySet.from_str("\n".join(kept)) if len(kept) < len(rules) else None
    return _Set(layer, rules, cedar, lenient)


def _rule(statement: Statement) -> Rule:
    policy = _parsed(statement.text)
    notes, source = policy.get("annotations", {}), statement.source
    line, column = statement.place(0)
    name = notes.get("id") or f"{source.file}:{line}:{column}"
    reason = notes.get("reason") or f"rule {name}"
    return Rule(
        id=name,
        layer=source.layer,
        effect=policy["effect"],
        reason=reason,
        reason_zh=notes.get("reason_zh") or reason,
        file=source.file,
        line=line,
        text=statement.text,
        approval=notes.get("approval") or "",
    )


@functools.lru_cache(1024)
def _parsed(text: str) -> dict[str, Any]:
    """One policy as Cedar's JSON; kept, as a start asks for each several times and this is most of its time."""
    parsed: dict[str, Any] = orjson.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]["policy0"]
    return parsed


def _note_faults(found: list[Statement]) -> list[Fault]:
    rules = [_rule(statement) for statement in found]
    wrong = [_approval_fault(statement, rule) for statement, rule in zip(found, rules, strict=True)]
    return [*_id_faults(found, rules), *(fault for fault in wrong if fault is not None)]


def _approval_fault(statement: Statement, rule: Rule) -> Fault | None:
    if "approval" not in _parsed(statement.text).get("annotations", {}):
        return None
    if rule.effect != "forbid":
        return statement.fault(0, "`@approval` stands on a `permit`", "write it on the `forbid` that it lifts")
    if not rule.approval.strip() or not rule.approval.isprintable():
        return statement.fault(0, "`@approval` names nobody", '"person" is whoever asks, everything else is a group')
    return None


def _id_faults(found: list[Statement], rules: list[Rule]) -> list[Fault]:
    count = Counter(rule.id for rule in rules)
    seen: dict[str, Rule] = {}
    faults: list[Fault] = []
    for statement, rule in zip(found, rules, strict=True):
        if rule.id in RESERVED or rule.id.startswith((LACKS, BUDGET)):
            faults.append(statement.fault(0, f'the id "{rule.id}" is Sampan\'s own', "choose another"))
        elif count[rule.id] > 1 and rule.id in seen:
            first = seen[rule.id]
            faults.append(statement.fault(0, f'the id "{rule.id}" is taken at {first.file}:{first.line}'))
        seen.setdefault(rule.id, rule)
    return faults
