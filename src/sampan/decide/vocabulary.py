"""The words policies may use: the Cedar schema, with its finite lists taken from the contract."""

import re
from enum import StrEnum
from importlib import resources

import cedarpy

from sampan.contract.labels import Kind
from sampan.contract.models import Realm, Site
from sampan.contract.reach import Origin


class Action(StrEnum):
    """What policy is asked about."""

    INFER = "infer"
    EMBED = "embed"
    CALL_TOOL = "call_tool"
    RETRIEVE = "retrieve"
    REMEMBER = "remember"
    SYNC = "sync"
    RESTORE_ARGUMENTS = "restore_arguments"
    UNMASK = "unmask"
    SHADOW = "shadow"


def _listed(words: type[StrEnum]) -> str:
    return ", ".join(f'"{word.value}"' for word in words)


def _text() -> str:
    text = resources.files("sampan.decide").joinpath("schema.cedarschema").read_text("utf-8")
    for mark, words in (("@kinds@", Kind), ("@realms@", Realm), ("@sites@", Site), ("@origins@", Origin)):
        text = text.replace(f"[{mark}]", f"[{_listed(words)}]")
    return text


SCHEMA_TEXT = _text()
SCHEMA = cedarpy.Schema.from_str(SCHEMA_TEXT)

ENTITY_TYPES = tuple(re.findall(r"^entity (\w+)", SCHEMA_TEXT, re.MULTILINE))
ATTRIBUTES = tuple(sorted(set(re.findall(r"^  (\w+):", SCHEMA_TEXT, re.MULTILINE))))
ACTIONS = tuple(action.value for action in Action)
ENUMERATED = {
    name: tuple(re.findall(r'"([^"]*)"', ids))
    for name, ids in re.findall(r"^entity (\w+) enum \[([^\]]*)\]", SCHEMA_TEXT, re.MULTILINE)
}
METHODS = ("contains", "containsAll", "containsAny", "isEmpty", "getTag", "hasTag")
KEYWORDS = (
    "permit",
    "forbid",
    "when",
    "unless",
    "principal",
    "action",
    "resource",
    "context",
    "like",
    "has",
    "is",
    "in",
)
