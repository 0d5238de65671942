"""The sections of `sampan.toml`: what can be set, of which type, with its default."""

from typing import Annotated, Literal

import msgspec

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The HTTP endpoint."""

    host: str = "127.0.0.1"
    port: Port = 8484
    max_body_mb: Positive = 32
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    workers: Literal[1] = 1


class Local(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The model on this machine. `model` empty: chosen by free memory. `context`: tokens per slot."""

    enabled: bool = True
    model: str = ""
    context: Annotated[int, msgspec.Meta(ge=256, le=1_000_000)] = 4096
    parallel: Annotated[int, msgspec.Meta(ge=1, le=64)] = 2
    threads: Count = 0
    idle_unload_minutes: Annotated[float, msgspec.Meta(ge=0, le=1_000_000)] = 15
    embeddings: bool = True
    discover: bool = True


class Privacy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must never travel in the clear besides what the recognisers know.

    names: find names, addresses and organisations too, where a request could leave; costs some milliseconds a KB.
    national_ids: countries whose identity numbers are looked for, besides those of Hong Kong and its neighbours; `all`.
    hints: what a stand-in may say of its value; the system file has the last word.
    """

    no_cloud: bool = False
    names: bool = True
    national_ids: tuple[str, ...] = ("all",)
    hints: tuple[Literal["gender", "age"], ...] = ()
    terms: tuple[str, ...] = ()
    terms_file: str = ""


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which rules apply: a built-in pack, the user's folder, the organisation's ceiling.

    ceiling_key: the public key that the ceiling must be signed with, or the file that holds it.
    ceiling_serial: the lowest serial that a signed ceiling may have.
    """

    pack: str = "personal"
    user_dir: str = ""
    ceiling_dir: str = ""
    ceiling_key: str = ""
    ceiling_serial: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] = 0


class Receipts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fsync`: `group` (windows of at most 10 ms) or `each` request.

    keep_sent: whose requests are kept as they were sent, encrypted, for `keep_sent_days`: `own` (the web app and the
    command line), `all`, or `none`.
    """

    fsync: Literal["group", "each"] = "group"
    keep_sent: Literal["own", "all", "none"] = "own"
    keep_sent_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 7


class Approvals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What policy holds until somebody agrees.

    wait_s: that a caller who does not stream is kept waiting. open_s: that somebody may answer. most: at one time.
    conversation_h: hours that an approval for a conversation lasts.
    """

    wait_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 60
    open_s: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 900
    most: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 64
    conversation_h: Annotated[float, msgspec.Meta(gt=0, le=720)] = 8


Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the allowed models gets a request.

    epsilon: expected quality, of 1, that may be given up for a lower price. second_usd: what a second of waiting is worth.
    home_usd: what it is worth that an answer comes from the person's own device. trial: a cheaper model may answer first.
    trial_s: seconds after which a trial ends. second_sample: an own device is asked twice where that can turn the verdict.
    hedge: quantile of the time to a first token after which `auto:fast` asks a second model; 0 never.
    learn: count what people and verifiers say of answers. shadow: share of the requests to `auto` that a second model
    answers too, only to compare, where policy permits it.
    """

    epsilon: Share = 0.05
    second_usd: Share = 0.0001
    home_usd: Share = 0.005
    trial: bool = True
    trial_s: Annotated[float, msgspec.Meta(ge=1, le=600)] = 60.0
    second_sample: bool = True
    hedge: Share = 0.95
    learn: bool = True
    shadow: Share = 0.0


SECTIONS: dict[str, type[msgspec.Struct]] = {
    "server": Server, "local": Local, "privacy": Privacy, "policy": Policy, "receipts": Receipts,
    "approvals": Approvals,
    "route": Route,
}  # fmt: skip
"""Name of a section -> its struct."""
