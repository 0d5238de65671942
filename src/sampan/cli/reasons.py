"""What a person's own rules and the organisation's say in Chinese: they say it themselves, in files of this machine."""

import re
from functools import cache
from pathlib import Path

from sampan.contract.errors import ConfigError
from sampan.settings import load

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_NOTES = re.compile(rf"(?:@\w+\({_TEXT}\)\s*)+(?=permit|forbid)")
_NOTE = re.compile(rf"@(\w+)\({_TEXT}\)")
_LARGEST = 1 << 20


@cache
def reasons() -> dict[str, str]:
    """`@reason` -> `@reason_zh` of every rule in the two folders; nothing when the settings cannot be read."""
    try:
        settings = load()
    except ConfigError:
        return {}
    folders = (settings.policy.user_dir or str(settings.home.config / "policies"), settings.policy.ceiling_dir)
    found: dict[str, str] = {}
    for folder in filter(None, folders):
        for path in sorted(Path(folder).glob("*.cedar")):
            found |= in_text(_read(path))
    return found


def in_text(cedar: str) -> dict[str, str]:
    """The same of one text."""
    noted = (dict(_NOTE.findall(notes[0])) for notes in _NOTES.finditer(cedar))
    return {each["reason"]: each["reason_zh"] for each in noted if each.get("reason") and each.get("reason_zh")}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size < _LARGEST else ""
    except (OSError, UnicodeDecodeError):
        return ""
