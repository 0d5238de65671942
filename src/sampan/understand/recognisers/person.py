"""Persons that their own form gives away: 陳生, 阿強, 輝叔, 姓名：…, 兒子費宗翰及…, Mr Chan, CHAN Tai Man.

Source: surnames and given names of Hong Kong in government romanisation, compiled in `data/`. The tagger finds the rest.
"""

import re
from collections.abc import Iterator
from functools import cache

from sampan.contract.labels import Finding, Kind
from sampan.understand import chinese_names, words
from sampan.understand.not_people import without_things
from sampan.understand.persons import in_title

NAME, VERSION = "person", "1.1"

_HONORIFIC = re.compile(
    r"(?<![A-Za-z])(?:[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Mm]dm|[Mm]adam|[Dd]r|[Pp]rof(?:essor)?|[Uu]ncle|[Aa]unt(?:ie|y)|MR|MRS|MS|MISS|MADAM|"
    r"DR)\.?[ ]+((?:[A-Z][A-Za-z\u00c0-\u024f'-]+)(?:[ ][A-Z][A-Za-z\u00c0-\u024f'-]+){0,3})"
)
_NO_ONE = re.compile(
    r"(?:pepper|martens|scholl|seuss|who|strange|doolittle|jekyll|bean|big|muscle|right|universe|world|america|congeniality|"
    r"marple|darcy|potato|robot|chips|oetker|jart|dre|no|evil|and|or|the|for|head|chair|president|speaker|"
    r"tom|sam|ben|fields|bulgaria|hong|saigon|sir|madam|you|your)\b",
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
_SMALL_NAME = re.compile(
    r"(?<![A-Za-z])(?:[Ss]i|[Kk]ay|[Nn]i|[Kk]uya|[Aa]te)[ ](?:(?:Ma['’]?am|Sir|Nanay|Tatay|Lola|Lolo|Ate|Kuya|Tita|Tito|Baby)[ ])?"
    r"([A-Z][a-z]+(?:-[A-Za-z][a-z]+)?(?:[ ][A-Z][a-z]+){0,2})(?!['’])"
)
"""Tagalog marks persons: si, kay, ni."""
_KIN = frozenset(
    ["Nanay", "Tatay", "Lola", "Lolo", "Ate", "Kuya", "Tita", "Tito", "Sir", "Maam", "Mam", "Inay", "Itay"]
)
_TAGALOG = re.compile(
    r"\b(?:ang|ng|po|mga|ako|siya|hindi|opo|lang|kasi|niya|naman|dito|salamat|pangalan)\b", re.IGNORECASE
)


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
        found = {(start, end): score for start, end, score in self._spans(text)}
        persons = [Finding(start, end, Kind.PERSON, score, text[start:end]) for (start, end), score in found.items()]
        return without_things(text, [each for each in persons if not in_title(text, each)])

    def _spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        if not text.isascii():
            yield from chinese_names.spans(text)
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
        if len(_TAGALOG.findall(text)) > 1:
            yield from ((*match.span(1), 0.8) for match in _SMALL_NAME.finditer(text) if match.group(1) not in _KIN)


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
