"""Internet addresses that can point at somebody. Source: RFC 791, RFC 4291.

Not found: loopback, unspecified, broadcast and netmasks (the same on every machine), what routers are set to when they are sold, public
resolvers, whole networks (`10.0.0.0/8`), and version numbers.
"""

import ipaddress
import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "ip", "1.0"

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d{2}|[1-9]?\d)"
_V4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}(?![A-Za-z0-9]|\.\d)")
_V6 = re.compile(r"[0-9A-Fa-f:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![A-Za-z0-9])")
_VERSION = re.compile(
    r"(?:\b[vV]|(?<![A-Za-z])[vV]er(?:sion)?|[Bb]uild|[Rr]elease|[Ff]irmware|[Uu]pgrade[d]? to|[Pp]atch|[Ss]ection|[Cc]lause|[Cc]hapter|"
    r"第|條|版本|版|韌體)[ :=.]{0,2}\Z|[A-Za-z0-9_](?:-|==|>=|<=|~=|\^|~)\Z"
)
_EVERYWHERE = frozenset(
    [
        "192.168.0.1",
        "192.168.1.1",
        "192.168.2.1",
        "192.168.8.1",
        "192.168.31.1",
        "192.168.50.1",
        "192.168.0.254",
        "192.168.1.254",
        "8.8.8.8",
        "8.8.4.4",
        "1.1.1.1",
        "1.0.0.1",
        "9.9.9.9",
        "114.114.114.114",
        "223.5.5.5",
        "208.67.222.222",
        "208.67.220.220",
    ]
)
"""Routers as they are sold, and resolvers that anybody may ask: they point at nobody."""
_NETWORK = re.compile(r"\.0/\d{1,2}(?!\d)")
_RELEASE = re.compile(
    r"version|upgrad|updat|releas|firmware|driver|changelog|build|patch|升級|升级|更新至|版本|韌體|固件|降級",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"\bips?\b|address|host|server|client|login|gateway|from:|網址|位址|地址|伺服器|服务器|登入", re.IGNORECASE
)
_BACK = 40
_HEX = frozenset("0123456789abcdefABCDEF:")

TRIGGERS = (
    Trigger(r"[0-9]\.[0-9]\.[0-9]"),
    Trigger(r"[0-9]\.[0-9]{2}\.[0-9]"),
    Trigger(r"[0-9]\.[0-9]{3}\.[0-9]"),
    Trigger("[0-9A-Fa-f]::[0-9A-Fa-f]", skip=1),
    Trigger("[0-9A-Fa-f]:[0-9A-Fa-f]{2}:[0-9A-Fa-f]", skip=1),
    Trigger("[0-9A-Fa-f]:[0-9A-Fa-f]:[0-9A-Fa-f]", skip=1),
    Trigger("[0-9A-Fa-f]:[0-9A-Fa-f]{3}:[0-9A-Fa-f]", skip=1),
    Trigger("[0-9A-Fa-f]:[0-9A-Fa-f]{4}:[0-9A-Fa-f]", skip=1),
)


def at(text: str, place: int) -> Finding | None:
    """The address around `place`."""
    return _v6(text, place) if text[place] == ":" else _v4(text, place)


def _v4(text: str, place: int) -> Finding | None:
    start = place
    while start > 0 and place - start < 2 and text[start - 1].isdigit():
        start -= 1
    before = text[max(0, start - 12) : start]
    if before[-1:] and (before[-1].isascii() and (before[-1].isalnum() or before[-1] == ".")):
        return None
    match = _V4.match(text, start)
    if match is None or _VERSION.search(before) or _of_software(text, start) or not _telling(match.group()):
        return None
    if match.group() in _EVERYWHERE or _NETWORK.match(text, match.end() - 2):
        return None
    return finding(text, match.span(), Kind.IP, 0.9)


def _of_software(text: str, start: int) -> bool:
    """`Chrome/124.0.0.0`, `upgrade from 4.2.1.0 to 4.3.0.1`."""
    if text[start - 1 : start] == "/" and text[start - 2 : start - 1].isalpha():
        return text[max(0, start - 4) : start - 1].isalpha()
    before = text[max(0, start - _BACK) : start]
    return _RELEASE.search(before) is not None and _MACHINE.search(before) is None


def _v6(text: str, place: int) -> Finding | None:
    start = place
    while start > 0 and place - start < 39 and text[start - 1] in _HEX:
        start -= 1
    if start > 0 and text[start - 1].isascii() and text[start - 1].isalnum():
        return None
    match = _V6.match(text, start)
    if match is None:
        return None
    address = match.group()
    groups = [group for group in address.split(":") if group]
    # "d::e" in source code and "12:34:56" are not addresses
    if address.count(":") < 2 or len(groups) < 2 or not any(len(group) >= 3 for group in groups):
        return None
    if not any(char.isdigit() for char in address) or not _telling(address):
        return None
    return finding(text, match.span(), Kind.IP, 0.9)


def _telling(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast:
        return False
    return not (parsed.version == 4 and address.startswith(("255.", "0.")))


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
