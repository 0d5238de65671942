import pytest

from sampan.contract.labels import Kind
from sampan.decide.policy import load
from sampan.decide.proof.properties import Among, Condition, Not, Property
from sampan.decide.proof.prove import Prover, prove
from sampan.decide.source import Layer, Source
from sampan.decide.vocabulary import Action

SEND = 'principal, action in [Action::"infer", Action::"embed"], resource'
OPEN = f"permit({SEND});"


def policies(*layers):
    kinds = list(Layer)
    return load([Source(kinds[at], f"{kinds[at]}.cedar", text) for at, text in enumerate(layers)])


def outcome(made, condition, always=False, action=(Action.INFER,)):
    said = {"always": condition} if always else {"never": condition}
    (proof,) = prove(made, [Property("p", action=action, **said)])
    return proof


HKID_STAYS = (
    f'@id("stays") forbid({SEND}) when {{ context.clear.contains(Kind::"HKID") }} '
    'unless { resource.jurisdiction == Jurisdiction::"HK" };'
)
ABROAD = Condition(clear=("HKID",), jurisdiction=Not("HK"))


def test_no_hkid_in_clear_outside_hong_kong():
    assert outcome(policies(OPEN + HKID_STAYS), ABROAD).outcome == "proven"
    proof = outcome(policies(OPEN + HKID_STAYS.replace('"HK"', '"CN"')), ABROAD)
    assert proof.outcome == "fails"
    assert proof.example.clear == (Kind.HKID,)
    assert proof.example.masked == ()
    assert proof.example.facts["jurisdiction"] == "CN"
    assert str(proof).startswith("'p': fails: `infer` by")


def test_students_never_reach_a_model_even_when_they_are_staff_too():
    barred = (
        'forbid(principal in Group::"students", action in [Action::"infer", Action::"embed"], resource == Model::"x");'
    )
    never = Condition(group="students", model="x")
    assert outcome(policies(OPEN + barred), never).outcome == "proven"
    excepted = barred.replace(";", ' unless { principal in Group::"staff" };', 1)
    proof = outcome(policies(OPEN + excepted), never)
    assert (proof.outcome, set(proof.example.groups)) == ("fails", {"students", "staff"})


def test_one_layer_is_enough_and_a_lower_permit_widens_nothing():
    made = policies(OPEN + HKID_STAYS, "permit(principal, action, resource);")
    assert outcome(made, ABROAD).outcome == "proven"
    assert outcome(policies("permit(principal, action, resource);" + HKID_STAYS, OPEN), ABROAD).outcome == "proven"


def test_a_property_may_leave_room_for_an_approval():
    lifted = HKID_STAYS.replace('@id("stays")', '@id("stays") @approval("person")')
    never = {"action": (Action.INFER,), "never": ABROAD}
    proof, held = prove(policies(OPEN + lifted), [Property("p", **never), Property("q", **never, unless_approved=True)])
    assert (proof.outcome, held.outcome) == ("fails", "proven")
    assert prove(policies(OPEN), [Property("q", **never, unless_approved=True)])[0].outcome == "fails"


def test_always():
    home = Condition(realm="personal")
    assert outcome(policies(OPEN), home, always=True).outcome == "proven"
    proof = outcome(policies(OPEN + f"forbid({SEND}) when {{ context.unread }};"), home, always=True)
    assert (proof.outcome, proof.example.unread) == ("fails", True)
    assert (
        outcome(policies(OPEN), Condition(clear=Among(only=("PHONE",)), form="clear"), always=True).outcome == "proven"
    )


def test_every_action_must_hold():
    made = policies('permit(principal, action == Action::"embed", resource);')
    assert outcome(made, Condition()).outcome == "proven"
    assert outcome(made, Condition(), action=(Action.INFER, Action.EMBED)).outcome == "fails"


def test_a_condition_that_nothing_fits_is_no_proof():
    never = Condition(clear=("HKID",), form="clear", sensitivity="internal")
    proof = outcome(policies(OPEN), never)
    assert (proof.outcome, proof.example) == ("fails", None)
    assert "no request fits" in proof.why


def test_a_fact_that_an_action_is_not_told():
    proof = outcome(policies(OPEN), Condition(clear=("HKID",)), action=(Action.RETRIEVE,))
    assert (proof.outcome, proof.why) == ("fails", "`retrieve` has no `clear`: name the actions it is for")
    assert outcome(policies(OPEN), Condition(tool="x")).outcome == "fails"


LIKE = f'@id("ours") forbid({SEND}) unless {{ resource.name like "ours-*" }};'


def test_what_cannot_be_walked_is_never_proven():
    never = Condition(model="theirs")
    proof = outcome(policies(OPEN + LIKE), never)
    assert proof.outcome == "not proven"
    assert proof.why == "cannot be walked: ours matches a text with `like`"
    assert outcome(policies(OPEN + LIKE), Condition(model="ours-1")).outcome in {"fails", "not proven"}


def test_unless_it_does_not_matter():
    assert outcome(policies(OPEN + LIKE + HKID_STAYS), ABROAD).outcome == "proven"


def test_without_any_policy_nothing_is_proven():
    assert outcome(load(()), ABROAD).outcome == "not proven"


@pytest.mark.parametrize(
    ("condition", "broken"),
    [
        (Condition(found=("HKID",)), "context.masked.contains(Kind::\"HKID\")"),
        (Condition(clear=Among(all=("HKID", "PHONE"))), 'context.clear.containsAll([Kind::"HKID", Kind::"PHONE"])'),
        (Condition(source=("confidential", "restricted")), "context.source >= 2"),
        (Condition(origins=("tool",)), 'context.origins.contains(Origin::"tool")'),
        (Condition(missing=("tagger",)), 'context.missing.contains("tagger")'),
        (Condition(form="masked"), "!context.masked.isEmpty()"),
        (Condition(user="ann", app="sdk"), 'principal == User::"ann" && context.application == Application::"sdk"'),
        (Condition(complete=False), "!context.complete"),
        (Condition(clear=Among(none=("HKID",))), '!context.clear.contains(Kind::"HKID")'),
    ],
)  # fmt: skip
def test_conditions(condition, broken):
    """Refused where the condition holds: proven. Permitted only there: refuted."""
    if condition.found:
        broken = f'{broken} || context.clear.contains(Kind::"HKID")'
    assert outcome(policies(OPEN + f"forbid({SEND}) when {{ {broken} }};"), condition).outcome == "proven"
    assert outcome(policies(f"permit({SEND}) when {{ {broken} }};"), condition).outcome == "fails"


def test_other_actions():
    made = policies('permit(principal, action == Action::"sync", resource) when { resource.paired == Claim::"yes" };')
    assert outcome(made, Condition(paired=Not("yes")), action=(Action.SYNC,)).outcome == "proven"
    keys = policies('permit(principal, action == Action::"unmask", resource) unless { resource == Kind::"API_KEY" };')
    assert outcome(keys, Condition(kind="API_KEY"), action=(Action.UNMASK,)).outcome == "proven"
    assert outcome(keys, Condition(kind="PHONE"), action=(Action.UNMASK,)).outcome == "fails"


def remarks(text):
    return [str(remark) for remark in Prover(policies(text)).remarks()]


def test_rules_that_do_nothing_are_told():
    never = f'@id("never") forbid({SEND}) when {{ resource.realm == Realm::"public" && resource.realm == Realm::"personal" }};'
    assert remarks(f'@id("p") permit({SEND}) when {{ context.complete }};' + never) == [
        "ceiling.cedar:1: rule `never` can never match; its conditions contradict each other"
    ]
    shut = f'@id("p") permit({SEND}) when {{ context.complete }}; forbid({SEND}) when {{ context.complete }};'
    told = remarks(shut)
    assert "permit `p` never comes to count" in told[0]
    assert "permits nothing at all" in told[1]
    assert "permits nothing at all" in remarks(f"forbid({SEND});")[0]


def test_a_permit_without_a_condition_is_told():
    assert "permit `p` has no condition" in remarks(f'@id("p") permit({SEND});')[0]
    assert (
        "has no condition" in remarks(f'@id("p") permit({SEND}) when {{ context.complete || !context.complete }};')[0]
    )
    assert remarks(f'@id("p") @everything("it is meant") permit({SEND});') == []
    assert remarks(f'@id("p") permit({SEND}) when {{ context.complete }};') == []


def test_what_an_approval_opens_is_not_never():
    asked = HKID_STAYS.replace("forbid", '@approval("staff") forbid')
    proof = outcome(policies(OPEN + asked), ABROAD)
    assert (proof.outcome, proof.why) == ("fails", "once it is approved by staff")
    assert "once it is approved by staff" in str(proof)
    assert outcome(policies(OPEN + asked, OPEN + HKID_STAYS.replace('"stays"', '"hard"')), ABROAD).outcome == "proven"


def test_what_needs_an_approval_is_not_always_allowed_and_other_actions_are_not_lifted():
    asked = '@id("a") @approval("staff") forbid(principal, action, resource);'
    home = Condition(realm="personal")
    assert outcome(policies("permit(principal, action, resource);" + asked), home, always=True).outcome == "fails"
    made = policies("permit(principal, action, resource);" + asked)
    assert outcome(made, Condition(kind="PHONE"), action=(Action.UNMASK,)).outcome == "proven"


def test_budgets_that_are_spent_are_walked():
    spent = (
        f'@id("s") forbid({SEND}) when {{ context.over_budget.contains("b") && resource.realm != Realm::"personal" }};'
    )
    proof = outcome(policies(OPEN + spent), Condition(realm="public"))
    assert (proof.outcome, proof.example.over_budget) == ("fails", ())
    loose = f'@id("l") permit({SEND}) when {{ context.over_budget.contains("b") }};'
    proof = outcome(policies(loose), Condition(realm="public"))
    assert (proof.outcome, proof.example.over_budget) == ("fails", ("b",))
    assert "over the budget b" in str(proof)
    assert (
        outcome(policies(loose + loose.replace('"l"', '"m"').replace("permit", "forbid")), Condition()).outcome
        == "proven"
    )
