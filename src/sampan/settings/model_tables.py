"""`[[model]]`: the tables that declare remote models, checked and turned into `contract.models.Model`."""

import ipaddress
import math
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

import msgspec

from sampan.contract.models import Model, Price, Realm, Site, Wire, forwards_to_cloud
from sampan.wording import worded

Amount = Annotated[float, msgspec.Meta(ge=0)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}$")]
CAPABILITIES = ("chat", "completions", "embeddings", "tools", "json_schema", "vision", "files")
LANGUAGES = ("en", "zh", "zh-Hant", "zh-Hans", "yue")
_SITES = {Realm.PERSONAL: Site.DEVICE, Realm.ENTERPRISE: Site.EDGE, Realm.PUBLIC: Site.CLOUD}
_WIRES = (Wire.OPENAI, Wire.ANTHROPIC, Wire.FAKE)
_VERSIONED = re.compile(r"/v\d+[a-z0-9]*$")
_RESERVED = re.compile(r"^(auto([:].*)?|local)$", re.IGNORECASE)


class PriceTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars per million tokens."""

    input: Amount = 0.0
    output: Amount = 0.0


class ModelTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[model]]` as written. Facts left out are `unknown`: the most restrictive reading."""

    name: Name
    realm: Realm
    wire: Wire | list[Wire]
    base_url: str = ""
    upstream_model: str = ""
    api_key: Annotated[str, msgspec.Meta(pattern=r"^$|^(env|keyring|file):[A-Za-z0-9_.@-]+$")] = ""
    site: Site | None = None
    jurisdiction: str = "unknown"
    operator: str = "unknown"
    retention: str = "unknown"
    trains_on_data: str | bool = "unknown"
    private_network: bool = False
    context: Annotated[int, msgspec.Meta(ge=0)] = 0
    capabilities: tuple[str, ...] = ("chat", "completions", "tools", "json_schema", "vision", "files")
    languages: tuple[str, ...] = ()
    price: PriceTable | None = None
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 600.0
    retries: Annotated[int, msgspec.Meta(ge=0, le=10)] = 2
    proxy: str = ""
    ca_bundle: str = ""


def to_model(table: ModelTable, folder: Path) -> tuple[str, str, Model | None]:
    """Check what types cannot say.

    Args:
        table: a table whose types are right.
        folder: relative paths start here.

    Returns:
        The field that is wrong, why, and None; or two empty strings and the model.
    """
    wires = tuple(table.wire) if isinstance(table.wire, list) else (table.wire,)
    bundle = str(folder / Path(table.ca_bundle).expanduser()) if table.ca_bundle else ""
    for key, problem in (
        ("name", _name_problem(table.name)),
        ("wire", _wire_problem(wires)),
        ("realm", _realm_problem(table)),
        ("base_url", _url_problem(table, wires)),
        ("price", "" if _finite(table) else worded("prices must be finite numbers")),
        ("capabilities", _capability_problem(table.capabilities)),
        ("languages", _language_problem(table.languages)),
        ("proxy", _proxy_problem(table.proxy, table.realm)),
        ("ca_bundle", "" if not bundle or Path(bundle).is_file() else worded("no such file")),
    ):
        if problem:
            return key, problem, None
    return "", "", _model(table, wires, bundle)


def loopback_host(host: str) -> bool:
    """Whether a host is this machine and nothing else: `localhost`, 127.0.0.0/8 or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _model(table: ModelTable, wires: tuple[Wire, ...], bundle: str) -> Model:
    trains = table.trains_on_data
    return Model(
        name=table.name,
        realm=table.realm,
        wire=wires,
        site=table.site or _SITES[table.realm],
        base_url=table.base_url.rstrip("/"),
        upstream_model=table.upstream_model or table.name,
        api_key=table.api_key,
        jurisdiction=table.jurisdiction,
        operator=table.operator,
        retention=table.retention,
        trains_on_data=trains if isinstance(trains, str) else ("yes" if trains else "no"),
        private_network=table.private_network,
        context=table.context,
        capabilities=frozenset(table.capabilities),
        languages=table.languages,
        price=Price(table.price.input, table.price.output) if table.price else Price(known=False),
        timeout_s=table.timeout_s,
        retries=table.retries,
        proxy=table.proxy,
        ca_bundle=bundle,
    )


def _name_problem(name: str) -> str:
    return worded(f"`{name}` is a reserved name; choose another") if _RESERVED.match(name) else ""


def _realm_problem(table: ModelTable) -> str:
    split = _split(table.base_url)
    here = split is not None and loopback_host(split.hostname or "")
    if table.realm is not Realm.PUBLIC and here and forwards_to_cloud(table.upstream_model or table.name):
        return worded("the server on this machine hands a `…cloud` model on to a cloud: its realm is `public`")
    return ""


def _wire_problem(wires: tuple[Wire, ...]) -> str:
    if not wires or len(set(wires)) != len(wires):
        return worded("wire needs at least one format, each once")
    return "" if all(wire in _WIRES for wire in wires) else worded("wire must be `openai` or `anthropic`")


def _url_problem(table: ModelTable, wires: tuple[Wire, ...]) -> str:
    if wires == (Wire.FAKE,) and not table.base_url:
        return ""
    split = _split(table.base_url)
    if split is None or split.scheme not in ("http", "https") or not split.hostname:
        return worded("base_url must be an http or https address")
    if split.username or split.password or split.query or split.fragment:
        return worded("base_url must carry no user, password, query or fragment; keys go in api_key")
    if not _VERSIONED.search(split.path.rstrip("/")):
        return worded("base_url must end in the version, such as /v1")
    if table.realm is Realm.PERSONAL and not loopback_host(split.hostname):
        return worded("realm `personal` needs a base_url on this machine (127.0.0.1); call it `enterprise` or `public`")
    return ""


def _split(url: str) -> SplitResult | None:
    """Parse an address; None when it, or its port, is malformed."""
    if re.search(r"[\s\x00-\x1f\\]", url):
        return None
    try:
        split = urlsplit(url)
        return None if split.port == 0 else split
    except ValueError:
        return None


def _finite(table: ModelTable) -> bool:
    return table.price is None or (math.isfinite(table.price.input) and math.isfinite(table.price.output))


def _capability_problem(names: tuple[str, ...]) -> str:
    unknown = [name for name in names if name not in CAPABILITIES]
    return worded(f"capabilities are among {', '.join(CAPABILITIES)}") if unknown or not names else ""


def _language_problem(names: tuple[str, ...]) -> str:
    return worded(f"languages are among {', '.join(LANGUAGES)}") if set(names) - set(LANGUAGES) else ""


def _proxy_problem(proxy: str, realm: Realm) -> str:
    if proxy and realm is Realm.PERSONAL:
        return worded("a `personal` model cannot go through a proxy: that would leave this machine")
    split = _split(proxy)
    if proxy and (split is None or split.scheme not in ("http", "https") or not split.hostname):
        return worded("proxy must be an http or https address")
    return worded("proxy must carry no user or password") if split and (split.username or split.password) else ""
