"""The words that must never travel in the clear, as the user or the organisation listed them."""

from pathlib import Path

from sampan.contract.errors import ConfigError


def read_terms(listed: tuple[str, ...], path: str) -> list[str]:
    """The listed words and the lines of the file; empty lines and those that start with `#` do not count.

    Raises:
        ConfigError: the file cannot be read: its words would silently not count.
    """
    if not path:
        return list(listed)
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"`privacy.terms_file` {path} cannot be read: {type(error).__name__}.") from error
    return [*listed, *(line.strip() for line in lines if line.strip() and not line.startswith("#"))]
