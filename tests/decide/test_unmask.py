import pytest

from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.request import Dismissed, Unmask
from sampan.decide.question import Asker
from sampan.decide.unmask import NotUnmasked, Unmasked, unmask
from tests.decide.builders import make

HKID, PHONE = (Kind.HKID, "A123456(3)"), (Kind.PHONE, "9123 4567")
TEXT = "A123456(3), 9123 4567"


def said(text, findings, *statements, **labels):
    return make(text, findings, unmask=tuple(Unmask(*one) for one in statements), **labels)


def test_labels_are_counted_anew(default_policies):
    result = unmask(said(TEXT, [HKID, PHONE, PHONE], ("A123456(3)", "sample")), default_policies, Asker("ann"))
    assert isinstance(result, Unmasked)
    assert result.counts == {Kind.HKID: 1}
    assert result.labelled.labels.counts == {Kind.PHONE: 2}
    assert result.labelled.labels.sensitivity is Sensitivity.CONFIDENTIAL


def test_sensitivity_from_elsewhere_does_not_fall(default_policies):
    asked = said(TEXT, [PHONE], ("9123 4567", "sample"), sensitivity=Sensitivity.RESTRICTED)
    assert unmask(asked, default_policies, Asker("ann")).labelled.labels.sensitivity is Sensitivity.RESTRICTED


def test_a_kind_stays_unmaskable_while_any_finding_of_it_is_left(default_policies):
    both = [HKID, (Kind.HKID, "B765432(1)")]
    asked = said(TEXT, both, ("A123456(3)", "sample"), unmaskable=frozenset({Kind.HKID}))
    assert unmask(asked, default_policies, Asker("ann")).labelled.labels.unmaskable == {Kind.HKID}
    asked = said(TEXT, [HKID], ("A123456(3)", "sample"), unmaskable=frozenset({Kind.HKID}))
    assert unmask(asked, default_policies, Asker("ann")).labelled.labels.unmaskable == frozenset()


def test_only_whole_texts_count(default_policies):
    result = unmask(said(TEXT, [PHONE], ("9123", "part"), ("nothing", "x")), default_policies, Asker("ann"))
    assert result.counts == {}
    assert result.labelled.labels.counts == {Kind.PHONE: 1}


def test_a_look_alike_is_never_unmasked(default_policies):
    result = unmask(said("[HKID_1]", [(Kind.LOOKALIKE, "[HKID_1]")], ("[HKID_1]", "x")), default_policies, Asker("ann"))
    assert result.counts == {}
    assert len(result.labelled.passages[0].findings) == 1


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_needed(default_policies, reason):
    result = unmask(said(TEXT, [PHONE], ("9123 4567", reason)), default_policies, Asker("ann"))
    assert isinstance(result, NotUnmasked)
    assert "reason" in result.reason


def test_one_denied_kind_refuses_the_whole_statement(default_policies):
    asked = said(TEXT + "sk-1", [PHONE, (Kind.API_KEY, "sk-1")], ("9123 4567", "ok"), ("sk-1", "ok"))
    result = unmask(asked, default_policies, Asker("ann"))
    assert isinstance(result, NotUnmasked)
    assert result.rules == ("secrets-stay-masked",)


def test_a_remembered_dismissal_counts_where_policy_lets_it_and_fails_nothing_elsewhere(default_policies):
    key = (Kind.API_KEY, "sk-x")
    asked = make(
        TEXT, [PHONE, key], unmask=(Dismissed("9123 4567", "dismissed earlier"), Dismissed("sk-x", "dismissed earlier"))
    )
    result = unmask(asked, default_policies, Asker("ann"))
    assert isinstance(result, Unmasked)
    assert result.counts == {Kind.PHONE: 1}
    assert result.labelled.labels.counts == {Kind.API_KEY: 1}
    mixed = make(TEXT, [key], unmask=(Dismissed("other", "x"), Unmask("sk-x", "sample")))
    assert isinstance(unmask(mixed, default_policies, Asker("ann")), NotUnmasked)


def test_a_false_alarm_in_a_file_is_gone_from_the_file(default_policies):
    kinds = frozenset({Kind.HKID})
    asked = said(TEXT, [HKID], ("A123456(3)", "sample"), unmaskable=kinds, files={"PDF": kinds})
    assert unmask(asked, default_policies, Asker("ann")).labelled.labels.files == {}
    asked = said(TEXT, [HKID], ("something else", "sample"), unmaskable=kinds, files={"PDF": kinds})
    assert unmask(asked, default_policies, Asker("ann")).labelled.labels.files == {"PDF": kinds}
