"""URLs that let whoever has them in: user information, or a query member that is a secret. Source: RFC 3986."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding
from sampan.understand.recognisers.api_key import entropy

NAME, VERSION = "url_with_token", "1.0"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,15}\Z")
_BODY = re.compile(r"://[^\x00-\x20\"'<>\\^`{|}\x7f\u3000-\u303f\u4e00-\u9fff，；]{3,2048}")
_USER = re.compile(r"://[^/?#@\s]{1,256}:[^/?#@\s]{1,256}@|://[^/?#@:\s]{16,256}@")
_SECRET = re.compile(
    r"[?&;#](?:[a-z0-9_.-]{0,24}[_.-])?(?:token|key|apikey|sig|signature|password|passwd|pwd|secret|auth|code|session|"
    r"sessionid|sid|jwt|credential|access_token|id_token|otp)=[^&;#\s]{6,}",
    re.IGNORECASE,
)
_DOOR = re.compile(
    r"hooks?\b|webhook|/services/|/bot|invite|invitation|reset|verify|confirm|activat|magic|token|shared?\b|private|download|unsubscribe|signin|sign-in|login|onetime|"
    r"one-time|secret",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"[/=:]([A-Za-z0-9_~.+-]{16,512})(?=[/?#&]|\Z)")

TRIGGERS = (Trigger("[A-Za-z0-9]://[^ ]", skip=1),)


def at(text: str, place: int) -> Finding | None:
    """The URL whose `://` stands at `place`."""
    scheme = _SCHEME.search(text[max(0, place - 16) : place])
    following = text.find("://", place + 3, place + 2051)
    body = _BODY.match(text, place, following if following > 0 else len(text))
    if body is None or scheme is None:
        return None
    url = body.group().rstrip(".,;:!?)]")
    if not (_USER.match(url) or _SECRET.search(url) or _opens(url)):
        return None
    return finding(text, (place - len(scheme.group()), place + len(url)), Kind.URL_WITH_TOKEN, 0.95)


def _opens(url: str) -> bool:
    """A webhook, an invitation, a reset: a part of its path is random, and that lets in."""
    door = _DOOR.search(url)
    return door is not None and any(_random(part.group(1)) for part in _SEGMENT.finditer(url, 3))


def _random(part: str) -> bool:
    """Random letters of both cases with digits, or long hexadecimal; words and dates are not."""
    digits = sum(char.isdigit() for char in part)
    if not digits or "." in part:
        return False
    if re.fullmatch(r"[0-9a-f-]{32,}", part):
        return True
    return any(char.islower() for char in part) and any(char.isupper() for char in part) and entropy(part) >= 3.5


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
