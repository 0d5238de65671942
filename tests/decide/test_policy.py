from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.errors import ConfigError
from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.models import Realm
from sampan.contract.reach import Collection, Peer, Tool
from sampan.decide.packs import pack_path
from sampan.decide.policy import NO_RULE, POLICY_ERROR, Policies, digest_of, examine, load
from sampan.decide.question import Asker, Question, Travelling
from sampan.decide.source import Layer, Source
from sampan.decide.vocabulary import Action
from tests.decide.builders import CAMPUS, CLOUD, LOCAL

ANN = Asker("ann")
EVERYTHING = "permit(principal, action, resource);"
SEND = 'action in [Action::"infer", Action::"embed"]'


def user(text: str, file: str = "mine.cedar", layer: Layer = Layer.USER) -> Source:
    return Source(layer, file, text)


def default(layer: Layer) -> list[Source]:
    return [user(path.read_text(), path.name, layer) for path in sorted((pack_path() / "policies").glob("*.cedar"))]


def ask(policies: Policies, model=CLOUD, action=Action.INFER, asker=ANN, **facts) -> tuple[bool, tuple[str, ...]]:
    read = {"complete": True, "unread": False} | facts
    verdict = policies.ask(Question(action, asker, model, Travelling(**read)))
    return verdict.allowed, verdict.rules


def test_without_any_policy_nothing_of_the_personal_realm_leaves_it():
    def open_to(action, resource):
        return load(()).ask(Question(action, ANN, resource)).allowed

    assert open_to(Action.CALL_TOOL, Tool("files", Realm.PERSONAL))
    assert not open_to(Action.CALL_TOOL, Tool("web"))
    assert open_to(Action.RETRIEVE, Collection("mine", Realm.PERSONAL))
    assert not open_to(Action.REMEMBER, Collection("shared", Realm.ENTERPRISE))
    assert open_to(Action.SYNC, Peer("phone", "yes"))
    assert not open_to(Action.SYNC, Peer("phone"))


def test_without_any_policy_only_the_personal_realm_is_open():
    none = load(())
    assert ask(none, LOCAL) == (True, ())
    assert ask(none, CAMPUS) == ask(none, CLOUD) == (False, ("personal-realm-only",))
    assert not none.ask(Question(Action.UNMASK, ANN, Kind.PHONE)).allowed


def test_nothing_is_permitted_by_default():
    policies = load([user(f'@id("a") permit(principal, {SEND}, resource == Model::"other");')])
    assert ask(policies) == (False, (NO_RULE,))
    assert ask(policies, LOCAL) == (False, (NO_RULE,))


def test_a_layer_of_comments_is_present_and_permits_nothing():
    assert ask(load([user(EVERYTHING), user("// later", layer=Layer.CEILING)]), LOCAL) == (False, (NO_RULE,))


def test_forbid_wins_and_says_why_in_both_languages():
    policies = load(
        [
            user(
                EVERYTHING
                + f'@id("no") @reason("not today") @reason_zh("今日唔得") forbid(principal, {SEND}, resource);'
            )
        ]
    )
    verdict = policies.ask(Question(Action.INFER, ANN, LOCAL))
    assert (verdict.allowed, verdict.rules, verdict.reason, verdict.reason_zh) == (
        False,
        ("no",),
        "not today",
        "今日唔得",
    )


def test_rules_are_reported_in_the_order_of_the_files():
    policies = load(default(Layer.USER))
    _, rules = ask(policies, clear=frozenset({Kind.PHONE, Kind.HKID, Kind.API_KEY}), unread=True)
    assert rules == ("hk-id-stays-home", "secrets-stay-home", "contacts-stay-home", "unread-stays-home")


def test_eleven_policies_keep_their_names():
    rules = [f'@id("r{n}") forbid(principal, {SEND}, resource == Model::"m{n}");' for n in range(12)]
    policies = load([user(EVERYTHING + "\n".join(rules))])
    for n in (1, 2, 10, 11):
        assert ask(policies, CLOUD.__class__(f"m{n}", Realm.PUBLIC, ())) == (False, (f"r{n}",))


def test_an_evaluation_error_denies_although_a_permit_matched():
    overflow = f'@id("sum") forbid(principal, {SEND}, resource) when {{ context.source + 9223372036854775807 < 0 }};'
    policies = load([user(EVERYTHING + overflow)])
    assert ask(policies, source=Sensitivity.PUBLIC)[0] is True
    assert ask(policies, source=Sensitivity.INTERNAL) == (False, (POLICY_ERROR, "sum"))


def test_an_evaluation_error_of_a_permit_denies_too():
    overflow = f'@id("sum") permit(principal, {SEND}, resource) when {{ context.source + 9223372036854775807 < 0 }};'
    assert ask(load([user(EVERYTHING + overflow)]), source=Sensitivity.INTERNAL)[0] is False


KINDS = st.frozensets(st.sampled_from([kind for kind in Kind if kind is not Kind.LOOKALIKE]))


@settings(max_examples=60, deadline=None)
@given(
    KINDS, KINDS, st.sampled_from([LOCAL, CAMPUS, CLOUD]), st.booleans(), st.booleans(), st.sampled_from(Sensitivity)
)
def test_a_user_permit_widens_nothing_under_a_ceiling(clear, masked, model, complete, unread, source):
    facts = {"clear": clear, "masked": masked, "complete": complete, "unread": unread, "source": source}
    assert ask(CEILING, model, **facts)[0] == ask(WIDENED, model, **facts)[0]


CEILING = load(default(Layer.CEILING))
WIDENED = load([*default(Layer.CEILING), user(EVERYTHING), user(EVERYTHING, layer=Layer.APPLICATION)])


def test_every_layer_narrows():
    no_us = '@id("not-us") forbid(principal, action, resource is Model) when { resource.jurisdiction == Jurisdiction::"US" };'
    policies = load([user(EVERYTHING), user(EVERYTHING + no_us, layer=Layer.APPLICATION)])
    assert ask(policies) == (False, ("not-us",))
    assert ask(policies, CAMPUS)[0] is True
    both = load([user(EVERYTHING + no_us, layer=Layer.CEILING), user(EVERYTHING + no_us.replace("not-us", "nor-i"))])
    assert ask(both) == (False, ("not-us", "nor-i"))


def test_missing_facts_read_as_unknown():
    strict = 'forbid(principal, action, resource is Model) when { resource.trains_on_data != Claim::"no" };'
    policies = load([user(EVERYTHING + '@id("trains")' + strict)])
    assert ask(policies) == (False, ("trains",))
    assert ask(policies, CLOUD.__class__("m", Realm.PUBLIC, (), trains_on_data="no"))[0] is True
    assert ask(policies, CLOUD.__class__("m", Realm.PUBLIC, (), trains_on_data="perhaps"))[0] is False
    unnamed = load(
        [
            user(
                EVERYTHING
                + f'@id("who") forbid(principal, {SEND}, resource) when {{ context.application == Application::"unknown" }};'
            )
        ]
    )
    assert ask(unnamed) == (False, ("who",))


def test_a_question_without_facts_reads_as_the_worst():
    verdict = load(default(Layer.USER)).ask(Question(Action.INFER, ANN, CLOUD))
    assert set(verdict.rules) == {"unread-stays-home", "half-scanned-stays-home"}


def test_groups_count():
    policies = load([user(f'@id("staff") permit(principal in Group::"staff", {SEND}, resource);')])
    assert ask(policies, asker=Asker("bo", groups=("staff", "hk")))[0] is True
    assert ask(policies, asker=Asker("bo"))[0] is False


@pytest.mark.parametrize(
    "name", ['a"b', "a\\b", "a\nb", "陳大文", "", "x" * 5000, '"};permit(principal,action,resource);//']
)
def test_names_from_outside_cannot_be_read_as_policy(name):
    policies = load([user(f'@id("a") permit(principal == User::"ann", {SEND}, resource);')])
    assert ask(policies, asker=Asker(name, app=name, device=name, groups=(name,)), asked=name)[0] is False
    assert ask(policies, asker=Asker("ann", app=name, device=name, groups=(name,)), asked=name)[0] is True


# `¦` stands before the place that the fault must name.
BROKEN = [
    ('@id("a")\nforbid(principal, SEND, resource)\n  when { context.clear.contains(Kind::¦"HKIDD") };', 'no Kind is called "HKIDD"', "`HKID`"),
    ('permit(principal, action == Action::¦"infr", resource);', 'no action is called "infr"', "`infer`"),
    ('permit(principal, SEND, resource) when { resource.¦relm == Realm::"public" };', "`relm`", "`realm`"),
    ('permit(principal, SEND, resource) when { resource.realm == Realm::¦"pubic" };', '"pubic"', "`public`"),
    ('permit(principal, SEND, resource) when { context.¦cler.contains(Kind::"HKID") };', "`cler`", "`clear`"),
    ("permit(principal, action, resource is ¦Modell);", "`Modell`", "`Model`"),
    ("permit(principal, action ¦resource);", "unexpected token `resource`", ""),
    ("permit(principal, action, resource)\nwhen { 1 == ¦};", "unexpected token `}`", ""),
    ("permit(principal, action, resource)¦", "unexpected end of input", "`;`"),
    ("// one\n\n¦prmit(principal, action, resource);", "prmit", "`permit`"),
    ("permit(principal, action, resource) ¦whn { true };", "whn", "`when`"),
    ("permit(principal, action, resource) when { ¦# };", "invalid token", ""),
    ('permit(principal, action, resource);\npermit(principal, action, resource) when { ¦"open };', "invalid token", ""),
    ("permit(principal, SEND, resource) when { context.clear.¦containsany([]) };", "containsany", "`containsAny`"),
    ("¦permit(principal, SEND, resource) when { context.clear == 3 };", "not compatible", ""),
    ("¦permit(principal == ?principal, action, resource);", "template", ""),
    ('@id("a") permit(principal, action, resource);\n¦@id("a") forbid(principal, action, resource);', '"a" is taken', ""),
    ('¦@id("no-cloud") permit(principal, action, resource);', "Sampan's own", ""),
    ('¦@id("lacks-sense") permit(principal, action, resource);', "Sampan's own", ""),
    ("forbid(principal, action, resource) when { context.¦clear.isEmpty() };", "has no `clear`", "name the actions"),
    ("¦/* no */ permit(principal, action, resource);", "unexpected token `/`", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem", "hint"), BROKEN)
def test_a_fault_has_its_place_and_a_hint(text, problem, hint):
    text = text.replace("SEND", SEND)
    before = text[: text.index("¦")]
    fault = examine([user(text.replace("¦", ""))])[0]
    assert (fault.file, fault.line) == ("mine.cedar", before.count("\n") + 1)
    assert fault.column == len(before) - before.rfind("\n"), str(fault)
    assert problem in fault.problem
    assert hint in fault.hint
    with pytest.raises(ConfigError, match=r"mine\.cedar"):
        load([user(text.replace("¦", ""))])


@pytest.mark.parametrize("n", [60, 900, 3_000, 100_000])
@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("if true then ", " else true"), ("true && ", ""), ("!", ""), ("{a: ", "}.a")]
)
def test_no_nesting_ends_the_process(n, opening, closing):
    text = "permit(principal, action, resource) when { " + opening * n + "true" + closing * n + " };"
    faults = examine([user(text)])
    assert len(faults) == 1 or n == 60
    if not faults:
        assert ask(load([user(text)]))[0] is True


def test_the_same_id_may_stand_in_two_layers():
    text = f'@id("a") permit(principal, {SEND}, resource);'
    assert load([user(text), user(text, layer=Layer.CEILING)]).layers == (Layer.CEILING, Layer.USER)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='permit(){};"/\n @a:=,\\é香', max_size=60) | st.text(max_size=40))
def test_any_text_loads_or_is_refused_with_a_place(text):
    source = user(text)
    faults = examine([source])
    for fault in faults:
        assert 1 <= fault.line <= text.count("\n") + 1
        assert 1 <= fault.column <= max(map(len, text.split("\n"))) + 1
    if not faults:
        load([source])


def test_semicolons_in_strings_and_comments_end_nothing():
    text = '@id("a") @reason("one; two // three") // four; five\npermit(principal, action, resource);'
    (rule,) = load([user(text)]).rules
    assert (rule.id, rule.reason, rule.line) == ("a", "one; two // three", 1)


def test_the_hash_changes_with_every_part_of_the_set():
    base = digest_of([user(EVERYTHING)])
    assert base.startswith("sha256:")
    assert len({
        base,
        digest_of([user(EVERYTHING + " ")]),
        digest_of([user(EVERYTHING, layer=Layer.CEILING)]),
        digest_of([user(EVERYTHING, "other.cedar")]),
        digest_of([user(EVERYTHING), user("")]),
    }) == 5  # fmt: skip
    assert load([user(EVERYTHING)]).hash == base


def test_an_answer_is_remembered_per_question():
    policies = load(default(Layer.USER))
    assert ask(policies, clear=frozenset({Kind.HKID}))[0] is False
    assert ask(policies, clear=frozenset())[0] is True
    assert ask(policies, clear=frozenset({Kind.HKID}))[0] is False
    assert ask(policies, LOCAL, clear=frozenset({Kind.HKID}))[0] is True
    renamed = LOCAL.__class__("local", Realm.PUBLIC, ())
    assert ask(policies, renamed, clear=frozenset({Kind.HKID}))[0] is False


def test_every_default_rule_explains_itself():
    for rule in load(default(Layer.USER)).rules:
        assert rule.reason != f"rule {rule.id}"
        assert rule.reason_zh != rule.reason
        assert Path(rule.file).suffix == ".cedar"


ASKS = '@id("ask") @reason("somebody has to look") @approval("staff") '
LOOK = f'{ASKS}forbid(principal, {SEND}, resource) when {{ context.clear.contains(Kind::"PHONE") }};'
NEVER = f'@id("never") forbid(principal, {SEND}, resource) when {{ context.clear.contains(Kind::"HKID") }};'


def needed(policies: Policies, *kinds: Kind, model=CLOUD) -> tuple[str, ...]:
    travelling = Travelling(clear=frozenset(kinds), complete=True, unread=False)
    return policies.ask(Question(Action.INFER, ANN, model, travelling)).needed


def test_what_only_an_approval_denies_names_who_has_to_agree():
    policies = load([user(EVERYTHING + LOOK + NEVER)])
    assert ask(policies, clear=frozenset({Kind.PHONE})) == (False, ("ask",))
    assert needed(policies, Kind.PHONE) == ("staff",)
    assert policies.rules[1].approval == "staff"


def test_another_rule_against_it_is_not_lifted_by_any_approval():
    policies = load([user(EVERYTHING + LOOK + NEVER)])
    assert needed(policies, Kind.PHONE, Kind.HKID) == needed(policies, Kind.HKID) == ()


def test_an_approval_permits_nothing_that_no_rule_permits():
    assert needed(load([user(LOOK)]), Kind.PHONE) == ()
    assert needed(load([user(EVERYTHING + LOOK), user("// nothing", layer=Layer.CEILING)]), Kind.PHONE) == ()


def test_every_layer_that_is_against_it_has_to_be_lifted():
    other = LOOK.replace("staff", "person")
    both = load([user(EVERYTHING + LOOK), user(EVERYTHING + other, layer=Layer.CEILING)])
    assert needed(both, Kind.PHONE) == ("person", "staff")
    hard = f'forbid(principal, {SEND}, resource) when {{ context.clear.contains(Kind::"PHONE") }};'
    assert needed(load([user(EVERYTHING + LOOK), user(EVERYTHING + hard, layer=Layer.CEILING)]), Kind.PHONE) == ()


def test_an_error_beside_an_approval_is_a_refusal():
    broken = f'@id("bad") forbid(principal, {SEND}, resource) when {{ 9223372036854775807 + context.source == 1 }};'
    policies = load([user(EVERYTHING + LOOK + broken)])
    travelling = Travelling(clear=frozenset({Kind.PHONE}), complete=True, unread=False, source=Sensitivity.RESTRICTED)
    verdict = policies.ask(Question(Action.INFER, ANN, CLOUD, travelling))
    assert (verdict.rules[0], verdict.needed) == (POLICY_ERROR, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('@approval("staff") permit(principal, action, resource);', "stands on a `permit`"),
        ('@approval("") forbid(principal, action, resource);', "names nobody"),
        ("@approval forbid(principal, action, resource);", "names nobody"),
        ('@id("budget-x") forbid(principal, action, resource);', "Sampan's own"),
    ],
)
def test_approvals_that_make_no_sense(text, said):
    assert [fault.problem for fault in examine([user(text)]) if said in fault.problem]
