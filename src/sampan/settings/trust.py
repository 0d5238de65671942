"""Whose project files count: a `sampan.toml` that lay in a folder may name keys of this user and the hosts they go to.

Trusted is a file at its place, with its content: one small file in the state of the home holds path and SHA-256.
"""

import hashlib
import shlex
from pathlib import Path

import msgspec

from sampan.contract.errors import ConfigError
from sampan.settings.home import Paths
from sampan.settings.placing import write_file
from sampan.wording import worded

_FILE = "trusted.json"


class _Trusted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """files: absolute path -> hex SHA-256 of what was trusted."""

    v: int = 1
    files: dict[str, str] = {}


class Trust:
    """The project files that this home's user has read and trusts."""

    def __init__(self, home: Paths) -> None:
        self._path = home.state / _FILE

    def demand(self, path: Path, content: bytes) -> None:
        """Let a project's file pass, as it is now.

        Raises:
            ConfigError: nobody trusted it, or it changed since.
        """
        known = self._read().get(_place(path))
        if known == _hash(content):
            return
        folder = shlex.quote(str(path.parent))
        raise ConfigError(
            worded(f"{path} changed since you trusted it.")
            if known
            else worded(f"{path} is not trusted: such a file can send your keys and texts to other hosts."),
            hint=f"Read it. If you want it to count: `sampan config trust {folder}`. If not, work from another folder.",
        )

    def add(self, path: Path, content: bytes) -> None:
        """Trust this content at this place. Raises ConfigError."""
        self._write({**self._read(), _place(path): _hash(content)})

    def drop(self, path: Path) -> bool:
        """Trust it no more; False when it was not trusted. Raises ConfigError."""
        known = self._read()
        if _place(path) not in known:
            return False
        self._write({name: value for name, value in known.items() if name != _place(path)})
        return True

    def paths(self) -> tuple[str, ...]:
        """Every file that was trusted, changed since or not. Raises ConfigError."""
        return tuple(sorted(self._read()))

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Trusted).files
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{self._path} cannot be read: {type(error).__name__}.",
                hint="Mend it, or take it away: nothing is trusted then.",
            ) from None

    def _write(self, files: dict[str, str]) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_file(self._path, msgspec.json.format(msgspec.json.encode(_Trusted(files=files))))
        except OSError as error:
            raise ConfigError(f"{self._path} could not be written: {error.strerror}.") from None


def _place(path: Path) -> str:
    """Where a file lies, whichever way its folder was reached: relative paths in it start there."""
    return str(path.parent.resolve() / path.name)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
