"""What is known about a piece of content: findings, passages, labels, sensitivity."""

from enum import Enum, IntEnum, StrEnum

import msgspec


class Sensitivity(IntEnum):
    """How much harm disclosure does; ordered."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    RESTRICTED = 3


class Kind(StrEnum):
    """What a finding is. The policy schema enumerates exactly these."""

    PERSON = "PERSON"
    ADDRESS = "ADDRESS"
    ORG = "ORG"
    HKID = "HKID"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    CREDIT_CARD = "CREDIT_CARD"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    SSN = "SSN"
    CN_ID = "CN_ID"
    IP = "IP"
    URL_WITH_TOKEN = "URL_WITH_TOKEN"
    API_KEY = "API_KEY"
    PRIVATE_KEY = "PRIVATE_KEY"
    PASSWORD = "PASSWORD"
    USER_TERM = "USER_TERM"
    LOOKALIKE = "LOOKALIKE"


RESTRICTED_KINDS = frozenset(
    {Kind.HKID, Kind.CN_ID, Kind.SSN, Kind.CREDIT_CARD, Kind.BANK_ACCOUNT, Kind.API_KEY,
     Kind.PRIVATE_KEY, Kind.PASSWORD, Kind.URL_WITH_TOKEN}
)  # fmt: skip
CONFIDENTIAL_KINDS = frozenset({Kind.PERSON, Kind.ADDRESS, Kind.PHONE, Kind.EMAIL, Kind.IP, Kind.USER_TERM})


class Into(Enum):
    """A step of a path that is not a plain key or index."""

    JSON = "json"
    """The string at this point is itself JSON: go on inside its decoded value."""
    KEY = "key"
    """Always last: the name of the member, not its value."""


Step = str | int | Into
Path = tuple[Step, ...]


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One detected span. `start` and `end` are character offsets into the passage's text."""

    start: int
    end: int
    kind: Kind
    score: float
    text: str


class Piece(msgspec.Struct, frozen=True, gc=False):
    """One leaf of the request body inside a passage: `passage.text[start:end]` came from `path`."""

    path: Path
    start: int
    end: int
    maskable: bool = True
    """False where replacing text would break the type (a JSON number, a data URL)."""


class Passage(msgspec.Struct, frozen=True):
    """A text that was scanned as one: a leaf string, or adjacent text parts joined without a gap."""

    text: str
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...] = ()


class Labels(msgspec.Struct, frozen=True):
    """The sum of what a request carries.

    counts: kind -> number of findings (look-alikes excluded). unread: reasons for each part that
    could not be read. unmaskable: kinds found where they cannot be replaced.
    detectors: name -> version of every detector that ran. complete: every detector that was needed ran.
    source: classification of where content came from; it joins `sensitivity` and masking never lowers it.
    """

    counts: dict[Kind, int]
    sensitivity: Sensitivity
    detectors: dict[str, str]
    complete: bool = True
    unread: tuple[str, ...] = ()
    unmaskable: frozenset[Kind] = frozenset()
    source: Sensitivity = Sensitivity.PUBLIC


def sensitivity_of(kinds: frozenset[Kind]) -> Sensitivity:
    """Derive the sensitivity of content from the kinds found in it."""
    if kinds & RESTRICTED_KINDS:
        return Sensitivity.RESTRICTED
    if kinds & CONFIDENTIAL_KINDS:
        return Sensitivity.CONFIDENTIAL
    return Sensitivity.INTERNAL
