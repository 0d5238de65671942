"""Keys and passwords: vendors' published prefixes, JSON web tokens, and assignments to a telling name.

Source: the vendors' key formats as listed in gitleaks' rules (MIT); RFC 7519.
"""

import math
import re
from collections import Counter

from sampan.contract.labels import Finding, Kind
from sampan.understand.normalise import MARK
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "api_key", "1.0"

# trigger, then what the whole key looks like from there
_FORMS = (
    ("sk-[A-Za-z0-9]", r"sk-(?:ant-|proj-|or-v1-|svcacct-|admin-|lf-)?[A-Za-z0-9_-]{12,250}"),
    ("pk-[A-Za-z0-9]", r"pk-lf-[A-Za-z0-9-]{16,64}"),
    ("gh[pousr]_[A-Za-z0-9]", r"gh[pousr]_[A-Za-z0-9]{16,255}"),
    ("github_pat_", r"github_pat_[A-Za-z0-9_]{20,255}"),
    ("glpat-", r"glpat-[A-Za-z0-9_.-]{16,128}"),
    ("AKIA[A-Z0-9]", r"AKIA[A-Z0-9]{12,16}"),
    ("ASIA[A-Z0-9]", r"ASIA[A-Z0-9]{12,16}"),
    ("AIza[A-Za-z0-9_-]", r"AIza[A-Za-z0-9_-]{30,40}"),
    (r"ya29\.", r"ya29\.[A-Za-z0-9_-]{20,1024}"),
    ("xox[abeoprs]-", r"xox[abeoprs]-[A-Za-z0-9-]{10,250}"),
    ("xapp-", r"xapp-\d-[A-Za-z0-9-]{10,250}"),
    ("hf_[A-Za-z0-9]", r"hf_[A-Za-z0-9]{20,64}"),
    ("npm_[A-Za-z0-9]", r"npm_[A-Za-z0-9]{30,64}"),
    ("pypi-[A-Za-z0-9]", r"pypi-[A-Za-z0-9_-]{16,255}"),
    ("[rsp]k_live_", r"[rsp]k_live_[A-Za-z0-9]{10,255}"),
    ("[rsp]k_test_", r"[rsp]k_test_[A-Za-z0-9]{10,255}"),
    ("whsec_", r"whsec_[A-Za-z0-9+/=]{16,128}"),
    (r"SG\.[A-Za-z0-9_-]", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"),
    ("gsk_[A-Za-z0-9]", r"gsk_[A-Za-z0-9]{20,128}"),
    ("xai-[A-Za-z0-9]", r"xai-[A-Za-z0-9]{20,128}"),
    ("r8_[A-Za-z0-9]", r"r8_[A-Za-z0-9]{20,64}"),
    ("pplx-[a-f0-9]", r"pplx-[A-Za-z0-9]{20,64}"),
    ("nvapi-", r"nvapi-[A-Za-z0-9_-]{20,128}"),
    ("dop_v1_", r"dop_v1_[a-f0-9]{32,64}"),
    ("shpat_", r"shpat_[A-Fa-f0-9]{16,64}"),
    ("sampan_[A-Za-z0-9]", r"sampan_[A-Za-z0-9_-]{20,128}"),
    ("AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{50,64}"),
    ("eyJ[A-Za-z0-9_-]{4}", r"eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,8192}(?:\.[A-Za-z0-9_-]{0,4096}){0,3}"),
)
_KEYS = re.compile("|".join(f"(?:{form})" for _, form in _FORMS))
_NAMES = r"pass ?word|passwd|pwd|passphrase|passcode|密碼|密码|口令"
_SECRETS = (
    r"api[_ -]?key|secret[_ -]?(?:access[_ -]?)?key|access[_ -]?key(?:[_ -]?id)?|account[_ -]?key|auth[_ -]?token|"
    r"access[_ -]?token|client[_ -]?secret|secret|token|credential|金鑰|密鑰|密钥|令牌"
)
_ASSIGN = r"(?:\\?[\"'])?\s{0,3}(?:=>|:=|[:=]|(?:is|are|was)\s|係|是|為|为)\s{0,3}"
_BARE = r"[\x21\x23-\x26\x2a\x2b\x2d-\x3a\x3d\x3f-\x5a\x5c\x5e\x5f\x61-\x7a\x7c\x7e]"
"""ASCII without quotes, brackets, commas and semicolons."""
_VALUE = rf"(?:(\\?[\"'`])([^\"'`\\\r\n\x1e]{{4,256}})|({_BARE}{{4,256}}))"
_PASSWORD = re.compile(rf"(?:{_NAMES}){_ASSIGN}{_VALUE}", re.IGNORECASE)
_SECRET = re.compile(rf"(?:{_SECRETS}){_ASSIGN}(?:Bearer )?{_VALUE}", re.IGNORECASE)
_BEARER = re.compile(r"(?:Bearer|Basic|Token) +([A-Za-z0-9._~+/=-]{16,4096})", re.IGNORECASE)
_NOT_A_VALUE = re.compile(
    r"(?:[*x.•_-]+|<.*|\$.*|%.*|\{.*|\[.*|(?:your|my|the|some|example|change|insert)[ _-]?.*|none|null|true|false|string|"
    r"required|redacted|hidden|os\.environ.*|process\.env.*|env:.*|keyring:.*|getpass.*|https?://.*)\Z",
    re.IGNORECASE,
)

TRIGGERS = (
    *(Trigger(f"[^A-Za-z0-9]{trigger}", skip=1) for trigger, _ in _FORMS),
    *(Trigger(word, caseless=True) for word in ("pass word", "password", "passwd", "pwd", "passphrase", "passcode")),
    *(Trigger(word, caseless=True) for word in ("api[_ -]key", "apikey", "access[_ -]key", "accesskey", "account[_ -]?key")
      if "?" not in word),
    *(Trigger(f"{word}[^A-Za-z ]", caseless=True) for word in ("accountkey", "secret", "token", "credential")),
    *(Trigger(f"{word} [:=i]", caseless=True) for word in ("secret", "token", "credential")),
    Trigger("secret[_ -]key", caseless=True),
    Trigger("secret[_ -]access", caseless=True),
    Trigger("bearer [A-Za-z0-9]", caseless=True),
    Trigger("basic [A-Za-z0-9]", caseless=True),
    Trigger(MARK * 2),
)  # fmt: skip


def at(text: str, place: int) -> Finding | None:
    """The key, or the value assigned to the telling name, that begins at `place`."""
    match = _KEYS.match(text, place)
    if match is not None and any(char.isdigit() or char.isupper() for char in match.group()[4:]):
        return finding(text, match.span(), Kind.API_KEY, 0.97)
    return _assigned(text, place)


def _assigned(text: str, place: int) -> Finding | None:
    match = _PASSWORD.match(text, place)
    if match is not None:
        span = _value_span(match)
        value = text[slice(*span)]
        good = _is_value(value) and _password_like(value, quoted=bool(match.group(1)))
        return finding(text, span, Kind.PASSWORD, 0.8) if good else None
    match = _SECRET.match(text, place)
    if match is not None:
        span = _value_span(match)
        return finding(text, span, Kind.API_KEY, 0.8) if _random(text[slice(*span)]) else None
    match = _BEARER.match(text, place)
    if match is not None and _random(match.group(1)):
        return finding(text, match.span(1), Kind.API_KEY, 0.8)
    return None


def _value_span(match: re.Match[str]) -> tuple[int, int]:
    if match.group(2) is not None:
        return match.span(2)
    start, end = match.span(3)
    return start, end - (len(match.group(3)) - len(match.group(3).rstrip(".,;:!?。，")))


def _is_value(value: str) -> bool:
    return len(value) >= 4 and not _NOT_A_VALUE.match(value)


def _password_like(value: str, quoted: bool) -> bool:
    """Prose after "the password is" has neither digits nor signs; a quoted word is taken as one."""
    plain = value.isalpha()
    return value.isascii() and " " not in value.strip() and (not plain or (quoted and len(value) >= 6))


def _random(value: str) -> bool:
    """Long and mixed enough for a key; names of variables and words are not."""
    if len(value) < 16 or not value.isascii() or " " in value or not _is_value(value):
        return False
    if not any(char.isdigit() for char in value):
        return False
    return entropy(value) >= 3.0


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
