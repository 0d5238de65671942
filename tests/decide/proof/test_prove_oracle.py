"""Random requests, random policies, against an evaluator of their shapes in plain Python."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.models import Realm
from sampan.decide.forms import UNMASK_ORDER, Carried, Forms
from sampan.decide.policy import examine, load
from sampan.decide.proof.properties import Among, Condition, Not, Property
from sampan.decide.proof.prove import prove
from sampan.decide.question import Question, Travelling
from sampan.decide.source import Layer, Source
from sampan.decide.vocabulary import Action
from tests.decide.proof.shapes import GROUPS, KINDS, LAYERS, NAMES, PLACES, SEND, USERS, Facts, allowed, requests

SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


def policies(layers):
    sources = []
    for layer, rules in zip((Layer.CEILING, Layer.USER), layers, strict=False):
        text = "\n".join(rule.text(f"{layer}{at}") for at, rule in enumerate(rules))
        sources.append(Source(layer, f"{layer}.cedar", text))
    assert examine(sources) == []
    return load(sources)


def travelling(facts):
    return Travelling(
        facts.clear,
        facts.masked,
        Sensitivity(facts.level),
        Sensitivity(facts.source),
        complete=facts.complete,
        unread=facts.unread,
    )


@given(LAYERS, st.lists(requests(), min_size=1, max_size=8))
@settings(max_examples=150, **SLOW)
def test_policy_answers_as_the_book_says(layers, asked):
    made = policies(layers)
    for facts in asked:
        question = Question(Action(facts.action), facts.asker(), facts.model(), travelling(facts))
        assert made.ask(question).allowed is allowed(layers, facts)


def least_masked(layers, facts, kinds, fixed):
    """The form by the book: clear, else all that can be masked, then fewer, the least sensitive first."""

    def may(masked):
        return allowed(layers, facts._replace(clear=kinds - masked, masked=masked))

    if may(frozenset()):
        return frozenset()
    masked = kinds - fixed
    if not masked or not may(masked):
        return None
    for kind in UNMASK_ORDER:
        if kind in masked and masked - {kind} and may(masked - {kind}):
            masked -= {kind}
    return masked


@given(LAYERS, requests(), st.frozensets(st.sampled_from(KINDS)))
@settings(max_examples=150, **SLOW)
def test_forms_are_what_the_book_says(layers, facts, fixed):
    kinds = facts.clear | facts.masked
    fixed &= kinds
    content = Carried(
        Action(facts.action),
        facts.asker(),
        "auto",
        kinds,
        fixed,
        Sensitivity(facts.source),
        facts.complete,
        facts.unread,
    )
    form = Forms(policies(layers)).answer(content, facts.model()).form
    assert (None if form is None else form.masked) == least_masked(layers, facts, kinds, fixed)


def every_request():
    groups = [
        frozenset(g for g, held in zip(GROUPS, bits, strict=True) if held)
        for bits in itertools.product((0, 1), repeat=2)
    ]
    for states in itertools.product((0, 1, 2), repeat=len(KINDS)):
        clear = frozenset(kind for kind, state in zip(KINDS, states, strict=True) if state == 1)
        masked = frozenset(kind for kind, state in zip(KINDS, states, strict=True) if state == 2)
        for user, member, name, realm, place, source, complete, unread in itertools.product(
            ("ann", "cat"), groups, (*NAMES, "m3"), Realm, (*PLACES, "xx"), (0, 2, 3), (True, False), (True, False)
        ):
            yield Facts("infer", user, member, name, realm, place, clear, masked, source, complete, unread)


ALL = list(every_request())[::7]
"""A seventh of a small world: a property that the walk calls proven may not fail anywhere in it."""

CONDITIONS = st.builds(
    Condition,
    clear=st.none() | st.frozensets(st.sampled_from(KINDS), min_size=1).map(lambda s: tuple(sorted(map(str, s)))),
    masked=st.none() | st.sampled_from(KINDS).map(lambda kind: Among(none=(str(kind),))),
    realm=st.none() | st.sampled_from(Realm).map(lambda realm: Not(str(realm))),
    jurisdiction=st.none() | st.sampled_from(PLACES),
    group=st.none() | st.sampled_from(GROUPS),
    model=st.none() | st.sampled_from(NAMES),
    complete=st.none() | st.booleans(),
)


def fits(condition, facts):
    return (
        (condition.clear is None or any(Kind(kind) in facts.clear for kind in condition.clear))
        and (condition.masked is None or not any(Kind(kind) in facts.masked for kind in condition.masked.none))
        and (condition.realm is None or facts.realm != condition.realm.besides)
        and (condition.jurisdiction is None or facts.place == condition.jurisdiction)
        and (condition.group is None or condition.group in facts.groups)
        and (condition.model is None or condition.model == facts.name)
        and (condition.complete is None or condition.complete is facts.complete)
    )


@given(LAYERS, CONDITIONS, st.booleans())
@settings(max_examples=60, **SLOW)
def test_proofs_are_what_trying_everything_says(layers, condition, never):
    said = {"never": condition} if never else {"always": condition}
    made = policies(layers)
    (proof,) = prove(made, [Property("p", action=(Action.INFER,), **said)])
    broken = [facts for facts in ALL if fits(condition, facts) and allowed(layers, facts) is never]
    assert proof.outcome in {"proven", "fails"}
    if proof.outcome == "proven":
        assert broken == []
    else:
        example = proof.example
        assert made.ask(example.question()).allowed is never
        seen = Facts(
            "infer", example.user, frozenset(example.groups), example.resource, example.facts["realm"],
            example.facts["jurisdiction"], frozenset(example.clear), frozenset(example.masked), int(example.source),
            example.complete, example.unread,
        )  # fmt: skip
        assert fits(condition, seen)
        assert allowed(layers, seen) is never


def test_the_shapes_say_both_yes_and_no():
    """The oracle would agree with anything if nothing were ever allowed."""
    answers = set()

    @given(LAYERS, requests())
    @settings(max_examples=100, database=None, **SLOW)
    def collect(layers, facts):
        answers.add(allowed(layers, facts))

    collect()
    assert answers == {True, False}
    assert set(SEND) == {"infer", "embed"}
    assert len(USERS) == 2
