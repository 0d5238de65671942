"""The policies in force: checked before they count, kept when their successor is broken."""

import logging

import msgspec

from sampan.contract.errors import ConfigError
from sampan.decide.check import Outcome, read_cases, run_cases
from sampan.decide.packs import CASES, Folders, case_files, sources_of
from sampan.decide.policy import Policies, load
from sampan.decide.source import Layer

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
    only the personal realm may be used.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._current = load(())
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
            policies = accept(self._folders)
        except ConfigError as error:
            self.broken = str(error)
            kept = "the policy before it stays in force" if self._current.layers else "only the personal realm is open"
            log.error("policy is broken, %s: %s", kept, error)  # noqa: TRY400 - the place is in the text, not the trace
            return False
        self.broken = ""
        if policies.hash != self._current.hash:
            self._current = policies
        return True


def accept(folders: Folders) -> Policies:
    """Load, and run the cases beside each folder of policies.

    Raises:
        ConfigError: a file is wrong, or a case fails.
    """
    policies = load(sources_of(folders))
    failed = [outcome for outcome in outcomes(folders) if not outcome.passed]
    if failed:
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        raise ConfigError(f"case {failed[0]}{more}", hint="`sampan policy check` shows every case.")
    return policies


def outcomes(folders: Folders) -> list[Outcome]:
    """Every case, each asked of the policies it lies beside.

    A pack's cases are asked of the pack alone, so that the user may replace what it says; the others of
    their whole layer, never of the layers above or below.
    """
    found: list[Outcome] = []
    if folders.pack is not None and (folders.pack / CASES).is_file():
        alone = load(sources_of(Folders(pack=folders.pack)))
        found.extend(run_cases(alone, read_cases(folders.pack / CASES)))
    for layer, path in case_files(folders):
        found.extend(run_cases(_layer(folders, layer), read_cases(path)))
    return found


def _layer(folders: Folders, layer: Layer) -> Policies:
    return load([source for source in sources_of(folders) if source.layer is layer])
