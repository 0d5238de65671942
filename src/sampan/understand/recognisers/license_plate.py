"""Registration marks of vehicles: Hong Kong beside a word for a vehicle, mainland ones by their province.

Source: Cap. 374E regulation 5 (two letters without I, O and Q, up to four digits; personal marks up to eight characters), GA 36-2018.
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import nearest, strong, weak
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "license_plate", "1.0"

_LETTERS = "A-HJ-NPR-Z"
_MARK = rf"[{_LETTERS}]{{2}}[ -]?[1-9]\d{{0,3}}"
_PROVINCE = "[京津滬沪渝冀豫雲云遼辽黑湘皖魯鲁新蘇苏浙贛赣鄂桂甘晉晋蒙陝陕吉閩闽貴贵粵粤青藏川寧宁瓊琼使領领]"
_OF_THE_MAINLAND = rf"{_PROVINCE}[A-HJ-NP-Z][ .·•-]?[A-HJ-NP-Z0-9]{{4,6}}[A-HJ-NP-Z0-9港澳學学警掛挂]?(?![A-Za-z0-9])"
_ANY = Form(
    number(
        rf"{_OF_THE_MAINLAND}|{_MARK}|{_MARK.lower()}|(?=[A-Z0-9 ]*[A-Z])(?=[A-Z0-9 ]*\d)[A-Z0-9]{{1,7}}(?: [A-Z0-9]{{1,4}})?"
    ),
    score=0.85,
    reach=20,
)
_TELLING = Form(
    number(_MARK),
    score=0.8,
    reach=20,
    check=lambda written: written[:2] not in {"AM", "PM", "NO", "HK"} or len(written) > 4,
)
_MAINLAND = re.compile(_OF_THE_MAINLAND)


def _mainland(text: str, place: int) -> Finding | None:
    match = _MAINLAND.match(text, place)
    if match is None or sum(char.isdigit() for char in match.group()) < 2:
        return None
    return finding(text, match.span(), Kind.LICENSE_PLATE, 0.85)


_VEHICLE = re.compile(
    r"車|泊|揸|拖走|告票|隧道|司機|van仔|"
    r"\b(?:cars?|vehicles?|vans?|taxis?|trucks?|lorr(?:y|ies)|drivers?|driv(?:es|ing)|park(?:ed|ing)|carpark|towed|plates?|suv|mpv|uber|motorbike|motorcycle|"
    r"tesla|toyota|honda|bmw|benz|audi|lexus|nissan|mazda|porsche|byd|volvo|alphard|hiace)\b",
    re.IGNORECASE,
)
_NOT_PLATES = frozenset(
    {"AM", "PM", "HK", "NO", "CX", "UA", "KA", "BA", "EK", "TV", "PC", "CS", "RM", "LT", "MB", "GB", "KM", "KG"}
)
_AROUND = 32


def _alone(text: str, place: int) -> Finding | None:
    """A mark of Hong Kong where the talk is of a vehicle; a mainland one anywhere."""
    if not "A" <= text[place] <= "Z":
        return _mainland(text, place)
    match = _TELLING.pattern.match(text, place)
    if (
        match is None
        or text[place : place + 2] in _NOT_PLATES
        or nearest(text, place) not in {None, Kind.LICENSE_PLATE}
    ):
        return None
    if not _VEHICLE.search(text, max(0, place - _AROUND), match.end() + _AROUND):
        return None
    return finding(text, match.span(), Kind.LICENSE_PLATE, 0.75)


_TRIGGERS = (
    Trigger("[^A-Za-z0-9][A-HJ-NPR-Z]{2}[ -][1-9][0-9]{2}", skip=1),
    Trigger("[^A-Za-z0-9][A-HJ-NPR-Z]{2}[1-9][0-9]{2}", skip=1),
    Trigger("[^ ->@-~][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}"),
    Trigger("[^ ->@-~][A-HJ-NP-Z][^0-9A-Za-z][A-HJ-NP-Z0-9]{4}"),
)

RECOGNISER = pattern_of(
    NAME, VERSION,
    [Named(Kind.LICENSE_PLATE, strong(Kind.LICENSE_PLATE), _ANY), Named(Kind.LICENSE_PLATE, weak(Kind.LICENSE_PLATE), _TELLING)],
    Alone(_TRIGGERS, _alone),
)  # fmt: skip
