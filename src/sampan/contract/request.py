"""What the stages hand to each other: Request -> Labelled -> Decided -> Cleared -> events -> Receipt."""

from enum import StrEnum
from typing import Any

import msgspec

from sampan.contract.estimate import Estimate, Prompt, Trial
from sampan.contract.labels import Kind, Labels, Passage, Path
from sampan.contract.models import Model

Json = dict[str, Any]
PERSON = "person"
"""In the place of a group, among those who have to agree: whoever asks."""


class Dialect(StrEnum):
    """The vendor format that a caller used."""

    CHAT = "openai-chat"
    COMPLETIONS = "openai-completions"
    RESPONSES = "openai-responses"
    EMBEDDINGS = "openai-embeddings"
    MESSAGES = "anthropic-messages"
    COUNT_TOKENS = "anthropic-count-tokens"


class Principal(msgspec.Struct, frozen=True):
    """Who asks. `key` is the id of the named key used, empty on loopback without one."""

    user: str
    app: str = "unknown"
    device: str = ""
    groups: tuple[str, ...] = ()
    key: str = ""


class Unmask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A caller's statement that a finding is a false one: send this text in the clear."""

    text: str
    reason: str


class Dismissed(Unmask, frozen=True):
    """The same, said once and remembered: where policy does not let it count, the text stays masked and nothing fails."""


class Together(StrEnum):
    """How a model that may not see a text and one that may work on it together."""

    PLAN = "plan"
    """The outer one writes questions, the inner one answers them from the text, the outer one joins the answers."""
    REWRITE = "rewrite"
    """The inner one writes the request without its private parts, the outer one answers, the inner one puts both together."""


class Request(msgspec.Struct, frozen=True):
    """One request as it came in. `body` is the vendor's JSON, never changed in place.

    id: the receipt id. headers: lower-case names, only those that may go upstream.
    received: seconds on the monotonic clock. text_size: bytes of the raw body.
    together: the caller wants two models to work together. task: what is wanted of the text, where the caller says so.
    """

    id: str
    dialect: Dialect
    body: Json
    principal: Principal
    asked: str
    stream: bool
    received: float
    headers: dict[str, str] = {}
    unmask: tuple[Unmask, ...] = ()
    text_size: int = 0
    conversation: str = ""
    together: Together | None = None
    task: str = ""


class Inner(msgspec.Struct, frozen=True):
    """A file inside a request. part: the way to the content part that holds it.

    kind: what it is, as said to a person. said: what a person reads who opens it. reason: why that is not all of it.
    """

    part: Path
    kind: str
    said: str
    reason: str = ""


class Labelled(msgspec.Struct, frozen=True):
    """A request and everything that is known about its content."""

    request: Request
    passages: tuple[Passage, ...]
    labels: Labels
    files: tuple[Inner, ...] = ()


class Form(msgspec.Struct, frozen=True):
    """How a request goes to a model: clear when `masked` is empty, else with these kinds masked."""

    masked: frozenset[Kind] = frozenset()

    @property
    def name(self) -> str:
        """`clear` or `masked`."""
        return "masked" if self.masked else "clear"


class Route(msgspec.Struct, frozen=True):
    """One (model, form) pair that a decision allows."""

    model: Model
    form: Form


class Refusal(msgspec.Struct, frozen=True):
    """Why one model may not have the request in one form."""

    model: str
    form: str
    rules: tuple[str, ...]
    reason: str


class Approval(msgspec.Struct, frozen=True):
    """What became of asking for an approval.

    needed: who has to agree; `person` is whoever asks, everything else a group. outcome: waiting | approved |
    refused | timed_out | withdrawn | stopped. by: who was needed -> the user who answered. at: seconds since the
    epoch. scope: `once` or `conversation`, where it was approved.
    """

    id: str
    needed: tuple[str, ...]
    outcome: str
    by: dict[str, str] = {}
    at: float = 0.0
    scope: str = ""
    waited_ms: float = 0.0


class Decided(msgspec.Struct, frozen=True):
    """The models a request may go to. `routes[0]` is the chosen one, the rest in fallback order.

    ways_on: what the caller may do instead. unmasked: kinds sent clear because the caller said so.
    prompt: what the router took it for. estimates: model name -> what is expected of it.
    trial: set when the first route answers on trial. hedge_after_s: seconds without a first frame after which
    the next route is asked too; 0 never. approval: set where the only route was held until somebody
    agreed. expected: tokens of the prompt and of the answer that budgets set aside. shadow: one of the routes, to be asked
    too when the answer was given, only to compare.
    """

    labelled: Labelled
    routes: tuple[Route, ...]
    refused: tuple[Refusal, ...]
    why: str
    policy: str
    restore_arguments: bool = True
    unmasked: dict[Kind, int] = {}
    prompt: Prompt | None = None
    estimates: dict[str, Estimate] = {}
    trial: Trial | None = None
    hedge_after_s: float = 0.0
    approval: Approval | None = None
    expected: tuple[int, int] = (0, 0)
    shadow: Route | None = None


class Refused(msgspec.Struct, frozen=True):
    """Nowhere may this request go as asked."""

    labelled: Labelled
    rules: tuple[str, ...]
    reason: str
    ways_on: tuple[str, ...]
    refused: tuple[Refusal, ...] = ()
    policy: str = ""
    code: str = "refused_by_policy"
    retry_after: float = 0.0


class Held(msgspec.Struct, frozen=True):
    """Allowed once somebody agrees, and not before.

    offer: what is decided then: one route. needed: as in `Approval`. rules, reason: what asks for the approval.
    approval: its id, empty as long as nobody was asked. until: seconds since the epoch. became: how it went.
    """

    offer: Decided
    needed: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    approval: str = ""
    until: float = 0.0
    became: Approval | None = None

    @property
    def labelled(self) -> Labelled:
        """The request that is held."""
        return self.offer.labelled


Decision = Decided | Refused | Held
