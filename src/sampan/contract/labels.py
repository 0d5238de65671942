"""What is known about a piece of content: findings, passages, labels, sensitivity."""

from enum import Enum, IntEnum, StrEnum
from typing import Any

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
    TW_ID = "TW_ID"
    MACAU_ID = "MACAU_ID"
    NATIONAL_ID = "NATIONAL_ID"
    PASSPORT = "PASSPORT"
    HOME_RETURN_PERMIT = "HOME_RETURN_PERMIT"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    STUDENT_ID = "STUDENT_ID"
    STAFF_ID = "STAFF_ID"
    OCTOPUS = "OCTOPUS"
    LICENSE_PLATE = "LICENSE_PLATE"
    BUSINESS_REGISTRATION = "BUSINESS_REGISTRATION"
    MEDICAL_RECORD = "MEDICAL_RECORD"
    MEDICAL = "MEDICAL"
    CRYPTO_WALLET = "CRYPTO_WALLET"
    COORDINATES = "COORDINATES"
    IP = "IP"
    MAC = "MAC"
    URL_WITH_TOKEN = "URL_WITH_TOKEN"
    API_KEY = "API_KEY"
    PRIVATE_KEY = "PRIVATE_KEY"
    PASSWORD = "PASSWORD"
    USER_TERM = "USER_TERM"
    LOOKALIKE = "LOOKALIKE"


RESTRICTED_KINDS = frozenset(
    {Kind.HKID, Kind.CN_ID, Kind.SSN, Kind.CREDIT_CARD, Kind.BANK_ACCOUNT, Kind.API_KEY,
     Kind.PRIVATE_KEY, Kind.PASSWORD, Kind.URL_WITH_TOKEN, Kind.TW_ID, Kind.MACAU_ID, Kind.NATIONAL_ID,
     Kind.PASSPORT, Kind.HOME_RETURN_PERMIT, Kind.CRYPTO_WALLET}
)  # fmt: skip
CONFIDENTIAL_KINDS = frozenset(
    {Kind.PERSON, Kind.ADDRESS, Kind.PHONE, Kind.EMAIL, Kind.IP, Kind.USER_TERM, Kind.DATE_OF_BIRTH, Kind.STUDENT_ID,
     Kind.STAFF_ID, Kind.OCTOPUS, Kind.LICENSE_PLATE, Kind.BUSINESS_REGISTRATION, Kind.MEDICAL_RECORD, Kind.MEDICAL,
     Kind.COORDINATES, Kind.MAC}
)  # fmt: skip
TOLD_KINDS = frozenset({Kind.ORG})
"""Found and told, in labels and receipts; no rule of the default pack asks for a mask."""


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
    failed: detectors that were needed and did not run to the end -> why, without a value.
    source: classification of where content came from; it joins `sensitivity` and masking never lowers it.
    files: what a file is (`PDF`) -> kinds found in files of that sort, where nothing can be replaced; also of those that are
    handed on as text.
    languages: of what the person wrote last, heaviest first: `en`, `zh-Hant`, `zh-Hans`, `yue`, `other`; two for a mixture.
    as_text: what a file was (`PDF`) -> number of such files that are handed on as their text.
    """

    counts: dict[Kind, int]
    sensitivity: Sensitivity
    detectors: dict[str, str]
    complete: bool = True
    unread: tuple[str, ...] = ()
    unmaskable: frozenset[Kind] = frozenset()
    source: Sensitivity = Sensitivity.PUBLIC
    files: dict[str, frozenset[Kind]] = {}
    languages: tuple[str, ...] = ()
    failed: dict[str, str] = {}
    as_text: dict[str, int] = {}

    @property
    def scanned(self) -> dict[str, Any]:
        """How it was looked through, as receipts and decisions say it: what ran, whether all did, what failed and why."""
        told = {**self.detectors, "complete": self.complete}
        return {**told, "failed": self.failed} if self.failed else told

    @property
    def language(self) -> str:
        """The language in one word, as `Prompt.language` has it: `mixed` for two; `en` where nobody looked."""
        return "mixed" if len(self.languages) > 1 else "".join(self.languages) or "en"


def sensitivity_of(kinds: frozenset[Kind]) -> Sensitivity:
    """Derive the sensitivity of content from the kinds found in it."""
    if kinds & RESTRICTED_KINDS:
        return Sensitivity.RESTRICTED
    if kinds & CONFIDENTIAL_KINDS:
        return Sensitivity.CONFIDENTIAL
    return Sensitivity.INTERNAL
