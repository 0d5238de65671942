"""The policies in force: checked before they count, kept when their successor is broken."""

import logging

import msgspec

from sampan.contract.errors import ConfigError
from sampan.decide.earned import Pins
from sampan.decide.examine import accepted
from sampan.decide.packs import Folders
from sampan.decide.policy import Policies, load
from sampan.decide.serials import Serials

log = logging.getLogger(__name__)


class State(msgspec.Struct, frozen=True):
    """What is in force, for people: hash of the set, layers, number of rules; `broken` as in `Rulebook`."""

    set: str
    layers: tuple[str, ...]
    rules: int
    broken: str


class Rulebook:
    """Hands out the policies in force.

    broken: why the newest text is not in force; empty when it is. When nothing sound was ever read,
    only the personal realm may be used. pins: what the ceiling in force says of hosts.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._current = load(())
        self.pins: Pins | None = None
        self.broken = ""
        self.reload()

    def current(self) -> Policies:
        """The policies in force now; the same object until a reload changes them."""
        return self._current

    def state(self) -> State:
        """What `sampan status` and `sampan doctor` say of the policy."""
        now = self._current
        return State(now.hash, tuple(layer.value for layer in now.layers), len(now.rules), self.broken)

    def reload(self) -> bool:
        """Read everything again; False, and nothing changes, when it is broken (`broken` says why)."""
        try:
            policies, pins, seal = accepted(self._folders)
            if seal is not None and self._folders.serials is not None:
                Serials(self._folders.serials).remember(seal)
        except ConfigError as error:
            self.broken = str(error)
            kept = "the policy before it stays in force" if self._current.layers else "only the personal realm is open"
            log.error("policy is broken, %s: %s", kept, error)  # noqa: TRY400 - the place is in the text, not the trace
            return False
        self.broken, self.pins = "", pins
        if policies.hash != self._current.hash:
            self._current = policies
        return True
