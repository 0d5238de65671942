"""Keys of remote models: references in the settings, secrets in the environment or the OS keyring."""

from collections.abc import Mapping

from sampan.contract.errors import ConfigError

KEYRING_SERVICE = "sampan"
_INSTEAD = "Write `env:NAME` for an environment variable or `keyring:NAME` for the OS keyring."


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


def resolve_secret(ref: str, environ: Mapping[str, str]) -> Secret:
    """Look up a reference as it stands in `api_key`; an empty one gives an empty secret.

    Raises:
        ConfigError: it is no reference, or what it names is not there.
    """
    if not ref:
        return Secret("")
    scheme, _, name = ref.partition(":")
    if scheme not in ("env", "keyring") or not name:
        raise ConfigError(
            "`api_key` holds something else than a reference; keys do not stand in settings.", hint=_INSTEAD
        )
    value = (environ.get(name, "") if scheme == "env" else _from_keyring(name)).strip()
    if not value:
        where = f"The environment variable {name}" if scheme == "env" else f"The keyring entry {name}"
        raise ConfigError(f"{where} is not set, and a model's `api_key` names it.", hint=f"Set it. {_INSTEAD}")
    if not (value.isascii() and value.isprintable()):
        raise ConfigError(f"What {ref} names is no key: it has characters that cannot stand in a header.")
    return Secret(value)


def _from_keyring(name: str) -> str:
    try:
        import keyring.errors  # noqa: PLC0415 - its back ends take long to load, and most never need them
    except ImportError:
        raise ConfigError("`keyring:` needs the package keyring.", hint=_INSTEAD) from None
    try:
        return keyring.get_password(KEYRING_SERVICE, name) or ""
    except keyring.errors.KeyringError:
        raise ConfigError(f"The OS keyring did not give {name}.", hint="Unlock it, or use `env:NAME`.") from None
