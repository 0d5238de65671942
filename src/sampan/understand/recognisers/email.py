"""E-mail addresses. Source: RFC 5321 lengths, the unquoted local parts that people have."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "email", "1.0"

_DOMAIN = re.compile(
    r"@ ?((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}(?:xn--[A-Za-z0-9-]{2,40}|[A-Za-z]{2,24}))(?![A-Za-z0-9])"
)
_LITERAL = re.compile(r"@\[(?:IPv6:)?[0-9A-Fa-f:.]{3,45}\]")
_FILES = frozenset(
    {"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "tsx", "json", "md", "py", "txt", "pdf"}
)

TRIGGERS = (Trigger("@[A-Za-z0-9[]"), Trigger("@ [A-Za-z0-9]"))


def at(text: str, place: int) -> Finding | None:
    """The address whose `@` stands at `place`."""
    low = max(0, place - 64)
    end = place
    if text[place - 1 : place] == " " and text[place + 1 : place + 2] == " ":
        end -= 1
    local = _local(text, low, end)
    if local is None:
        return None
    domain = _DOMAIN.match(text, place) or _LITERAL.match(text, place)
    if domain is None:
        return None
    last = domain.group().rpartition(".")[2].lower()
    if last in _FILES or (text[local:end] == "git" and text[domain.end() : domain.end() + 1] == ":"):
        return None
    return finding(text, (local, domain.end()), Kind.EMAIL, 0.95)


def _local(text: str, low: int, end: int) -> int | None:
    """Where the local part that ends at `end` begins."""
    start = end
    while start > low and (text[start - 1] in _INSIDE):
        start -= 1
    while start < end and not (text[start].isalnum() or text[start] in "_+"):
        start += 1
    return start if start < end else None


_INSIDE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+'-&")

RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
