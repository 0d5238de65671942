"""`properties.toml` beside policies: what must never, or always, be allowed."""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Literal

import msgspec

from sampan.contract.errors import ConfigError
from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.models import Realm, Site
from sampan.contract.reach import Origin
from sampan.decide.vocabulary import Action


class Not(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Anything but these."""

    besides: str | tuple[str, ...] = msgspec.field(name="not")


class Among(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a set overlaps with lists: holds one of `any`, all of `all`, none of `none`, nothing besides `only`."""

    any: tuple[str, ...] | None = None
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None


Names = str | tuple[str, ...] | Not
Kinds = tuple[str, ...] | Among
_WORDS: dict[str, type[StrEnum]] = {
    "realm": Realm, "site": Site, "clear": Kind, "masked": Kind, "found": Kind, "kind": Kind, "origins": Origin,
}  # fmt: skip
LEVELS = frozenset({"source", "sensitivity", "classification"})
"""Facts that are a level of sensitivity."""


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which requests are meant: those that fit everything that is stated.

    clear, masked, found: kinds that travel in the clear, as stand-ins, or either; a plain list means one of these.
    form: `clear` when nothing is masked. Names: one, one of a list, or `{ not = … }`.
    """

    clear: Kinds | None = None
    masked: Kinds | None = None
    found: Kinds | None = None
    origins: Kinds | None = None
    missing: Kinds | None = None
    form: Literal["clear", "masked"] | None = None
    user: Names | None = None
    group: Names | None = None
    app: Names | None = None
    device: Names | None = None
    model: Names | None = None
    tool: Names | None = None
    collection: Names | None = None
    kind: Names | None = None
    realm: Names | None = None
    site: Names | None = None
    jurisdiction: Names | None = None
    operator: Names | None = None
    retention: Names | None = None
    trains_on_data: Names | None = None
    changes: Names | None = None
    paired: Names | None = None
    classification: Names | None = None
    source: Names | None = None
    sensitivity: Names | None = None
    asked: Names | None = None
    complete: bool | None = None
    unread: bool | None = None

    def stated(self) -> Iterator[tuple[str, Any]]:
        """Each fact that is stated."""
        for name in self.__struct_fields__:
            if (value := getattr(self, name)) is not None:
                yield name, value


class Property(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[property]]`: exactly one of `never` and `always`.

    unless_approved: `never` without an approval. Else no approval may open it either.
    """

    name: str
    name_zh: str = ""
    action: tuple[Action, ...] = (Action.INFER, Action.EMBED)
    never: Condition | None = None
    always: Condition | None = None
    unless_approved: bool = False

    @property
    def condition(self) -> Condition:
        """Whichever is stated."""
        return self.never or self.always or Condition()


class _Properties(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    property: tuple[Property, ...] = ()


def parse_properties(file: str, text: str) -> tuple[Property, ...]:
    """The properties of a TOML file called `file`.

    Raises:
        ConfigError: something in it is wrong; the message gives the line, or the path to the value.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), _Properties).property
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{file}: {error}") from error
    for one in found:
        if (one.never is None) == (one.always is None):
            raise ConfigError(f"{file}: property {one.name!r} needs `never` or `always`, and not both.")
        for name, value in one.condition.stated():
            _check(f"{file}: property {one.name!r}: `{name}`", name, value)
    return found


def listed(value: Names) -> tuple[str, ...]:
    """The names of a condition, whether they are meant or excluded."""
    names = value.besides if isinstance(value, Not) else value
    return (names,) if isinstance(names, str) else names


def spread(value: Kinds) -> Among:
    """A plain list as what it means."""
    return value if isinstance(value, Among) else Among(any=value)


def mentioned(value: Among) -> tuple[str, ...]:
    """Everything that it lists."""
    return (*(value.any or ()), *value.all, *value.none, *(value.only or ()))


def _check(where: str, name: str, value: Any) -> None:
    """A misspelt word would make a condition that nothing fits, and so a property that always holds."""
    if isinstance(value, bool):
        return
    names = mentioned(value) if isinstance(value, Among) else listed(value)
    known = {word.value for word in _WORDS[name]} if name in _WORDS else None
    if name in LEVELS:
        known = {level.name.lower() for level in Sensitivity}
    for given in names:
        if known is not None and given not in known:
            raise ConfigError(f"{where} does not know {given!r}; known: {', '.join(sorted(known))}.")
