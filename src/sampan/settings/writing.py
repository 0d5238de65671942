"""Writes the user's `sampan.toml`: comments and order stay, and only what the whole of it still reads is put there."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from sampan.contract.errors import ConfigError, NotFound, StorageFull
from sampan.settings import FILE_NAME, SECTIONS, Settings, load, variables
from sampan.settings.placing import write_file


class UserFile:
    """The user's settings file. Every change is tried on a copy of the whole before it counts."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self.path = settings, settings.home.config / FILE_NAME

    def put(self, key: str, value: object) -> Settings:
        """Set a dotted key; returns the settings as they are now.

        Raises:
            ConfigError: no such setting, a value that does not fit, or the file cannot be read. StorageFull: no room.
        """
        section, name = _split(key)
        document = self._document()
        document.setdefault(section, tomlkit.table())[name] = _written(value)
        return self._replace(document)

    def drop(self, key: str) -> Settings:
        """Go back to what stands elsewhere, or to the default."""
        section, name = _split(key)
        document = self._document()
        if name in document.get(section, {}):
            del document[section][name]
        return self._replace(document)

    def put_model(self, table: Mapping[str, Any]) -> Settings:
        """Add a remote model, or replace the one with its name."""
        document = self._document()
        kept = [each for each in document.get("model", ()) if each.get("name") != table.get("name")]
        _put_models(document, [*kept, table])
        return self._replace(document)

    def drop_model(self, name: str) -> Settings:
        """Take a remote model out; raises NotFound when this file does not hold it."""
        document = self._document()
        kept = [each for each in document.get("model", ()) if each.get("name") != name]
        if len(kept) == len(document.get("model", ())):
            raise NotFound(f"{self.path.name} of this user has no model of that name.")
        _put_models(document, kept)
        return self._replace(document)

    def _document(self) -> Any:
        try:
            return tomlkit.parse(self.path.read_text("utf-8-sig")) if self.path.is_file() else tomlkit.document()
        except (TOMLKitError, UnicodeDecodeError):
            raise ConfigError(
                f"{self.path.name} cannot be read as it is.", hint="`sampan config check` shows where."
            ) from None

    def _replace(self, document: Any) -> Settings:
        """Put the new text in the old one's place, unless something in it is wrong."""
        before = self.path.read_bytes() if self.path.is_file() else None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_file(self.path, tomlkit.dumps(document).encode())
            return current(self._settings)
        except ConfigError:
            _restore(self.path, before)
            raise
        except OSError as error:
            raise StorageFull(f"{self.path.name} could not be written: {error.strerror}.") from None


def current(settings: Settings) -> Settings:
    """The settings as the files, variables and flags say now. Raises ConfigError."""
    return load(_given(settings))


def kinds() -> dict[str, Any]:
    """Dotted key -> type of everything that can be set."""
    return dict(variables().values())


def _split(key: str) -> tuple[str, str]:
    if key not in kinds():
        raise ConfigError("There is no such setting.", hint="`sampan config show` lists them.")
    section, _, name = key.partition(".")
    return section, name


def _put_models(document: Any, tables: Sequence[Mapping[str, Any]]) -> None:
    """Tables that stand as `[[model]]` stay as they are; those of a list in one line become such."""
    models = tomlkit.aot()
    for each in tables:
        models.append(each if isinstance(each, Table) else tomlkit.item(dict(each)))
    if tables:
        document["model"] = models
    else:
        del document["model"]


def _written(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _given(settings: Settings) -> dict[str, Any]:
    """The flags that the process was started with: they stay in force."""
    return {
        f"{section}.{name}": value
        for section in SECTIONS
        for name, value in msgspec.structs.asdict(getattr(settings, section)).items()
        if settings.origins.get(f"{section}.{name}") == "flag"
    }


def _restore(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        write_file(path, before)
