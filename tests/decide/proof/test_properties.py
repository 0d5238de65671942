import re

import pytest

from sampan.contract.errors import ConfigError
from sampan.decide.proof.properties import Among, Not, listed, mentioned, parse_properties, spread
from sampan.decide.vocabulary import Action


def parse(body):
    return parse_properties("properties.toml", f'[[property]]\nname = "p"\n{body}\n')


def test_a_property_as_people_write_it():
    (found,) = parse('name_zh = "性質"\nnever = { clear = ["HKID"], realm = { not = "personal" }, group = ["a", "b"] }')
    assert found.action == (Action.INFER, Action.EMBED)
    assert dict(found.condition.stated()) == {"clear": ("HKID",), "realm": Not("personal"), "group": ("a", "b")}
    assert found.name_zh == "性質"


def test_names_and_kinds_in_their_spellings():
    assert listed("a") == ("a",)
    assert listed(Not(("a", "b"))) == ("a", "b")
    assert spread(("HKID",)) == Among(any=("HKID",))
    among = Among(any=("A",), all=("B",), none=("C",), only=("D",))
    assert spread(among) is among
    assert mentioned(among) == ("A", "B", "C", "D")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "needs `never` or `always`"),
        ("never = {}\nalways = {}", "and not both"),
        ('never = { clear = ["HKDI"] }', "does not know 'HKDI'"),
        ('never = { clear = { only = ["HKDI"] } }', "does not know 'HKDI'"),
        ('never = { realm = { not = "pubic" } }', "does not know 'pubic'"),
        ('never = { source = "secret" }', "does not know 'secret'; known: confidential"),
        ('never = { jurisdcition = "HK" }', "jurisdcition"),
        ('never = { form = "plain" }', "plain"),
        ('action = ["infr"]\nnever = {}', "infr"),
        ("never = {", "line"),
    ],
)
def test_a_wrong_property_is_told(body, said):
    with pytest.raises(ConfigError, match=rf"properties\.toml.*{re.escape(said)}"):
        parse(body)
