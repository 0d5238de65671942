"""Takes back persons that are brands, programs, works or terms: `data/not_people.txt`, and what stands in a row with such."""

import re
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from sampan.contract.labels import Finding, Kind
from sampan.understand import words

_ITEM = r"[A-Za-z][A-Za-z0-9.+#'-]{0,30}"
_GLUE = r"(?:,[ ](?:and[ ]|or[ ])?|[ ](?:and|or|vs\.?|versus)[ ]|[ ]?[&/、，][ ]?|[ ]?[同定和或与跟][ ]?)"
_ROW = re.compile(rf"(?<![A-Za-z0-9]){_ITEM}(?:{_GLUE}{_ITEM}){{1,12}}")
_BESIDE = 120
"""How far on both sides of a name its row is looked for."""
_ENOUGH = 2
"""Things in a row that make the others things too."""


@cache
def _things() -> tuple[AhoCorasick, frozenset[str]]:
    """What counts anywhere, and what counts in a row (small)."""
    entries = [words.folded(line) for line in words.lines("not_people.txt")]
    alone = [each for each in entries if not each.startswith("~")]
    return AhoCorasick(alone, matchkind=MatchKind.LeftmostLongest), frozenset(
        each.lstrip("~").lower() for each in entries
    )


def without_things(text: str, found: list[Finding]) -> list[Finding]:
    """`found` without persons in `text` (normalised) that are none."""
    if not any(each.kind is Kind.PERSON for each in found):
        return found
    folded = words.folded(text)
    things = [span for _, *span in _things()[0].find_matches_as_indexes(folded) if _whole(text, *span)]
    return [each for each in found if each.kind is not Kind.PERSON or not (_in(each, things) or _in_row(folded, each))]


def _whole(text: str, start: int, end: int) -> bool:
    """Latin entries count as whole words only."""
    sides = (
        text[start - 1 : start] if text[start].isascii() else "",
        text[end : end + 1] if text[end - 1].isascii() else "",
    )
    return not any(side.isascii() and side.isalnum() for side in sides)


def _in(each: Finding, spans: list[list[int]]) -> bool:
    return any(start <= each.start and each.end <= end for start, end in spans)


def _in_row(folded: str, each: Finding) -> bool:
    """Whether it is one Latin word in a row like `Ruby, Julia, Perl and Haskell`, of which enough is known to be a thing."""
    if not each.text.isascii() or " " in each.text:
        return False
    low = max(0, each.start - _BESIDE)
    for match in _ROW.finditer(folded, low, each.end + _BESIDE):
        if match.start() <= each.start and each.end <= match.end():
            items = {item.lower() for item in re.findall(_ITEM, match.group())}
            return len(items & _things()[1]) >= _ENOUGH
    return False
