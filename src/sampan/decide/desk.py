"""Rules as people work on them: looked at, tried out on what was asked before, saved when everything they promise holds."""

import contextlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from sampan.contract.errors import BadRequest, ConfigError, StorageFull
from sampan.contract.ports import Decider
from sampan.contract.request import Json
from sampan.decide.examine import Examination, accept, examination
from sampan.decide.packs import Folders, read_folder
from sampan.decide.policy import Policies, Rule
from sampan.decide.replay import Replay, replay
from sampan.decide.rulebook import Rulebook
from sampan.settings.placing import write_file

OWN_FILE = "my-rules.cedar"
"""The file that the web app's editor writes, in the user's folder of rules."""
LONGEST = 256 << 10
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}\.cedar")


class Trial(msgspec.Struct, frozen=True):
    """What a draft would be worth. replay: None when the draft is broken."""

    examination: Examination
    replay: Replay | None


class RuleDesk:
    """Works on the rules of one Sampan.

    book: the rules in force. folders: where they come from. decider: policies -> a decider with this Sampan's models.
    """

    def __init__(
        self, book: Callable[[], Rulebook], folders: Callable[[], Folders], decider: Callable[[Policies], Decider]
    ) -> None:
        self._book, self._folders, self._decider = book, folders, decider

    def rules(self) -> tuple[Rule, ...]:
        """The rules in force, in order."""
        return self._book().current().rules

    def state(self) -> Json:
        """Hash, layers, number of rules, and why a newer text is not in force."""
        told: Json = msgspec.structs.asdict(self._book().state())
        return told

    def examined(self) -> Examination:
        """Cases, proofs and remarks of what lies in the folders now. Raises ConfigError."""
        return examination(self._folders())

    def own(self, name: str = OWN_FILE) -> str:
        """The text of one of the user's own files; empty when it is not there."""
        path = self._path(name)
        return path.read_text("utf-8") if path.is_file() else ""

    def try_out(self, text: str, receipts: Iterable[Json], name: str = OWN_FILE) -> Trial:
        """Examine a draft, and decide past requests again under it. Nothing is changed.

        Raises:
            ConfigError: a file beside the draft cannot be read. BadRequest: too long, or no such name.
        """
        with self._drafted(name, text) as folders:
            found = examination(folders)
            if not found.ok:
                return Trial(found, None)
            now, then = self._decider(self._book().current()), self._decider(accept(folders))
            return Trial(found, replay(receipts, now, then))

    def save(self, text: str, name: str = OWN_FILE) -> None:
        """Put a draft in force.

        Raises:
            ConfigError: something that the rules promise does not hold; what was in force stays. StorageFull: no room.
        """
        with self._drafted(name, text) as folders:
            accept(folders)
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if text.strip():
                write_file(path, text.encode())
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageFull(f"{name} could not be written: {error.strerror}.") from None
        self._book().reload()

    def _path(self, name: str) -> Path:
        user = self._folders().user
        if user is None or not _NAME.fullmatch(name):
            raise BadRequest("A file of rules is called `something.cedar`.")
        return user / name

    @contextlib.contextmanager
    def _drafted(self, name: str, text: str) -> Iterator[Folders]:
        """The folders with the draft in its file's place."""
        if len(text) > LONGEST:
            raise BadRequest("These rules are too long.")
        place = self._path(name)
        with tempfile.TemporaryDirectory(prefix="sampan-rules-") as made:
            user = Path(made) / "policies"
            try:
                folders = self._folders()
                _copied(place.parent, user)
                _copied(folders.application, user / "application")
                (user / name).write_text(text, "utf-8")
            except OSError as error:
                raise ConfigError(f"The folder of rules could not be read: {error.strerror}.") from None
            if not text.strip():
                (user / name).unlink()
            inner = user / "application" if folders.application else None
            yield msgspec.structs.replace(folders, user=user, application=inner)


def _copied(folder: Path | None, target: Path) -> None:
    """A folder with what means something to policy: whatever else lies there, or is linked from there, may be large."""
    target.mkdir(parents=True, exist_ok=True)
    for name, content in (read_folder(folder) if folder is not None else {}).items():
        (target / name).write_bytes(content)
