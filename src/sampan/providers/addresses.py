"""URLs and where they lead: on this machine, in the open internet, or in some private network. No I/O."""

import ipaddress
from enum import Enum

from yarl import URL

from sampan.contract.errors import ConfigError, PolicyRefused
from sampan.contract.models import Model, Realm

LOOPBACK_NAME = "localhost"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach(Enum):
    """How far away an address is."""

    LOOPBACK = "loopback"
    PRIVATE = "private"
    """Private, link-local, shared, reserved, multicast: everything that is not one machine in the open internet."""
    PUBLIC = "public"


def literal(host: str) -> _Address | None:
    """The address that a host spells out, or None when it is a name."""
    try:
        return ipaddress.ip_address(host.strip("[]").split("%")[0])
    except ValueError:
        return None


def reach(address: _Address) -> Reach:
    """Classify one address; an IPv4 address inside an IPv6 one (mapped, 6to4, NAT64, Teredo) decides for it."""
    inner = _embedded(address)
    if inner is not None:
        return reach(inner) if reach(inner) is not Reach.LOOPBACK else Reach.PRIVATE
    if address.is_loopback:
        return Reach.LOOPBACK
    # The standard library calls some ranges global that no one machine in the open internet has.
    odd = address.is_multicast or address.is_reserved or (address.version == 6 and address.is_site_local)
    return Reach.PUBLIC if address.is_global and not odd else Reach.PRIVATE


def _embedded(address: _Address) -> ipaddress.IPv4Address | None:
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def is_loopback(host: str) -> bool:
    """Whether a host, as written, is this machine and nothing else. A name other than `localhost` never is."""
    address = literal(host)
    return host.lower() == LOOPBACK_NAME if address is None else reach(address) is Reach.LOOPBACK


def check_destination(model: Model, host: str, *, no_cloud: bool) -> None:
    """Refuse a host, as the configuration writes it, that this model's realm or no-cloud does not allow.

    Raises:
        PolicyRefused: it may not be reached.
    """
    here = is_loopback(host)
    if no_cloud and (model.realm is not Realm.PERSONAL or not here):
        raise PolicyRefused(
            f"No-cloud is on: {model.name} is not on this machine, nothing was sent.",
            rules=("no-cloud",), ways_on=("Choose a personal model.", "Start Sampan without `--no-cloud`."),
        )  # fmt: skip
    if model.realm is Realm.PERSONAL and not here:
        raise PolicyRefused(
            f"{model.name} is declared personal, but its address is not on this machine; nothing was sent.",
            rules=("personal-is-loopback",), ways_on=("Declare its realm as `enterprise` or `public`.",),
        )  # fmt: skip


def check_resolved(host: str, addresses: list[str]) -> None:
    """Refuse a host name when any address it resolves to is not in the open internet.

    Raises:
        PolicyRefused: one of them is private or on this machine.
    """
    for text in addresses:
        address = literal(text)
        if address is None or reach(address) is not Reach.PUBLIC:
            raise PolicyRefused(
                f"The name {host} resolves to an address inside a private network; nothing was sent.",
                rules=("no-private-network",),
                ways_on=("If that is meant, set `private_network = true` on the model, or write the address itself.",),
            )


def parse(url: str) -> URL:
    """Read an address of the configuration.

    Raises:
        ConfigError: it is not http or https, or carries a user and password.
    """
    try:
        parsed = URL(url)
    except ValueError:
        raise ConfigError("A model's address is malformed.") from None
    if parsed.scheme not in ("http", "https") or not parsed.raw_host or parsed.raw_user or parsed.raw_password:
        raise ConfigError("A model's address must be http or https, without user and password.")
    return parsed


def on_loopback(url: str) -> URL:
    """Read an address that must be on this machine.

    Raises:
        PolicyRefused: it is not.
    """
    parsed = parse(url)
    if not is_loopback(parsed.raw_host or ""):
        raise PolicyRefused("Only servers on this machine are asked this way.", rules=("loopback-only",))
    return parsed


def public_https(url: str) -> URL:
    """Read an address that files come from. A redirect may name any host: a written address counts no more than a name.

    Raises:
        PolicyRefused: it is not https, or leads into a private network.
    """
    parsed = parse(url)
    host = parsed.raw_host or ""
    if parsed.scheme != "https":
        raise PolicyRefused("Model files come over https only.", rules=("https-only",))
    if literal(host) is not None or is_loopback(host):
        check_resolved(host, [host])
    return parsed
