"""Which of Hong Kong's three regions an address is in. Source of the places: `areas.txt`."""

import re
from functools import cache
from importlib import resources

_LATIN = re.compile(r"[A-Za-z]")
_ROAD = r"(?! ?(?:[道街路徑里]|(?:Road|Rd|Street|St|Avenue|Lane|Path)\b))"
"""What makes a place the name of a road: Tai Po Road begins in Kowloon."""


def area_of(address: str, language: str) -> str:
    """Its name in `zh`, or in English for every other language; nothing when the address names places of none, or of several."""
    found = {region for region, places in _regions() if places.search(address)}
    if len(found) != 1:
        return ""
    english, _, chinese = found.pop().partition("|")
    return chinese if language == "zh" else english


@cache
def _regions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each region, and a pattern of its places."""
    text = resources.files("sampan.protect").joinpath("areas.txt").read_text("utf-8")
    named: dict[str, list[str]] = {}
    region = ""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if "|" in line:
            region = line
            named[region] = []
        else:
            named[region] += line.split(", ")
    return tuple((region, _one_of(places)) for region, places in named.items())


def _one_of(places: list[str]) -> re.Pattern[str]:
    latin = "|".join(re.escape(each) for each in places if _LATIN.search(each))
    chinese = "|".join(each for each in places if not _LATIN.search(each))
    return re.compile(rf"(?:(?<![A-Za-z])(?:{latin})(?![A-Za-z])|{chinese}){_ROAD}", re.IGNORECASE)
