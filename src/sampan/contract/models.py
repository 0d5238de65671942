"""Models: named deployments that somebody can send a request to."""

from enum import StrEnum

import msgspec


class Realm(StrEnum):
    """Who answers for the machine that a model runs on: the trust boundary."""

    PERSONAL = "personal"
    ENTERPRISE = "enterprise"
    PUBLIC = "public"


class Site(StrEnum):
    """Where that machine is."""

    DEVICE = "device"
    EDGE = "edge"
    CLOUD = "cloud"


class Wire(StrEnum):
    """The format a model's endpoint speaks."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    LOCAL = "local"
    FAKE = "fake"


def forwards_to_cloud(upstream_model: str) -> bool:
    """Whether a model's name says that the server on loopback hands it on: `gpt-oss:120b-cloud`, `kimi-k2:cloud`."""
    return upstream_model.lower().endswith(("-cloud", ":cloud"))


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars per million tokens. known: somebody stated it; what nobody stated is not free, only unknown."""

    input: float = 0.0
    output: float = 0.0
    known: bool = True


class Model(msgspec.Struct, frozen=True):
    """A named deployment. Facts that are not known are `unknown`: the most restrictive reading.

    context: tokens for prompt and answer together, 0 when unknown. capabilities: any of
    `chat`, `completions`, `embeddings`, `tools`, `json_schema`, `vision`. languages: those it is good at, as in
    `Prompt.language`, or `zh` for all Chinese; empty: nobody said, so any.
    """

    name: str
    realm: Realm
    wire: tuple[Wire, ...]
    site: Site = Site.CLOUD
    base_url: str = ""
    upstream_model: str = ""
    api_key: str = ""
    """A reference (`env:NAME`, `keyring:NAME`) or empty; never the secret itself."""
    jurisdiction: str = "unknown"
    operator: str = "unknown"
    retention: str = "unknown"
    trains_on_data: str = "unknown"
    private_network: bool = False
    context: int = 0
    capabilities: frozenset[str] = frozenset({"chat", "completions", "tools", "json_schema", "vision", "files"})
    languages: tuple[str, ...] = ()
    price: Price = Price(known=False)
    timeout_s: float = 600.0
    retries: int = 2
    proxy: str = ""
    ca_bundle: str = ""
