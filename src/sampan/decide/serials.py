"""Which ceiling of a key was the newest here: an older one, soundly signed, does not come back.

One small file in the state of this home. Whoever can write it can make the device forget; `policy.ceiling_serial` in the
system file sets a floor that only the administrator can lower.
"""

from pathlib import Path
from typing import Annotated

import msgspec

from sampan.contract.errors import ConfigError
from sampan.decide.seal import Seal
from sampan.settings.placing import write_file
from sampan.wording import worded

FILE = "ceilings.json"
_WAY_ON = worded("To go back to older rules, sign them again: `sampan policy sign` gives them a higher serial.")
Rank = Annotated[int, msgspec.Meta(ge=0)]


class _Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The newest ceiling of one key. sig: of its seal, to tell two of the same serial apart."""

    serial: Rank
    sig: str
    at: str


class _Memory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: int = 1
    keys: dict[str, _Seen] = {}


class Serials:
    """What this home remembers of signed ceilings, in the file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def check(self, seal: Seal) -> None:
        """Hold a sound seal against the newest one that was in force.

        Raises:
            ConfigError: it is older, another one of the same serial, or what is remembered cannot be read.
        """
        seen = self._read().keys.get(seal.key)
        if seen is None:
            return
        if seal.rank < seen.serial:
            raise ConfigError(
                f"The ceiling is older than one that was in force here: its serial is {seal.rank}, and {seen.serial} "
                f"(signed {seen.at}) was seen.",
                hint=_WAY_ON,
            )
        if seal.rank == seen.serial and seal.sig != seen.sig:
            raise ConfigError(f"Two different ceilings have the serial {seal.rank}.", hint=_WAY_ON)

    def remember(self, seal: Seal) -> None:
        """Keep in mind that this one is in force.

        Raises:
            ConfigError: it cannot be written down, so an older one could come back.
        """
        now = self._read()
        seen = now.keys.get(seal.key)
        if seen is not None and seen.serial >= seal.rank:
            return
        self._write({**now.keys, seal.key: _Seen(seal.rank, seal.sig, seal.at)})

    def forget(self) -> int:
        """Forget every ceiling, readable or not; returns how many keys were known.

        Raises:
            ConfigError: the file cannot be taken away.
        """
        try:
            known = len(self._read().keys)
        except ConfigError:
            known = 1
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(f"{self._path} cannot be taken away: {error.strerror}.") from None
        return known

    def _read(self) -> _Memory:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return _Memory()
        except OSError as error:
            raise self._lost(error.strerror or type(error).__name__) from None
        try:
            return msgspec.json.decode(content, type=_Memory)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._lost(str(error)) from None

    def _write(self, keys: dict[str, _Seen]) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_file(self._path, msgspec.json.format(msgspec.json.encode(_Memory(keys=keys))))
        except OSError as error:
            raise self._lost(error.strerror or type(error).__name__) from None

    def _lost(self, why: str) -> ConfigError:
        return ConfigError(
            f"Which ceiling was the newest here cannot be read or written ({self._path}: {why}).",
            hint="Mend the file, or let the device forget: `sampan policy forget`.",
        )
