from sampan.contract.labels import Kind
from sampan.contract.models import Realm, Site
from sampan.contract.reach import Origin
from sampan.decide.vocabulary import ACTIONS, ATTRIBUTES, ENTITY_TYPES, ENUMERATED, SCHEMA_TEXT


def test_the_schema_lists_exactly_the_contracts_words():
    assert set(ENUMERATED["Kind"]) == set(Kind)
    assert set(ENUMERATED["Realm"]) == set(Realm)
    assert set(ENUMERATED["Site"]) == set(Site)
    assert set(ENUMERATED["Origin"]) == set(Origin)
    assert {f'"{realm}"' for realm in Realm} <= set(
        SCHEMA_TEXT.replace(",", " ").replace("]", " ").replace("[", " ").split()
    )


def test_hints_know_every_word():
    assert {"User", "Group", "Device", "Application", "Model", "Jurisdiction", "Kind"} <= set(ENTITY_TYPES)
    assert {"clear", "masked", "sensitivity", "complete", "unread", "asked", "realm", "retention"} <= set(ATTRIBUTES)
    assert ACTIONS == (
        "infer", "embed", "call_tool", "retrieve", "remember", "sync", "restore_arguments", "unmask", "shadow",
    )  # fmt: skip
