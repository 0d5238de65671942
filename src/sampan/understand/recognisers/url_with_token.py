"""URLs that let whoever has them in: user information, or a query member that is a secret. Source: RFC 3986."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "url_with_token", "1.0"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,15}\Z")
_BODY = re.compile(r"://[^\x00-\x20\"'<>\\^`{|}\x7f\u3000-\u303f\u4e00-\u9fff，；]{3,2048}")
_USER = re.compile(r"://[^/?#@\s]{1,256}:[^/?#@\s]{1,256}@|://[^/?#@:\s]{16,256}@")
_SECRET = re.compile(
    r"[?&;#](?:[a-z0-9_.-]{0,24}[_.-])?(?:token|key|apikey|sig|signature|password|passwd|pwd|secret|auth|code|session|"
    r"sessionid|sid|jwt|credential|access_token|id_token|otp)=[^&;#\s]{6,}",
    re.IGNORECASE,
)

TRIGGERS = (Trigger("[A-Za-z0-9]://[^ ]", skip=1),)


def at(text: str, place: int) -> Finding | None:
    """The URL whose `://` stands at `place`."""
    scheme = _SCHEME.search(text[max(0, place - 16) : place])
    following = text.find("://", place + 3, place + 2051)
    body = _BODY.match(text, place, following if following > 0 else len(text))
    if body is None or scheme is None:
        return None
    if not (_USER.match(body.group()) or _SECRET.search(body.group())):
        return None
    end = body.end() - (len(body.group()) - len(body.group().rstrip(".,;:!?)]")))
    return finding(text, (place - len(scheme.group()), end), Kind.URL_WITH_TOKEN, 0.95)


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
