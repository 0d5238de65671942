"""Addresses by their grammar: 座 樓 室 號 after an estate or street, Flat/Floor/Block lines in English.

Source: Hong Kong's way of writing addresses; districts, estates and streets compiled in `data/`. A bare district, street,
estate or floor is no address; block, floor and flat together are, without an estate too.
"""

import re
from collections.abc import Iterator
from functools import cache

from sampan.contract.labels import Finding, Kind
from sampan.understand import words

NAME, VERSION = "address", "1.0"

_NUMBER = "[一二三四五六七八九十]{1,3}"
_BLOCK = rf"第?(?:[0-9A-Z]{{1,3}}|{_NUMBER})(?:座|期)"
_FLOOR = rf"(?:(?:[0-9]{{1,3}}|{_NUMBER})(?:樓|楼|字樓|/F|層|层)|地下|閣樓)"
_DOOR = "[0-9A-Z-]{1,5}(?:室|號舖|号铺|號室|單位|号室)"
_UNIT = rf"(?:{_BLOCK}|{_FLOOR}|{_DOOR})"
_HOUSE = r"[ ]?[0-9]{1,4}[A-Z]?(?:[-至][0-9]{1,4}[A-Z]?)?[號号]"
_NAMED = r"[\u3400-\u9fff]{2,8}(?:大廈|大厦|中心|廣場|广场|大樓|商場|工廈|閣|樓|苑|座|軒|居)"
_FLOOR_E = r"(?:[0-9]{1,2}(?:st|nd|rd|th)?[ ]?(?:/F|Floor|floor|F)|G/F|LG/F|UG/F|Ground Floor)\b\.?"
_UNIT_E = r"(?:Flat|FLAT|Room|Rm\.?|Unit|Shop|Suite|Apt\.?|House|Block|Blk\.?|Tower|Phase)[ ](?:[0-9]{1,4}[A-Z]?|[A-Z][0-9]{0,3})(?:[-/&][0-9A-Z]{1,4})?\b"
_PART_E = rf"(?:{_UNIT_E}|{_FLOOR_E}|[0-9]{{1,5}}[A-Z]?(?:-[0-9]{{1,4}})?[ ](?:[A-Z][\w'.]*[ ]){{1,4}}(?:Road|Street|Avenue|Lane|Drive|Terrace|Path|Rd|St|Ave)\b(?:[ ](?:North|South|East|West|Central))?)"
_NAME_E = r"(?:[A-Z][\w'.]*[ ]){1,4}(?:Estate|Court|House|Garden|Gardens|Building|Centre|Center|Mansion|Mansions|Plaza|Tower|Chuen|Tsuen|Villa|Villas|Terrace|Heights|Block [0-9A-Z]+)\b"


@cache
def _known() -> tuple[str, str, str, str]:
    """Alternatives: Chinese districts, Chinese estates, Chinese streets, English districts."""
    districts = [line.split("|") for line in words.lines("districts.txt")]
    of = [[line.split("|")[0] for line in words.lines(name)] for name in ("estates.txt", "streets.txt")]
    chinese, english = [d[0] for d in districts], [d[1] for d in districts]
    return (_either(chinese), _either(of[0]), _either(of[1]), _either([*english, "N.T.", "HK", "Hong Kong SAR"]))


def _either(names: list[str]) -> str:
    both = {*names, *(words.folded(name) for name in names)}
    return "|".join(re.escape(name) for name in sorted(both, key=len, reverse=True))


@cache
def _chinese() -> re.Pattern[str]:
    districts, estates, streets, _ = _known()
    prefix = rf"(?:(?:{districts})[ ]?){{0,3}}"
    unit = rf"(?:[ ,]?{_UNIT})"
    house = rf"(?:{estates})(?:[ ]?[\u3400-\u9fff]{{1,3}}[樓閣座苑軒])?{unit}+[0-9A-Z]{{0,3}}室?"
    street = rf"(?:{streets}){_HOUSE}(?:[ ]?{_NAMED})?{unit}*[0-9A-Z]{{0,3}}室?"
    flat = rf"(?:[\u3400-\u9fff]{{2}}[樓閣]|{_BLOCK}[ ,]?{_FLOOR}|{_BLOCK}|{_FLOOR})[ ,]?{_DOOR}|{_BLOCK}[ ,]?{_FLOOR}[0-9A-Z]{{1,3}}"
    return re.compile(rf"{prefix}(?:{house}|{street}|{flat})")


@cache
def _english() -> re.Pattern[str]:
    _, _, _, districts = _known()
    glue = r"(?:,?[ ]|,?[ ]?\n)"
    return re.compile(rf"(?<![\w/]){_PART_E}(?:{glue}(?:{_PART_E}|{_NAME_E}|(?:{districts})\b))+")


class Address:
    """Finds addresses by form alone; needs no model."""

    name, version = NAME, VERSION

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into normalised `text`."""
        return [Finding(start, end, Kind.ADDRESS, 0.85, text[start:end]) for start, end in self._spans(text)]

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        if not text.isascii():
            for match in _chinese().finditer(text):
                yield match.span()
        for match in _english().finditer(text):
            yield match.span()


RECOGNISER = Address()
