"""Addresses by their grammar: 座 樓 室 號 after an estate or street, Flat/Floor/Block lines in English.

Source: Hong Kong's way of writing addresses; districts, estates and streets compiled in `data/`. A bare district, street,
estate or floor is no address; block, floor and flat together are, without an estate too.
"""

import re
from collections.abc import Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from sampan.contract.labels import Finding, Kind
from sampan.understand import words
from sampan.understand.address_edges import settled

NAME, VERSION = "address", "1.0"

_NUMBER = "[一二三四五六七八九十]{1,3}"
_BLOCK = rf"第?(?:[0-9A-Z]{{1,3}}|{_NUMBER})(?:座|期)"
_FLOOR = rf"(?:(?:[0-9]{{1,3}}|{_NUMBER})(?:樓|楼|字樓|/F|層|层)|地下|閣樓)"
_DOOR = "[0-9A-Z-]{1,5}(?:室|號舖|号铺|號室|單位|号室)"
_UNIT = rf"(?:{_BLOCK}|{_FLOOR}|{_DOOR})"
_HOUSE = r"[ ]?[0-9]{1,4}[A-Z]?(?:[-至][0-9]{1,4}[A-Z]?)?[號号]"
_NAMED = r"[\u3400-\u9fff]{2,8}(?:大廈|大厦|中心|廣場|广场|大樓|商場|工廈|閣|樓|苑|座|軒|居)"
_FLOOR_E = r"(?:[0-9]{1,2}(?:st|nd|rd|th)?[ ]?(?:/F|Floor|floor|F)|G/F|LG/F|UG/F|Ground Floor)\b\.?"
_UNIT_E = (
    r"(?:Flat|FLAT|Room|Rm\.?|Unit|Shop|Suite|Apt\.?|House|Block|Blk\.?|Tower|"
    r"Phase)[ ](?:[0-9]{1,4}[A-Z]?|[A-Z][0-9]{0,3})(?:[-/&][0-9A-Z]{1,4})?\b"
)
_PART_E = (
    rf"(?:{_UNIT_E}|{_FLOOR_E}|"
    rf"[0-9]{{1,5}}[A-Z]?(?:-[0-9]{{1,4}})?[ ](?:[A-Z][\w'.]*[ ]){{1,4}}(?:Road|Street|Avenue|Lane|"
    rf"Drive|Terrace|Path|Rd|St|Ave)\b(?:[ ](?:North|South|East|West|Central))?)"
)
_NAME_E = (
    r"(?:[A-Z][\w'.]*[ ]){1,4}(?:Estate|Court|House|Garden|Gardens|Building|Centre|Center|Mansion|"
    r"Mansions|Plaza|Tower|Chuen|Tsuen|Villa|Villas|Terrace|Heights|Block [0-9A-Z]+)\b"
)


_FLAT = re.compile(
    rf"(?:[\u3400-\u9fff]{{2}}[樓閣]|{_BLOCK}[ ,]?{_FLOOR}|{_BLOCK}|{_FLOOR})[ ,]?{_DOOR}|"
    rf"{_BLOCK}[ ,]?{_FLOOR}[0-9A-Z]{{1,3}}"
)
_NO_NAME = "去住喺到送往在是於居嘅的係搬返寄交給我佢你同和及至由從址點、，。：:（(「"
_NAME = rf"[^\W\d_{_NO_NAME}\x00-\x7f]"
_ESTATE = (
    rf"{_NAME}{{2,6}}(?:邨|苑|新村|花園|花园|山莊|山庄|別墅|豪園|豪庭|海灣|灣畔|半島|華庭|雅苑|名苑|城|臺|軒|居|廣場|"
    r"大廈|大厦|中心|小區|小区)"
)
_ENDS = "(?![0-9A-Za-z年月日個人蚊元呎萬])"
_GENERIC = re.compile(
    rf"{_ESTATE}(?:[ ]?第?(?:[0-9A-Z]{{1,3}}|{_NUMBER})期)?[ ]?"
    rf"(?:[\u3400-\u9fff]{{1,4}}[樓楼閣阁座]"
    rf"(?:[ ]?(?:[0-9]{{3,4}}|[A-Z][0-9]{{1,4}})(?:室|號)?{_ENDS}|[ ]?{_FLOOR}[ ]?[0-9A-Z]{{0,5}}室?|[ ]?{_DOOR})|"
    rf"(?:[0-9A-Z]{{1,3}}|{_NUMBER})[座栋幢棟塔](?:[ ]?{_FLOOR}|[ ]?(?:高|中|低)層)?[ ]?(?:[0-9A-Z]{{1,5}}(?:室|房)?{_ENDS})|"
    rf"[0-9]{{1,3}}(?:號屋|號洋房|號)(?!線|仔))"
)
"""An estate or a building nobody listed, with a building in it and a unit."""
_MAINLAND = re.compile(
    rf"(?:[\u3400-\u9fff]{{2,3}}(?:省|自治区|自治區))?(?:{_NAME}{{2,4}}市)?[^\W\d_市{_NO_NAME}\x00-\x7f]{{2,4}}(?:区|區|县|縣|镇|鎮)"
    rf"(?:[\u3400-\u9fff]{{2,5}}(?:街道|镇))?[\u3400-\u9fff]{{1,8}}?(?:路|街|大道|道|巷|弄|胡同|村)[0-9]{{1,5}}(?:号|號|弄)"
    rf"(?:[\u3400-\u9fff]{{2,12}}?(?:大厦|大廈|广场|廣場|中心|花园|花園|小区|小區|苑|城|公寓))?"
    rf"(?:[0-9A-Z一二三四五六七八九十]{{1,4}}(?:栋|幢|座|塔|号楼|单元|楼|层|室|房|期))*[0-9]{{0,5}}[A-Z]?(?:室|房)?"
)
_STREET = re.compile(
    rf"{_NAME}{{1,6}}(?:街|路|道|里|徑|坊|巷|台)(?:東|西|南|北|中)?[ ]?"
    rf"[0-9]{{1,4}}[A-Z]?(?:[-至][0-9]{{1,4}}[A-Z]?)?[號号](?!線|仔|碼|码)(?:[ ]?{_NAMED})?"
)
_BOX = re.compile(
    r"(?:[\u3400-\u9fff]{2,6}(?:郵政總局|郵政局|郵局))?(?:郵政)?信箱[ ]?(?:第)?[0-9]{1,6}號?|"
    r"(?:G\.?)?P\.?[ ]?O\.?[ ]?Box(?: No\.?)?[ ][0-9]{1,6}(?:,[ ](?:[A-Z][a-z]+[ ]){1,4}Post Office)?"
)
_TAIL = rf"(?:[ ,]?{_UNIT})"
_AFTER_ESTATE = re.compile(rf"(?:[ ]?[\u3400-\u9fff]{{1,3}}[樓閣座苑軒])?{_TAIL}+[0-9A-Z]{{0,3}}室?")
_AFTER_STREET = re.compile(rf"{_HOUSE}(?:[ ]?{_NAMED})?{_TAIL}*[0-9A-Z]{{0,3}}室?")


@cache
def _names() -> tuple[AhoCorasick, list[str]]:
    """Chinese districts, estates and streets, in both scripts, and what each is."""
    kind: dict[str, str] = {}
    for name in ("districts.txt", "estates.txt", "streets.txt"):
        for line in words.lines(name):
            chinese = line.split("|")[0]
            kind[chinese] = kind[words.folded(chinese)] = name
    return AhoCorasick(list(kind), matchkind=MatchKind.LeftmostLongest), list(kind.values())


@cache
def _english() -> re.Pattern[str]:
    districts = [line.split("|")[1] for line in words.lines("districts.txt")]
    known = "|".join(
        re.escape(name) for name in sorted([*districts, "N.T.", "HK", "Hong Kong SAR"], key=len, reverse=True)
    )
    glue = r"(?:,?[ ]|,?[ ]?\n)"
    return re.compile(rf"(?<![\w/])(?=[0-9A-Z]){_PART_E}(?:{glue}(?:{_PART_E}|{_NAME_E}|(?:{known})\b))+")


def _chinese(text: str) -> Iterator[tuple[int, int]]:
    """After the name of an estate or a street; districts that stand right before belong to it."""
    automaton, kinds = _names()
    begin = end = -1
    for which, start, stop in automaton.find_matches_as_indexes(text):
        joined = begin >= 0 and text[end:start].strip(" ") == ""
        begin, end = (begin if joined else start), stop
        if kinds[which] == "districts.txt":
            continue
        rest = (_AFTER_ESTATE if kinds[which] == "estates.txt" else _AFTER_STREET).match(text, stop)
        if rest is not None:
            yield begin, rest.end()
            begin = -1
    for pattern in (_FLAT, _GENERIC, _STREET, _MAINLAND, _BOX):
        for match in pattern.finditer(text):
            yield match.span()


class Address:
    """Finds addresses by form alone; needs no model."""

    name, version = NAME, VERSION

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into normalised `text`, in order; none in another."""
        found: list[Finding] = []
        for start, end in sorted(self._spans(text), key=lambda span: (span[0], -span[1])):
            if not found or end > found[-1].end:
                found.append(Finding(start, end, Kind.ADDRESS, 0.85, text[start:end]))
        return settled(text, found)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        if not text.isascii():
            yield from _chinese(text)
        for match in _english().finditer(text):
            yield match.span()
        if text.isascii():
            yield from (match.span() for match in _BOX.finditer(text))


RECOGNISER = Address()
