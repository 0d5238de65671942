"""Realms are earned: a ceiling says which hosts are the organisation's, and what is known of them.

`realms.toml` beside the ceiling's policies. With it, a model elsewhere counts as `enterprise` only on a host that is
listed as such; the facts listed there replace what the user's settings claim.
"""

import tomllib
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from sampan.contract.errors import ConfigError
from sampan.contract.models import Model, Realm, Site

PINS = "realms.toml"


class Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[host]]`. name: a host, or `*.` and a domain for every host below it. Facts left out stay as claimed."""

    name: str
    realm: Realm
    site: Site | None = None
    jurisdiction: str | None = None
    operator: str | None = None
    retention: str | None = None
    trains_on_data: str | None = None

    def covers(self, host: str) -> bool:
        """Whether this is about a host."""
        name = self.name.lower()
        return host.endswith(name[1:]) if name.startswith("*.") else host == name


class Pins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a ceiling says of hosts."""

    host: tuple[Pin, ...] = ()


def read_pins(text: str) -> Pins:
    """The content of `realms.toml`.

    Raises:
        ConfigError: it is not TOML, or says something else than hosts; no host can be `personal`.
    """
    try:
        pins = msgspec.convert(tomllib.loads(text), Pins)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{PINS}: {error}") from None
    for pin in pins.host:
        if pin.realm is Realm.PERSONAL:
            raise ConfigError(f"{PINS}: `{pin.name}` cannot be personal: that is this machine, or a paired device.")
    return pins


def earned(models: Sequence[Model], pins: Pins | None) -> tuple[Model, ...]:
    """The models with the realms that they have earned; without pins as they are."""
    if pins is None:
        return tuple(models)
    return tuple(model if model.realm is Realm.PERSONAL else _pinned(model, pins) for model in models)


def _pinned(model: Model, pins: Pins) -> Model:
    host = (urlsplit(model.base_url).hostname or "").lower().rstrip(".")
    pin = next((pin for pin in pins.host if pin.covers(host)), None)
    if pin is None:
        known = model.realm is Realm.PUBLIC
        return model if known else msgspec.structs.replace(model, realm=Realm.PUBLIC, site=Site.CLOUD)
    told = msgspec.structs.asdict(pin)
    return msgspec.structs.replace(
        model, **{name: value for name, value in told.items() if name != "name" and value is not None}
    )
