import pytest

from sampan.contract.errors import ConfigError
from sampan.decide.check import parse_cases, run_cases
from sampan.decide.policy import load


def cases(text):
    return parse_cases("cases.toml", text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[case]\n", "line 1"),
        ('[[case]]\nname = "a"\n', "expect"),
        ('[[case]]\nname = "a"\nexpect = "clear"\nkinds = ["HKIDD"]\n', "HKIDD"),
        ('[[case]]\nname = "a"\nexpect = "clar"\n', "clar"),
        ('[[case]]\nname = "a"\nexpect = "clear"\nkind = "HKID"\n', "kind"),
        ('[[case]]\nname = "a"\nexpect = "clear"\nto = { realm = "pubic" }\n', "pubic"),
    ],
)
def test_a_wrong_case_file_says_where(text, said):
    with pytest.raises(ConfigError, match=rf"cases\.toml.*{said}"):
        cases(text)


def test_a_case_tells_what_differs():
    text = '[[case]]\nname = "a"\nexpect = "clear"\nrules = ["x"]\n[[case]]\nname = "b"\nexpect = "clear"\nto = {realm = "personal"}\n'
    wrong, right = run_cases(load(()), cases(text))
    assert not wrong.passed
    assert str(wrong) == "'a': expected clear, got refused, rules personal-realm-only"
    assert right.passed


def test_masks_and_rules_are_exact():
    text = '[[case]]\nname = "a"\nexpect = "refused"\nrules = []\n[[case]]\nname = "b"\nexpect = "refused"\nmasks = ["HKID"]\n'
    assert [outcome.passed for outcome in run_cases(load(()), cases(text))] == [False, False]
