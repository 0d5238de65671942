r"""Private keys in PEM or PuTTY form, also cut off or with `\n` written out. Source: RFC 7468."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "private_key", "1.0"

_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?)-----")
_BODY = re.compile(r"(?:[A-Za-z0-9+/=:,. \t\r\n-]|\\[nr]){0,16384}")
_PUTTY = re.compile(r"Private-Lines: \d{1,4}\s{1,2}[A-Za-z0-9+/=\r\n]{16,16384}")
_REACH = 20000

TRIGGERS = (Trigger("-----BEGIN [A-Z]"), Trigger("Private-Lines: [0-9]"))


def at(text: str, place: int) -> Finding | None:
    """The key that begins at `place`."""
    begin = _BEGIN.match(text, place)
    if begin is None:
        putty = _PUTTY.match(text, place)
        return None if putty is None else finding(text, putty.span(), Kind.PRIVATE_KEY, 1.0)
    last = f"-----END {begin.group(1)}-----"
    end = text.find(last, begin.end(), begin.end() + _REACH)
    if end >= 0 and text.find("-----BEGIN", begin.end(), end) < 0:
        return finding(text, (place, end + len(last)), Kind.PRIVATE_KEY, 1.0)
    body = _BODY.match(text, begin.end())
    return finding(text, (place, begin.end() if body is None else body.end()), Kind.PRIVATE_KEY, 1.0)


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
