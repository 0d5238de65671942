"""What commands read: files as texts, folders as files. The one place that knows how a file becomes text."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from sampan.contract.errors import Unreadable
from sampan.contract.labels import Kind
from sampan.plugins import Registry, load_outside
from sampan.settings import Settings
from sampan.settings.terms import read_terms
from sampan.understand import Detector
from sampan.understand.files import read_texts

kinds_wanted = click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in Kind]),
    metavar="KIND",
    help="Only this kind, such as HKID or PHONE; may be given again.",
)
"""The option of every command that looks for kinds."""

_SKIPPED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".venv",
        "venv",
        "node_modules",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".tox",
        ".idea",
    }
)
"""Folders inside a folder that hold nobody's own words."""


_WRAPPED = frozenset({".eml", ".mht", ".htm", ".html", ".ics", ".vcf", ".pdf"})
"""Text that says something else than it seems: its reader is asked."""


def is_wrapped(name: str) -> bool:
    """Whether a file of this name says something else than its text seems to."""
    return Path(name).suffix.lower() in _WRAPPED


def texts_of(path: Path) -> list[str]:
    """The texts of a file. Plain text is one, as it stands, so that places in it are those of the file.

    Raises:
        Unreadable: with the reason. OSError: it cannot be opened.
    """
    if not is_wrapped(path.name):
        try:
            return [decoded(path.read_bytes(), path.name)]
        except Unreadable:
            pass
    return read_texts(path)


def decoded(data: bytes, name: str) -> str:
    """Text as UTF-8 says it, line ends and byte order mark included.

    Raises:
        Unreadable: it is something else.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not text in UTF-8.", hint="Convert it, or leave it out.") from None
    if "\0" in text[:8192]:
        raise Unreadable(f"{name} is not text.", hint="Leave it out.")
    return text


def files_in(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it was named itself; folders are walked in order, links to folders are not followed."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for folder, inside, files in os.walk(path):
            inside[:] = sorted(name for name in inside if name not in _SKIPPED)
            yield from ((Path(folder) / name, False) for name in sorted(files))


def detector_of(settings: Settings) -> Detector:
    """The detector as the server has it: the settings' words, plug-ins, and the name model where they ask for it."""
    registry = Registry()
    load_outside(registry)
    made = Detector.default if settings.privacy.names else Detector.patterns
    terms = read_terms(settings.privacy.terms, settings.privacy.terms_file)
    return made(terms, registry.recognisers, settings.privacy.national_ids, settings.home.state)
