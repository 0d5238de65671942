"""The user's and the organisation's own words: those in the settings and those in a file of their own."""

from pathlib import Path

from sampan.contract.errors import ConfigError
from sampan.settings import Settings


def terms_of(settings: Settings) -> list[str]:
    """Every word that the settings name.

    Raises:
        ConfigError: the word list cannot be read.
    """
    return [*settings.privacy.terms, *words_in(settings.privacy.terms_file)]


def words_in(path: str) -> list[str]:
    """The lines of a word list; empty ones and those that start with `#` do not count.

    Raises:
        ConfigError: it cannot be read.
    """
    if not path:
        return []
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"`privacy.terms_file` {path} cannot be read: {type(error).__name__}.") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
