"""Passwords and PINs: what stands behind a word for one, in prose, settings, code and on a command line.

Source: the assignments that gitleaks' generic rule and common configuration formats know; the words of three languages.
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "password", "1.0"

_LATIN = (
    r"pass[ _-]?words?|passwd|passphrase|passcode|pass[ _-]?wd|pwd|pword|pass|pw|pin(?:[ _-]?(?:code|no|number))?|psw|p/w|"
    r"security[ _-]answer"
)
_HAN = "密碼|密码|口令"
_NAME = rf"(?:{_LATIN}|{_HAN})"
_ASSIGN = (
    r"(?:[A-Za-z0-9_]{0,16})(?:\\?[\"'])?\s{0,3}(?:=>|:=|={1,3}|[:>]|(?:was |is |has been |will be )?(?:changed|reset|set) to|"
    r"(?:is|are|was)(?: now)?|(?:改咗做|改做|改成|改為|改咗|設定為|設為|轉咗做|依家係|而家係|仲係|就係|係|是|為|为))[\s:：]{0,3}"
)
_BARE = r"[\x21\x23-\x26\x2a\x2b\x2d-\x3a\x3d\x3f-\x5a\x5c\x5e\x5f\x61-\x7a\x7c\x7e]"
"""ASCII without quotes, brackets, commas and semicolons."""
_VALUE = rf"(?:(\\?[\"'`])([^\"'`\\\r\n\x1e]{{4,256}})|「([!-~]{{4,64}})」|({_BARE}{{4,256}}))"
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_ASSIGNED = re.compile(rf"({_NAME}){_ASSIGN}{_VALUE}", re.IGNORECASE)
_BESIDE = re.compile(
    rf"({_LATIN}|{_HAN})\s{{1,3}}(?:(\\?[\"'`])([^\"'`\\\r\n\x1e]{{4,64}})|()({_BARE}{{4,64}}))", re.IGNORECASE
)
_HAN_BESIDE = re.compile(rf"(?:{_HAN})[ ]?「?([A-Za-z0-9!-/?@_#$%^&*]{{4,64}})")
_ELEMENT = re.compile(rf"<(?:{_LATIN})>([^<>\r\n]{{4,128}})</", re.IGNORECASE)
_OPTION = re.compile(
    r"(?:--(?:password|passwd|pass|pwd)[= ]|sshpass -p ?|-u ?[A-Za-z0-9_.@-]{1,40}:|IDENTIFIED BY )[\"']?([\x21\x23-\x26\x28-\x7e]{4,128})"
)
_NUMERIC = re.compile(r"pin|passcode|密碼|密码|pass[ _-]?word|pwd|pw", re.IGNORECASE)
_NOT_A_VALUE = re.compile(
    r"(?:[*x.•_#-]+|<.*|\$[A-Za-z_({].*|%[A-Z_a-z]*%?|\{.*|\[.*|"
    r"(?:your|example|change|insert|enter)[ _-]?.*|(?:my|the|some|new|old|user)(?:[ _-].*|pass(?:word|wd)?|pwd|name)?|"
    r"none|null|nil|true|false|string|str|text|required|optional|redacted|hidden|masked|empty|undefined|password|passwd|"
    r"os\.environ.*|process\.env.*|env[:.].*|keyring:.*|getpass.*|input\(.*|config[.\[].*|self\..*|request[.\[].*|args\..*|"
    r"params\..*|settings\..*|https?://.*|[A-Za-z_.]+\(.*)\Z",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[a-z]+(?:[-'/][a-z]+)*\Z")

TRIGGERS = (
    *(Trigger(word, caseless=True) for word in ("password", "passwd", "passphrase", "passcode", "pword", "sshpass -p")),
    *(Trigger(f"pass{between}word", caseless=True) for between in "_ -"),
    *(Trigger(f"pwd{after}", caseless=True) for after in ("[^A-Za-z]",)),
    Trigger("[^A-Za-z]pass[^A-Za-z]", skip=1, caseless=True),
    Trigger("[^A-Za-z]psw[^A-Za-z]", skip=1, caseless=True),
    Trigger("[^A-Za-z]pw[^A-Za-z]", skip=1, caseless=True),
    Trigger("[^A-Za-z]p/w[^A-Za-z]", skip=1, caseless=True),
    Trigger("security[ _-]answer", caseless=True),
    Trigger("[^A-Za-z]pin[^A-Za-z]", skip=1, caseless=True),
    Trigger("--pass", caseless=True),
    Trigger(" -u ?[A-Za-z0-9]".replace(" ?", ""), skip=1),
    Trigger(" -u [A-Za-z0-9]", skip=1),
    Trigger("IDENTIFIED BY ", caseless=True),
    Trigger("密碼"),
    Trigger("密码"),
    Trigger("口令"),
)


def at(text: str, place: int) -> Finding | None:
    """The password that the word at `place` introduces."""
    if text[place] in "-sSiI" and text[place : place + 8].lower() != "security":
        option = _OPTION.match(text, place)
        return None if option is None or not is_value(option.group(1)) else _found(text, option.span(1))
    if text[place - 1 : place] == "<" and (element := _ELEMENT.match(text, place - 1)) is not None:
        return _found(text, element.span(1)) if is_value(element.group(1)) else None
    return _assigned(text, place) or _beside(text, place)


def _assigned(text: str, place: int) -> Finding | None:
    match = _ASSIGNED.match(text, place)
    if match is None:
        return None
    which = 3 if match.group(3) is not None else 4 if match.group(4) is not None else 5
    span = trimmed(text, match.span(which))
    good = password_like(text[slice(*span)], quoted=which < 5, sign="=" in text[match.end(1) : span[0]])
    return _found(text, span) if good and _numeric(match.group(1), text[slice(*span)]) else None


def _beside(text: str, place: int) -> Finding | None:
    """Without a sign between: only what nobody would take for a word."""
    match = _HAN_BESIDE.match(text, place)
    if match is not None:
        span = trimmed(text, match.span(1))
        return _found(text, span) if password_like(text[slice(*span)], quoted=False, sign=False) else None
    match = _BESIDE.match(text, place)
    if match is None:
        return None
    which = 3 if match.group(3) is not None else 5
    span = trimmed(text, match.span(which))
    value = text[slice(*span)]
    mixed = _DIGIT.search(value) is not None and _LETTER.search(value) is not None
    code = value.isdigit() and 4 <= len(value) <= 8 and match.group(1).lower().startswith(("pin", "passcode"))
    return (
        _found(text, span)
        if code or ((mixed and len(value) >= 6) and password_like(value, quoted=False, sign=False))
        else None
    )


def _numeric(name: str, value: str) -> bool:
    """Digits alone are a PIN or a door's code, not a year; behind `pass` they are a mark in an examination."""
    return not value.isdigit() or (_NUMERIC.match(name) is not None and name.lower() != "pass" and len(value) <= 16)


def trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Without the punctuation that ends a sentence."""
    value = text[slice(*span)]
    mixed = _DIGIT.search(value) is not None and _LETTER.search(value) is not None
    return span[0], span[1] - (len(value) - len(value.rstrip(".,;:?。，" if mixed else ".,;:!?。，")))


def is_value(value: str) -> bool:
    """Whether it could be a secret and not the name of one, or a place for one."""
    return len(value) >= 4 and not _NOT_A_VALUE.match(value)


def password_like(value: str, *, quoted: bool, sign: bool) -> bool:
    """Prose after "the password is" has neither digits nor signs; a quoted word is taken as one, or one behind `=`."""
    if not value.isascii() or " " in value.strip() or not is_value(value):
        return False
    plain = value.isalpha() or _PROSE.match(value) is not None
    return not plain or (quoted and len(value) >= 6) or (sign and len(value) >= 6 and not value.islower())


def _found(text: str, span: tuple[int, int]) -> Finding:
    return finding(text, span, Kind.PASSWORD, 0.8)


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
