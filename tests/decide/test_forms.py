"""The forms against a reading of the default policy by hand, and their own rules."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.labels import (
    CONFIDENTIAL_KINDS,
    RESTRICTED_KINDS,
    TOLD_KINDS,
    Kind,
    Labels,
    Sensitivity,
    sensitivity_of,
)
from sampan.contract.models import Model, Realm
from sampan.contract.request import Form
from sampan.decide.forms import UNMASK_ORDER, Forms, carried
from sampan.decide.packs import default_folders, sources_of
from sampan.decide.policy import load
from sampan.decide.question import Asker
from sampan.decide.source import Layer, Source
from sampan.decide.vocabulary import Action
from tests.decide.builders import CAMPUS, CLOUD, LOCAL

ANN = Asker("ann")
FOUND = st.frozensets(st.sampled_from([kind for kind in Kind if kind is not Kind.LOOKALIKE]))
MODELS = st.builds(Model, st.sampled_from(["a", "b"]), st.sampled_from(Realm), st.just(()))
DEFAULT = Forms(load(sources_of(default_folders())))


def content(kinds=frozenset(), unmaskable=frozenset(), action=Action.INFER, **labels):
    derived = {"sensitivity": sensitivity_of(kinds | unmaskable)} | labels
    return carried(Labels(dict.fromkeys(kinds, 1), detectors={}, unmaskable=unmaskable, **derived), action, ANN, "auto")


def by_hand(kinds, unmaskable, realm, source, complete, unread) -> frozenset[Kind] | None:
    """Which kinds the default policy wants masked; None when it refuses. Written from its words, not its text."""
    if realm is Realm.PERSONAL:
        return frozenset()
    if unread or not complete or source is Sensitivity.RESTRICTED:
        return None
    secret = RESTRICTED_KINDS | (CONFIDENTIAL_KINDS if realm is Realm.PUBLIC else frozenset())
    return None if unmaskable & secret else kinds & secret


@settings(max_examples=300, deadline=None)
@given(
    FOUND, FOUND, MODELS, st.sampled_from(Sensitivity), st.booleans(), st.booleans(),
    st.sampled_from([Action.INFER, Action.EMBED]),
)  # fmt: skip
def test_the_default_policy_agrees_with_its_words(kinds, unmaskable, model, source, complete, unread, action):
    asked = content(kinds, unmaskable, action, source=source, complete=complete, unread=("x",) if unread else ())
    answer = DEFAULT.answer(asked, model)
    expected = by_hand(kinds | unmaskable, unmaskable, model.realm, source, complete, unread)
    assert (answer.form.masked if answer.form else None) == expected
    assert bool(answer.refused) == (expected != frozenset())


@settings(max_examples=40, deadline=None)
@given(FOUND, st.sets(st.sampled_from(list(Kind))), st.sets(st.sampled_from(list(Kind))))
def test_no_more_is_masked_than_must_be(kinds, first, second):
    """With two random forbids, giving back any one masked kind is always refused."""
    names = [", ".join(f'Kind::"{kind}"' for kind in sorted(some)) for some in (first, second)]
    forms = Forms(load([Source(Layer.USER, "x.cedar", "permit(principal, action, resource);" + "".join(
        f'@id("f{at}") forbid(principal, action == Action::"infer", resource) when {{ context.clear.containsAny([{some}]) }};'
        for at, some in enumerate(names) if some
    ))]))  # fmt: skip
    answer = forms.answer(content(kinds), CLOUD)
    assert answer.form is not None
    assert answer.form.masked == kinds & (first | second)


def test_the_followed_request():
    answer = DEFAULT.answer(content(frozenset({Kind.PERSON, Kind.HKID, Kind.PHONE})), CLOUD)
    assert answer.form == Form(frozenset({Kind.PERSON, Kind.HKID, Kind.PHONE}))
    (refusal,) = answer.refused
    assert (refusal.model, refusal.form) == ("cloud", "clear")
    assert refusal.rules == ("hk-id-stays-home", "contacts-stay-home")
    assert DEFAULT.answer(content(frozenset({Kind.HKID})), LOCAL).form == Form()


def test_an_unmasked_kind_stays_unmasked_in_the_least_sensitive_order():
    """At most one of two kinds may go clear: the less sensitive one does."""
    both = 'forbid(principal, action == Action::"infer", resource) when { context.clear.containsAll([Kind::"HKID", Kind::"PHONE"]) };'
    forms = Forms(load([Source(Layer.USER, "x.cedar", "permit(principal, action, resource);" + both)]))
    assert forms.answer(content(frozenset({Kind.HKID, Kind.PHONE})), CLOUD).form == Form(frozenset({Kind.HKID}))
    assert set(UNMASK_ORDER[: len(TOLD_KINDS) + 1]) == {*TOLD_KINDS, Kind.LOOKALIKE}
    assert set(UNMASK_ORDER[-len(RESTRICTED_KINDS) :]) == RESTRICTED_KINDS


def test_sensitivity_falls_with_masking_but_the_source_does_not():
    rule = '@id("s") forbid(principal, action == Action::"infer", resource) when { context.sensitivity >= 2 };'
    forms = Forms(load([Source(Layer.USER, "x.cedar", "permit(principal, action, resource);" + rule)]))
    kinds = frozenset({Kind.HKID})
    assert forms.answer(content(kinds), CLOUD).form == Form(kinds)
    assert forms.answer(content(kinds, source=Sensitivity.CONFIDENTIAL), CLOUD).form is None


def test_a_sensitivity_that_the_kinds_do_not_explain_is_the_sources():
    assert content(sensitivity=Sensitivity.RESTRICTED).source is Sensitivity.RESTRICTED
    assert content(frozenset({Kind.HKID}), sensitivity=Sensitivity.RESTRICTED).source is Sensitivity.PUBLIC
    assert content(frozenset({Kind.PHONE}), sensitivity=Sensitivity.RESTRICTED).source is Sensitivity.RESTRICTED


def test_look_alikes_are_no_matter_of_policy():
    assert content(frozenset({Kind.LOOKALIKE})).kinds == frozenset()


def test_a_kind_that_cannot_be_masked_counts_as_found():
    assert DEFAULT.answer(content(unmaskable=frozenset({Kind.HKID})), CLOUD).form is None
    assert DEFAULT.answer(content(unmaskable=frozenset({Kind.PHONE})), CAMPUS).form == Form()


@pytest.mark.parametrize(
    ("kinds", "model", "may"),
    [({Kind.PHONE, Kind.API_KEY}, CLOUD, True), ({Kind.PRIVATE_KEY}, CLOUD, False), ({Kind.PRIVATE_KEY}, CAMPUS, True)],
)
def test_values_in_tool_arguments(kinds, model, may):
    assert DEFAULT.may_restore_arguments(content(), model, Form(frozenset(kinds))) is may


def test_what_only_a_file_holds():
    both = frozenset({Kind.HKID, Kind.PHONE})
    asked = content(both, both, files={"PDF": frozenset({Kind.HKID}), "table": frozenset({Kind.EMAIL})})
    assert asked.in_files == {Kind.HKID}


def test_an_address_is_masked_for_a_public_model_and_an_organisation_is_not():
    answer = DEFAULT.answer(content(frozenset({Kind.ADDRESS, Kind.ORG})), CLOUD)
    assert answer.form == Form(frozenset({Kind.ADDRESS}))


def held_forms(*rules):
    everything = "permit(principal, action, resource);"
    return Forms(load([Source(Layer.USER, "mine.cedar", everything + "".join(rules))]))


def asking(name, *kinds, who="staff", effect="@approval"):
    listed = ", ".join(f'Kind::"{kind}"' for kind in kinds)
    note = f'{effect}("{who}") ' if effect else ""
    return (
        f'@id("{name}") {note}forbid(principal, action == Action::"infer", resource) '
        f"when {{ context.clear.containsAny([{listed}]) }};"
    )


EVERY = '@id("every") @approval("person") forbid(principal, action == Action::"infer", resource);'


def test_masking_comes_before_asking():
    answer = held_forms(asking("phones", "PHONE")).answer(content(frozenset({Kind.PHONE})), CLOUD)
    assert (answer.form, answer.after) == (Form(frozenset({Kind.PHONE})), None)


def test_what_cannot_be_masked_is_asked_for_in_the_clear():
    phones = frozenset({Kind.PHONE})
    answer = held_forms(asking("phones", "PHONE")).answer(content(phones, phones), CLOUD)
    assert answer.form is None
    assert (answer.after.form, answer.after.needed, answer.after.rules) == (Form(), ("staff",), ("phones",))


def test_no_more_is_masked_and_no_more_is_lifted_than_must_be():
    kinds = frozenset({Kind.PHONE, Kind.EMAIL})
    assert held_forms(EVERY).answer(content(kinds), CLOUD).after.form == Form()
    answer = held_forms(EVERY, asking("phones", "PHONE")).answer(content(kinds), CLOUD)
    assert (answer.after.form.masked, answer.after.rules) == ({Kind.PHONE}, ("every",))
    hard = held_forms(EVERY, asking("phones", "PHONE", effect="")).answer(content(kinds), CLOUD)
    assert (hard.after.form.masked, hard.after.needed) == ({Kind.PHONE}, ("person",))


def test_a_rule_without_an_approval_leaves_nothing_to_ask_for():
    phones = frozenset({Kind.PHONE})
    answer = held_forms(EVERY, asking("phones", "PHONE", effect="")).answer(content(phones, phones), CLOUD)
    assert (answer.form, answer.after) == (None, None)


RULES = st.lists(
    st.tuples(st.frozensets(st.sampled_from(["PHONE", "EMAIL", "HKID"]), min_size=1), st.sampled_from(["", "a", "b"])),
    max_size=4,
)
THREE = st.frozensets(st.sampled_from([Kind.PHONE, Kind.EMAIL, Kind.HKID]))


@settings(max_examples=80, deadline=None)
@given(RULES, THREE, THREE)
def test_an_approval_lifts_its_own_rules_and_no_others(rules, kinds, unmaskable):
    """Against the definition: with the approval rules that were named taken out, the form is simply allowed."""
    written = [
        asking(f"r{at}", *sorted(on), who=who, effect="@approval" if who else "") for at, (on, who) in enumerate(rules)
    ]
    asked = content(kinds, unmaskable)
    answer = held_forms(*written).answer(asked, CLOUD)
    clear = (kinds | unmaskable) - (answer.after.form.masked if answer.after else frozenset())
    if answer.after is None:
        return
    against = {f"r{at}" for at, (on, _) in enumerate(rules) if on & {kind.value for kind in clear}}
    assert set(answer.after.rules) == against
    assert set(answer.after.needed) == {rules[int(name[1:])][1] for name in against}
    assert all(answer.after.needed)


ALLOWS = """permit(principal, action, resource);
@id("m") forbid(principal, action == Action::"infer", resource)
unless { context.complete || (context.clear.isEmpty() && ["tagger", "org"].containsAll(context.missing)) };"""


@pytest.mark.parametrize(
    ("failed", "unmaskable", "form"),
    [
        ({}, set(), Form()),
        ({"tagger": "it broke"}, set(), Form(frozenset({Kind.ORG, Kind.HKID}))),
        ({"tagger": "it broke", "org": "it broke"}, set(), Form(frozenset({Kind.ORG, Kind.HKID}))),
        ({"tagger": "it broke"}, {Kind.PHONE}, None),
        ({"tagger": "it broke", "hkid": "it broke"}, set(), None),
        (None, set(), None),
    ],
)
def test_a_rule_may_say_which_detectors_may_be_missing(failed, unmaskable, form):
    """Then all that was found is masked, also what would go clear otherwise. None: nobody knows what failed."""
    forms = Forms(load([Source(Layer.USER, "x.cedar", ALLOWS)]))
    kinds = frozenset({Kind.ORG, Kind.HKID})
    asked = content(kinds, frozenset(unmaskable), complete=failed == {}, failed=failed or {})
    assert forms.answer(asked, CLOUD).form == form
