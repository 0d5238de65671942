"""JSON text as it is written: what a string says up to here, in how many strings it stands, which escapes are plain.

Source: RFC 8259, section 7.
"""

import re

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([^u]))", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_CUT = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_LEVELS = 4
_LONGEST_RUN = 64
JSON_STARTS = ('{"', "[{", '["')
"""How JSON inside a string begins, spaces left out."""


def inside(before: str) -> tuple[list[str], int]:
    """The text of the string that is open at the end of JSON text, and how many strings lie around it.

    A string that holds JSON is looked into. Where the beginning of the string is out of sight, every reading is given.
    """
    for level in range(1, _LEVELS + 1):
        at = _last_quote(before)
        if at < 0:
            return _readings(before), level
        before = said(before[at + 1 :])
        if not "".join(before[:64].split()).startswith(JSON_STARTS):
            return [before], level
    return _readings(before), _LEVELS


def _readings(text: str) -> list[str]:
    readings = [text]
    while len(readings) < _LEVELS and "\\" in readings[-1]:
        readings.append(said(readings[-1]))
    return readings


def _last_quote(text: str) -> int:
    at = text.rfind('"')
    while at >= 0 and backslashes(text, at) % 2:
        at = text.rfind('"', 0, at)
    return at


def said(written: str) -> str:
    """What the inside of a JSON string says."""
    return _ESCAPE.sub(_said_by, written) if "\\" in written else written


def _said_by(escape: re.Match[str]) -> str:
    code, name = escape.groups()
    return chr(int(code, 16)) if code else _NAMED.get(name, name)


def plain(written: str) -> tuple[str, str]:
    r"""The same JSON with `\u005b` and its like written as the characters they are; and an escape that is not whole yet."""
    cut = _CUT.search(written)
    if cut and backslashes(written, cut.start()) % 2:
        cut = None
    whole, rest = (written[: cut.start()], written[cut.start() :]) if cut else (written, "")
    return (_ESCAPE.sub(_plain, whole) if "\\u" in whole else whole), rest


def _plain(escape: re.Match[str]) -> str:
    code = escape.group(1)
    sign = chr(int(code, 16)) if code else ""
    # control characters, quotes and backslashes have to stay escaped, as has half a surrogate pair
    return sign if sign >= " " and sign not in '"\\\x7f' and not "\ud800" <= sign <= "\udfff" else escape.group()


def backslashes(text: str, end: int) -> int:
    """How many stand right before `end`."""
    at = end
    while at and text[at - 1] == "\\":
        at -= 1
    return end - at


def boundary(text: str, end: int) -> int:
    """The last place up to `end` at which JSON text may be cut: an escape stays whole, and so does a run of them."""
    run = backslashes(text, end)
    return end - (run if run <= _LONGEST_RUN else run % 2)


def following(text: str, at: int) -> str | None:
    """The character that JSON text says at `at`; empty at its end; None when that is not to be seen yet."""
    if text[at : at + 1] != "\\":
        return text[at : at + 1]
    escape = _ESCAPE.match(text, at)
    return _said_by(escape) if escape else None
