"""Keys of remote models: references in the settings, secrets in the environment, the OS keyring or a file of mode 0600."""

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from sampan.contract.errors import ConfigError
from sampan.wording import worded

KEYRING_SERVICE = "sampan"
FOLDER = "secrets"
"""Of the configuration folder: a file a key, mode 0600, where there is no keyring."""
_NAME = re.compile(r"[A-Za-z0-9_@-][A-Za-z0-9_.@-]{0,99}")
_WHERE = {"env": "The environment variable", "keyring": "The keyring entry", "file": "The file of keys"}
_INSTEAD = worded("Write `env:NAME` for an environment variable or `keyring:NAME` for the OS keyring.")


class Keyring(Protocol):
    """The OS keyring."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""


class Secret:
    """A secret that does not show itself: not in `repr`, `str`, logs or errors."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one header it goes into."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(…)" if self._value else "Secret(none)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("A secret is not written anywhere.")


def resolve_secret(ref: str, environ: Mapping[str, str], folder: Path | None = None) -> Secret:
    """Look up a reference as it stands in `api_key`; an empty one gives an empty secret.

    folder: where `file:NAME` is looked for.

    Raises:
        ConfigError: it is no reference, or what it names is not there.
    """
    if not ref:
        return Secret("")
    scheme, _, name = ref.partition(":")
    if scheme not in _WHERE or not name:
        raise ConfigError(
            "`api_key` holds something else than a reference; keys do not stand in settings.", hint=_INSTEAD
        )
    value = _looked_up(scheme, name, environ, folder).strip()
    if not value:
        where = f"{_WHERE[scheme]} {name}"
        raise ConfigError(f"{where} is not set, and a model's `api_key` names it.", hint=f"Set it. {_INSTEAD}")
    if not (value.isascii() and value.isprintable()):
        raise ConfigError(f"What {ref} names is no key: it has characters that cannot stand in a header.")
    return Secret(value)


def keep_secret(name: str, value: str, folder: Path, ring: Keyring | None) -> str:
    """Keep a secret in the OS keyring, or in a file only its owner reads where none takes it; returns its reference.

    Raises:
        ConfigError: no name, no key, or it could not be kept.
    """
    if not _NAME.fullmatch(name) or not value or not (value.isascii() and value.isprintable()):
        raise ConfigError("This is no key: it has characters that cannot stand in a header.")
    if ring is not None:
        with contextlib.suppress(Exception):  # it is locked, or its service is gone: the file serves
            ring.set_password(KEYRING_SERVICE, name, value)
            return f"keyring:{name}"
    try:
        (folder / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / FOLDER / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(value)
    except OSError as error:
        raise ConfigError(f"The key could not be kept: {error.strerror}.") from None
    return f"file:{name}"


def forget_secret(ref: str, folder: Path, ring: Keyring | None) -> None:
    """Drop what `keep_secret` kept under this reference, if it is there and the keyring lets it go."""
    scheme, _, name = ref.partition(":")
    with contextlib.suppress(Exception):
        if scheme == "file" and _NAME.fullmatch(name):
            (folder / FOLDER / name).unlink(missing_ok=True)
        elif scheme == "keyring" and ring is not None:
            ring.delete_password(KEYRING_SERVICE, name)


def _looked_up(scheme: str, name: str, environ: Mapping[str, str], folder: Path | None) -> str:
    if scheme == "env":
        return environ.get(name, "")
    return _from_keyring(name) if scheme == "keyring" else _from_file(name, folder)


def _from_file(name: str, folder: Path | None) -> str:
    path = folder / FOLDER / name if folder is not None and _NAME.fullmatch(name) else None
    try:
        return path.read_text("ascii") if path is not None else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _from_keyring(name: str) -> str:
    try:
        import keyring.errors  # noqa: PLC0415 - its back ends take long to load, and most never need them
    except ImportError:
        raise ConfigError("`keyring:` needs the package keyring.", hint=_INSTEAD) from None
    try:
        return keyring.get_password(KEYRING_SERVICE, name) or ""
    except keyring.errors.KeyringError:
        raise ConfigError(f"The OS keyring did not give {name}.", hint="Unlock it, or use `env:NAME`.") from None
