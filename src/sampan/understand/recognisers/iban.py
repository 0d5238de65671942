"""International bank account numbers. Source: ISO 13616, lengths from the SWIFT IBAN registry."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "iban", "1.0"

_REGISTRY = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 "
    "FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 "
    "LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 "
    "RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _REGISTRY.split()}
_RUN = re.compile(r"[A-Za-z]{2}[ -]?\d[ -]?\d(?:[ -]{0,2}[A-Za-z0-9]){11,30}")

TRIGGERS = (
    Trigger("[^A-Za-z0-9][A-Za-z]{2}[0-9]{2}[A-Za-z0-9 -][A-Za-z0-9]{3}", skip=1),
    Trigger("[^A-Za-z0-9][A-Za-z]{2}[ -][0-9]{2}[A-Za-z0-9 -][A-Za-z0-9]{3}", skip=1),
)


def remainder(iban: str) -> int:
    """ISO 7064 mod 97-10 of a compact IBAN; 1 when its check digits hold."""
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97


def at(text: str, place: int) -> Finding | None:
    """The account number that begins at `place`."""
    length = _LENGTHS.get(text[place : place + 2].upper())
    run = None if length is None else _RUN.match(text, place)
    if run is None or length is None:
        return None
    places = [position for position in range(place, run.end()) if text[position] not in " -"]
    if len(places) < length:
        return None
    end = places[length - 1] + 1
    if text[end : end + 1].isascii() and text[end : end + 1].isalnum():
        return None
    if remainder("".join(text[position] for position in places[:length])) != 1:
        return None
    return finding(text, (place, end), Kind.BANK_ACCOUNT, 1.0)


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
