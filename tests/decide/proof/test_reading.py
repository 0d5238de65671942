import cedarpy
import pytest

from sampan.decide.proof.reading import Unwalkable, names_in, reads_of, walk
from sampan.decide.proof.universe import OTHER


def expression(text):
    template = policy(f"permit(principal, action, resource) when {{ {text} }};")
    return template.clauses[0].expr


def policy(text):
    return cedarpy.PolicySet.from_str(text).to_pst().static_policies["policy0"]


@pytest.mark.parametrize(
    ("text", "facts", "sets", "groups"),
    [
        ('resource.realm == Realm::"public"', {"realm"}, set(), set()),
        ('resource.name == "m"', {"resource"}, set(), set()),
        ('resource == Model::"m"', {"resource"}, set(), set()),
        ('principal == User::"ann"', {"user"}, set(), set()),
        ('principal in Group::"g"', set(), set(), {"g"}),
        ('principal in [Group::"g", User::"ann"]', {"user"}, set(), {"g"}),
        ("context.sensitivity > context.source", {"sensitivity", "source"}, set(), set()),
        ("context.source + 1 >= 2", {"source"}, set(), set()),
        ('context.clear.contains(Kind::"HKID")', set(), {"clear"}, set()),
        ('context.missing.contains("tagger")', set(), {"missing"}, set()),
        ("context has clear", set(), set(), set()),
        ('[Kind::"HKID"].contains(resource)', {"resource"}, set(), set()),
        ('action == Action::"infer"', set(), set(), set()),
        ("(if context.complete then 1 else 2) == 1", {"complete"}, set(), set()),
    ],
)
def test_what_a_leaf_reads(text, facts, sets, groups):
    found = reads_of(expression(text))
    assert (set(found.facts), set(found.sets), set(found.groups)) == (facts, sets, groups)


@pytest.mark.parametrize(
    "text",
    [
        'resource.name like "m*"',
        "resource.operator == resource.retention",
        "context.asked == resource.name",
        'context.device.paired == Claim::"yes"',
        "resource == principal",
        "ip(context.asked).isLoopback()",
        'context == {"a": 1}',
        '{"a": resource.name}.a == "m"',
        'context.clear.contains(if resource.name == "m" then Kind::"HKID" else Kind::"PHONE")',
    ],
)
def test_what_cannot_be_walked(text):
    with pytest.raises(Unwalkable):
        reads_of(expression(text))


def test_names_are_gathered_from_texts_and_properties():
    text = 'permit(principal in Group::"g", action == Action::"infer", resource == Model::"m") when { context.asked == "auto" };'
    names = names_in((policy(text),), {"User": {"ann"}, "Group": {"h"}})
    assert names.of("Group") == (OTHER, "g", "h")
    assert names.of("Model", "") == (OTHER, "m", "auto")
    assert names.of("User") == (OTHER, "ann")
    assert names.of("Jurisdiction") == (OTHER,)


def test_walking_reaches_everything():
    assert [node.value for node in walk(expression("true && (false || true)")) if hasattr(node, "value")].count(
        True
    ) == 2
