"""Persons that their own form gives away: 陳生, 阿強, 姓名：…, Mr Chan, CHAN Tai Man.

Source: surnames and given names of Hong Kong in government romanisation, compiled in `data/`. The tagger finds the rest.
"""

import re
from collections.abc import Iterator
from functools import cache

from sampan.contract.labels import Finding, Kind
from sampan.understand import words

NAME, VERSION = "person", "1.0"

_HAN = r"\u3400-\u9fff"
_TITLE = (
    "先生|小姐|女士|太太|太|生|sir|Sir|SIR|醫生|医生|老師|老师|校長|校长|教授|博士|律師|律师|姑娘|師傅|师傅|主任|經理|经理|師奶|"
    "伯伯|婆婆|叔叔|局長|局长|議員|议员|警長|法官|社工|護士|护士|同學|同学"
)
_AFTER_SHORT = (
    "係喺嘅話說叫同和與，。！？,.!?:;：；、)） \n約請要唔想俾畀打有未都又會簽收今聽明入出去嚟來返搵你我佢呀啊你您先再已"
)
"""What may follow 生 and 太 when they are titles (not 生產, 太陽)."""
_KIN = "媽爸公婆仔女姨叔伯哥嫂嫲爺嬸妹姐弟姑舅媽爹嫻里根拉富士華司爾波托米莫比"
_BEFORE = "係叫搵俾畀同和與請問話到由對向跟給找見是謝的嘅約喺嗨喂"
"""What may stand before a name when it is Chinese."""
_FIELD = re.compile(
    rf"(?:姓\s?名|名字|聯絡人|联系人|收件人|收货人|申請人|申请人|持卡人|病人|患者|學生|家長|業主|租客|承租人|監護人|客戶)\s?[:|"
    rf"]\s?([{_HAN}]{{2,4}}|[{_HAN}](?: [{_HAN}]){{1,3}})(?![{_HAN}])"
)
_AH = re.compile(rf"(?:(?<![{_HAN}])|(?<=[{_BEFORE}]))阿([{_HAN}])(?=[{_AFTER_SHORT}]|\Z)")
_HONORIFIC = re.compile(
    r"(?<![A-Za-z])(?:[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Mm]dm|[Dd]r|[Pp]rof|MR|MRS|MS|"
    r"DR)\.?[ ]+((?:[A-Z][A-Za-z\u00c0-\u024f'-]+)(?:[ ][A-Z][A-Za-z\u00c0-\u024f'-]+){0,3})"
)
_NO_ONE = re.compile(
    r"(?:pepper|martens|scholl|seuss|who|strange|doolittle|jekyll|bean|big|muscle|right|universe|world|america|congeniality|"
    r"marple|darcy|potato|robot|chips|oetker|jart|dre|no|evil|and|or|the|for|head|chair|president|speaker)\b",
    re.IGNORECASE,
)
"""What stands behind a title in the names of brands, works and offices."""
_LATIN = re.compile(
    r"(?<![A-Za-z0-9_@./-])([A-Z][a-z]+|[A-Z]{2,})(,? )([A-Z][a-z]+|[A-Z]{2,})(?:([ -])([A-Z]?[a-z]+|"
    r"[A-Z]{2,}))?(?![A-Za-z0-9_@])"
)
_PLACE_AFTER = re.compile(
    r"[ ](?:Road|Street|Estate|Court|House|Station|District|Centre|Center|Plaza|Building|Garden|"
    r"Gardens|Mansion|Avenue|Lane|Terrace|Tsuen|Chuen|"
    r"Village|Hospital|School|College|Bank|Limited|Ltd|Park|Market|Island|Bay|Temple|Line|MTR|Exit|"
    r"Company|Co|Restaurant|Tower|Wan|Shan|Tau|Hang|Kok)\b"
)


_TITLED = re.compile(_TITLE)


@cache
def _surnames() -> frozenset[str]:
    """Chinese surnames, in both scripts."""
    return words.surnames()[0] | {line.split()[0] for line in words.lines("surnames.txt")}


@cache
def _places() -> frozenset[str]:
    """Places that are spelled like people (Wong Tai Sin, Sai Wan Ho), in small letters."""
    named = [
        line.split("|")[1] for each in ("districts.txt", "estates.txt", "streets.txt") for line in words.lines(each)
    ]
    found: set[str] = set()
    for name in named:
        parts = name.lower().split()
        found.update(" ".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 2, min(len(parts), a + 3) + 1))
    return frozenset(found)


class Person:
    """Finds persons by form alone; needs no model."""

    name, version = NAME, VERSION

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into normalised `text`."""
        return [Finding(start, end, Kind.PERSON, score, text[start:end]) for start, end, score in self._spans(text)]

    def _spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        if not text.isascii():
            yield from _chinese(text)
        for match in _HONORIFIC.finditer(text):
            start, end = match.span(1)
            if _NO_ONE.match(match.group(1)):
                continue
            if match.group(1).isupper():  # MR CHAN IS HERE
                end = start + len(match.group(1).split(" ")[0])
            yield start, end, 0.85
        for match in _LATIN.finditer(text):
            if _romanised(text, match):
                yield (*match.span(), 0.75)


def _chinese(text: str) -> Iterator[tuple[int, int, float]]:
    for match in _TITLED.finditer(text):
        start = _before_title(text, match.start())
        after = text[match.end() : match.end() + 1]
        if start is not None and (match.group() not in "生太" or not after or after in _AFTER_SHORT):
            yield start, match.end(), 0.85
    for match in _AH.finditer(text):
        if match.group(1) not in _KIN:
            yield (*match.span(), 0.8)
    for match in _FIELD.finditer(text):
        name = words.folded(match.group(1).replace(" ", ""))
        if name[0] in words.surnames()[0] or name[:2] in words.surnames()[0]:
            yield (*match.span(1), 0.9)


def _before_title(text: str, end: int) -> int | None:
    """Where the surname begins that ends at `end`, if one does and nothing but its neighbour belongs to it."""
    for size in (2, 1):
        start = end - size
        if start >= 0 and text[start:end] in _surnames():
            before = text[start - 1 : start]
            return start if not before or before in _BEFORE or not "\u3400" <= before <= "\u9fff" else None
    return None


def _romanised(text: str, match: re.Match[str]) -> bool:
    """Surname, then one or two syllables, in the government's spelling."""
    family, _, first, _, second = (part or "" for part in match.groups())
    surnames, syllables = words.surnames()[1], words.given()[1]
    if family.lower() not in surnames or first.lower() not in syllables:
        return False
    if not second or second.lower() not in syllables:
        return False
    low = match.group().replace(",", "").replace("-", " ").lower()
    return not (_PLACE_AFTER.match(text, match.end()) or low in _places() or " ".join(low.split()[:2]) in _places())


RECOGNISER = Person()
