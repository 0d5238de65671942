"""Model servers that already run on this machine: asked by their usual ports, offered as what they may be, public.

A server on loopback may forward to a cloud (Ollama's `*-cloud` models do). Until somebody confirms it in the settings,
its models count as public.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from sampan.contract.models import Model, Realm, Site, Wire, forwards_to_cloud
from sampan.contract.request import Json

TIMEOUT_S = 0.3
Probe = Callable[[str], Json | None]
"""GET one URL within `TIMEOUT_S`: the JSON it answered, or None. `providers/egress.py` has the real one."""


class Server(NamedTuple):
    """A model server and the port it uses unless told otherwise."""

    name: str
    port: int


SERVERS = (Server("ollama", 11434), Server("lmstudio", 1234), Server("llama-server", 8080), Server("vllm", 8000))


def discover(probe: Probe, confirmed: frozenset[str] = frozenset()) -> list[Model]:
    """Ask every known port for its models. `confirmed`: server names whose models are known to stay here."""
    return [model for server in SERVERS for model in _models(server, probe, personal=server.name in confirmed)]


def _models(server: Server, probe: Probe, *, personal: bool) -> Iterator[Model]:
    base = f"http://127.0.0.1:{server.port}/v1"
    answer = probe(f"{base}/models")
    listed = answer.get("data") if isinstance(answer, dict) else None
    for item in listed if isinstance(listed, list) else ():
        name = item.get("id") if isinstance(item, dict) else None
        if isinstance(name, str) and name:
            yield _model(server, base, name, personal=personal and not forwards_to_cloud(name))


def _model(server: Server, base: str, name: str, *, personal: bool) -> Model:
    embeds = "embed" in name.lower()
    model = Model(
        name=f"{server.name}/{name.removesuffix(':latest')}",
        realm=Realm.PUBLIC,
        wire=(Wire.OPENAI,),
        base_url=base,
        upstream_model=name,
        capabilities=frozenset({"embeddings"} if embeds else {"chat", "completions", "tools", "json_schema"}),
    )
    if not personal:
        return model
    return msgspec.structs.replace(
        model, realm=Realm.PERSONAL, site=Site.DEVICE, jurisdiction="device", operator="self", retention="none",
        trains_on_data="no",
    )  # fmt: skip
