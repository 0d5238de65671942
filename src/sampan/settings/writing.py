"""Change one value of a settings file and leave the rest of it as somebody wrote it."""

import json
import re
import tomllib

from sampan.contract.errors import ConfigError


def with_value(text: str, section: str, key: str, value: str) -> str:
    """The TOML text with `section.key` set to a text; comments and order stay.

    Raises:
        ConfigError: the text is not TOML, or says it in a way that cannot be changed safely (an inline table).
    """
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    changed = _replaced(text, section, key, line)
    try:
        if tomllib.loads(changed)[section][key] == value:
            return changed
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        pass
    raise ConfigError(f"`{section}.{key}` could not be written.", hint=f"Write it yourself: [{section}] {line}")


def _replaced(text: str, section: str, key: str, line: str) -> str:
    head = re.search(rf"^[ \t]*\[[ \t]*{re.escape(section)}[ \t]*\][^\n]*\n?", text, re.MULTILINE)
    if head is None:
        gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}[{section}]\n{line}\n"
    after = text[head.end() :]
    end = re.search(r"^[ \t]*\[", after, re.MULTILINE)
    body, rest = (after[: end.start()], after[end.start() :]) if end else (after, "")
    body, count = re.subn(rf"^[ \t]*{re.escape(key)}[ \t]*=[^\n]*", lambda _: line, body, count=1, flags=re.MULTILINE)
    start = text[: head.end()]
    return (
        f"{start}{body}{rest}" if count else f"{start}{'' if start.endswith(chr(10)) else chr(10)}{line}\n{body}{rest}"
    )
