"""What policy is asked about besides models: tools, collections, a person's other devices, where content came from.

A fact that nobody stated has its most restrictive reading: `public`, `cloud`, `unknown`, `restricted`.
"""

from enum import StrEnum

import msgspec

from sampan.contract.labels import Sensitivity
from sampan.contract.models import Realm, Site


class Origin(StrEnum):
    """How a piece of content came in. What nobody typed informs an answer; it authorises nothing."""

    TYPED = "typed"
    FILE = "file"
    TOOL = "tool"
    MEMORY = "memory"
    MODEL = "model"
    UNKNOWN = "unknown"


class Tool(msgspec.Struct, frozen=True):
    """A tool as declared: how far it reaches. changes: `yes`, `no` or `unknown`, whether it changes something there."""

    name: str
    realm: Realm = Realm.PUBLIC
    site: Site = Site.CLOUD
    jurisdiction: str = "unknown"
    operator: str = "unknown"
    changes: str = "unknown"


class Collection(msgspec.Struct, frozen=True):
    """Documents of one source, or somebody's memory, and where they are kept."""

    name: str
    realm: Realm = Realm.PUBLIC
    site: Site = Site.CLOUD
    jurisdiction: str = "unknown"
    classification: Sensitivity = Sensitivity.RESTRICTED


class Peer(msgspec.Struct, frozen=True):
    """Another device. paired: `yes` for one of the person's own, else `no` or `unknown`."""

    name: str
    paired: str = "unknown"
