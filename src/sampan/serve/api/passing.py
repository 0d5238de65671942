"""Which of a caller's headers go to a model: the vendor's switches, in the forms they have. Nothing is passed unread.

A header has no finding and no stand-in, so what does not look like a switch stays here. An idempotency key may be made of
an order or a telephone number, and two callers may choose the same: it goes as a keyed hash, different for each principal
and at each start of Sampan.
"""

import hashlib
import hmac
import re
import secrets

from sampan.contract.request import Principal

_VERSION = re.compile(r"(?:[a-z]+-)?\d{4}-\d{2}-\d{2}")
_BETA = re.compile(r"(?!.*\d{5})[a-z][a-z0-9.-]{0,79}")
_SALT = secrets.token_bytes(32)


def upstream_headers(headers: dict[str, str], principal: Principal) -> dict[str, str]:
    """`anthropic-version`, `anthropic-beta` and `idempotency-key`, as they may leave."""
    passed: dict[str, str] = {}
    version = headers.get("anthropic-version", "")
    if _VERSION.fullmatch(version):
        passed["anthropic-version"] = version
    if "anthropic-beta" in headers:
        names = [name.strip() for name in headers["anthropic-beta"].split(",")]
        if betas := ",".join(name for name in names if _BETA.fullmatch(name)):
            passed["anthropic-beta"] = betas
    if key := headers.get("idempotency-key"):
        scoped = f"{principal.user}/{principal.key}/{key}".encode()
        passed["idempotency-key"] = hmac.new(_SALT, scoped, hashlib.sha256).hexdigest()
    return passed
