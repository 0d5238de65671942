"""The assembled parts, handed to serve, cli and agent."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from sampan.contract.chat import Conversations
from sampan.contract.models import Model
from sampan.contract.request import Decision, Json, Principal
from sampan.decide.desk import RuleDesk
from sampan.flow.stages import Stages
from sampan.settings import Settings


class Receipts(Protocol):
    """Questions about the record."""

    @property
    def public_key(self) -> str:
        """What its signatures are verified with, in hex."""

    def listed(self, wanted: Json) -> list[Json]:
        """Newest first; `wanted` may hold limit, model, realm, end, app, since, before."""

    def one(self, receipt_id: str) -> Json:
        """One receipt; raises NotFound."""

    def verified(self) -> Json:
        """`{ok, count, problems: [...]}` over the whole chain and the signed head."""

    def sent(self, receipt_id: str) -> list[bytes]:
        """What its request sent, byte for byte, as far as it is still kept."""

    def lines(self) -> Iterator[bytes]:
        """Every link of the chain and the signed head, a line each."""


class Keys(Protocol):
    """Named keys."""

    def listed(self) -> list[Json]:
        """All keys, without secrets."""

    def added(self, name: str, application: str, user: str, groups: tuple[str, ...]) -> Json:
        """A new key with its secret, told once."""

    def revoked(self, key_id: str) -> Json:
        """End a key; raises NotFound."""

    def find(self, secret: str) -> Any:
        """The key with this secret, or None."""


class Findings(Protocol):
    """What people said of findings."""

    def listed(self, user: str) -> list[Json]:
        """A person's opinions."""

    def said(self, user: str, text: str, verdict: str, kind: str) -> Json:
        """Remember one; raises BadRequest."""

    def forgotten(self, user: str, text: str) -> Json:
        """Forget one; raises NotFound."""


class Routing(Protocol):
    """What is known of models, and what people say of answers."""

    def health(self) -> Json:
        """`drift`: `outcomes, error, chance, alarm`, whether what is expected still is what happens. `notice`: what was lost."""

    def shown(self) -> Json:
        """Figures of each model, drift, settings in force."""

    def exported(self) -> Json:
        """Everything that was learned and measured."""

    def reset(self) -> Json:
        """Forget it; raises StorageFull."""

    def said(self, asker: Principal | None, receipt_id: str, kind: str, value: float | None) -> Json:
        """Learn from what was said of an answer; asker None: the owner. Raises NotFound, BadRequest, StorageFull."""


class Models(Protocol):
    """The models of this Sampan."""

    def all(self) -> tuple[Model, ...]:
        """Every model that a request may name."""

    def state(self, name: str) -> str:
        """`ready`, `loading …`, `absent …` or `down …`."""

    def listed(self) -> list[Json]:
        """What `/sampan/models` shows: installed, available, found on loopback."""

    async def act(self, action: str, name: str) -> Json:
        """Do `pull`, `cancel`, `use`, `rm` or `add`; raises SampanError."""

    def progress(self, name: str) -> Json:
        """`{state, done, total, note}` of a download."""


class Runtime(NamedTuple):
    """One running Sampan.

    settings: those it was started with. aliases: names that clients may use besides models', as of the last reload.
    no_cloud: whether nothing may leave now.
    failures: detectors that failed since the start, name -> `{reason, times, last}`.
    policy: the set in force, and why a newer one is not. rules: for working on them. explain: every rule's part in a decision.
    started: epoch seconds. token: for `/sampan/*` and the CLI.
    """

    settings: Settings
    aliases: Callable[[], Mapping[str, str]]
    no_cloud: Callable[[], bool]
    stages: Stages
    models: Models
    receipts: Receipts
    keys: Keys
    findings: Findings
    routing: Routing
    conversations: Conversations
    failures: Callable[[], Json]
    policy: Callable[[], Json]
    rules: RuleDesk
    explain: Callable[[Decision], Json]
    token: str
    started: float
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]
    reload: Callable[[], Json]
    backup: Callable[[str], Json]
    erase: Callable[[str], str]
    shutdown: Callable[[], None]
