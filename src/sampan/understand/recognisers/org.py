"""Organisations: public bodies and large companies by name, others by Ltd, 有限公司, 中學, 醫院 and the like.

Source: `data/bodies.txt`, compiled by us; company suffixes of Hong Kong's Companies Ordinance. Told, not masked by default.
"""

import re
from collections.abc import Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from sampan.contract.labels import Finding, Kind
from sampan.understand import words

NAME, VERSION = "org", "1.0"

_STOP = "的嘅在喺於由是係為和與及向從致往到至給被俾畀同跟去返入做職了咗話請叫問間家位即前因對將把經以並或而即由赴"
_BODY = rf"[^\W\d_{_STOP}\x00-\x7f]"
_CHINESE = re.compile(rf"{_BODY}{{2,14}}(?:\(香港\)|\(亞洲\)|\(中國\))?(?:股份|控股|集團)?有限公司")
_SUFFIX = (
    r"(?:Limited|Ltd\.?|LLP|LLC|Inc\.?|Corporation|Corp\.?|plc|GmbH|Pte\.?[ ]Ltd\.?|Co\.,?[ ]Ltd\.?|Company[ ]Limited)"
)
_ENGLISH = re.compile(
    rf"(?<![\w])(?:[A-Z][\w'’.-]*|&)(?:[ ](?:[A-Z][\w'’.-]*|&|of|\([A-Z][\w ]*\))){{0,5}},?[ ]{_SUFFIX}(?!\w)"
)


@cache
def _bodies() -> AhoCorasick:
    names = words.lines("bodies.txt")
    return AhoCorasick(sorted({*names, *(words.folded(name) for name in names)}), matchkind=MatchKind.LeftmostLongest)


class Org:
    """Finds organisations by list and form; needs no model."""

    name, version = NAME, VERSION

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into normalised `text`."""
        return [Finding(start, end, Kind.ORG, score, text[start:end]) for start, end, score in self._spans(text)]

    def _spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        for _, start, end in _bodies().find_matches_as_indexes(text):
            if _whole(text, start, end):
                yield start, end, 0.8
        for match in _CHINESE.finditer(text):
            yield (*match.span(), 0.8)
        for match in _ENGLISH.finditer(text):
            yield (*match.span(), 0.85)


def _whole(text: str, start: int, end: int) -> bool:
    """Latin names count as whole words only."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if not text[start].isascii():
        return True
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


RECOGNISER = Org()
