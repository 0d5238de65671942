"""Keys and tokens: vendors' published forms, JSON web tokens, and random values assigned to a telling name.

Source: `understand/key_forms.py`; RFC 7519; entropy as gitleaks uses it.
"""

import math
import re
from collections import Counter

from sampan.contract.labels import Finding, Kind
from sampan.understand.key_forms import FORMS, INSIDE, VENDORS
from sampan.understand.patterns import Pattern, Trigger, finding
from sampan.understand.recognisers.password import is_value, trimmed

NAME, VERSION = "api_key", "1.1"

_KEYS = re.compile("|".join(f"(?:{form})" for _, form in FORMS))
_INSIDE = re.compile("|".join(f"(?:{form})" for _, form in INSIDE))
_MIXED = re.compile("[0-9A-Z]")
_DIGIT = re.compile("[0-9]")
_BACK = 48
_VENDOR_WORDS = tuple(word.strip() for word in VENDORS.split(","))
_SECRETS = (
    r"api[_ -]?key|secret[_ -]?(?:access[_ -]?)?key|access[_ -]?key(?:[_ -]?id)?|account[_ -]?key|auth[_ -]?token|"
    r"access[_ -]?token|client[_ -]?secret|secret|token|credential|金鑰|密鑰|密钥|令牌"
)
_ASSIGN = r"(?:\\?[\"'])?\s{0,3}(?:=>|:=|[:=]|(?:is|are|was)\s|係|是|為|为)\s{0,3}"
_BARE = r"[\x21\x23-\x26\x2a\x2b\x2d-\x3a\x3d\x3f-\x5a\x5c\x5e\x5f\x61-\x7a\x7c\x7e]"
"""ASCII without quotes, brackets, commas and semicolons."""
_VALUE = rf"(?:(\\?[\"'`])([^\"'`\\\r\n\x1e]{{4,256}})|({_BARE}{{4,256}}))"
_SECRET = re.compile(rf"(?:{_SECRETS})s?{_ASSIGN}(?:Bearer )?{_VALUE}", re.IGNORECASE)
_VENDOR = re.compile(
    rf"(?:{'|'.join(_VENDOR_WORDS)})[A-Za-z0-9_. -]{{0,24}}(?:\\?[\"'])?\s{{0,3}}(?:=>|:=|[:=])\s{{0,3}}{_VALUE}",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?:Bearer|Basic|Token) +([A-Za-z0-9._~+/=-]{16,4096})", re.IGNORECASE)

TRIGGERS = (
    *(Trigger(f"[^A-Za-z0-9]{trigger}", skip=1) for trigger, _ in FORMS),
    *(Trigger(trigger) for trigger, _ in INSIDE),
    *(Trigger(word, caseless=True) for word in ("api[_ -]key", "apikey", "access[_ -]key", "accesskey")),
    *(Trigger(f"{word}[^A-Za-z ]", caseless=True) for word in ("accountkey", "secret", "token", "credential")),
    *(Trigger(f"{word}s[^A-Za-z ]", caseless=True) for word in ("secret", "token", "credential")),
    *(Trigger(f"{word} [:=i]", caseless=True) for word in ("secret", "token", "credential")),
    *(Trigger(word, caseless=True) for word in _VENDOR_WORDS),
    Trigger("secret[_ -]key", caseless=True),
    Trigger("secret[_ -]access", caseless=True),
    Trigger("bearer [A-Za-z0-9]", caseless=True),
    Trigger("basic [A-Za-z0-9]", caseless=True),
    *(Trigger(word) for word in ("金鑰", "密鑰", "密钥", "令牌")),
)


def at(text: str, place: int) -> Finding | None:
    """The key, or the value assigned to the telling name, that begins at `place`."""
    match = _KEYS.match(text, place)
    if match is not None and _MIXED.search(text, place + 4, match.end()) and entropy(match.group()) >= 2.5:
        return finding(text, match.span(), Kind.API_KEY, 0.97)
    return _assigned(text, place) or _around(text, place)


def _around(text: str, place: int) -> Finding | None:
    """A key known by its middle, which is at `place`."""
    low = max(0, place - _BACK)
    match = _INSIDE.search(text, low, place + 120)
    if match is None or not match.start() <= place < match.end() or entropy(match.group()) < 3.0:
        return None
    return finding(text, match.span(), Kind.API_KEY, 0.9)


def _assigned(text: str, place: int) -> Finding | None:
    match = _SECRET.match(text, place) or _VENDOR.match(text, place)
    if match is not None:
        span = match.span(2) if match.group(2) is not None else trimmed(text, match.span(3))
        return finding(text, span, Kind.API_KEY, 0.8) if _random(text[slice(*span)]) else None
    match = _BEARER.match(text, place)
    if match is not None and _random(match.group(1)):
        return finding(text, match.span(1), Kind.API_KEY, 0.8)
    return None


def _random(value: str) -> bool:
    """Long and mixed enough for a key; names of variables and words are not."""
    if len(value) < 16 or not value.isascii() or " " in value or not is_value(value):
        return False
    if not _DIGIT.search(value):
        return False
    return entropy(value) >= 3.0


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
