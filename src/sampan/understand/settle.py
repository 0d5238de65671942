"""What the tagger found, settled kind by kind: addresses grown, persons cut, general words taken back."""

import re
from functools import cache

from sampan.contract.labels import Finding, Kind
from sampan.understand import address_edges, name_rows, persons, words
from sampan.understand.not_people import without_things

_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_LABEL = re.compile(
    r"(?:裝修|装修|保險|保险|物業|物业|管理|搬屋|地產|貿易|僱主|公司|機構)?(?:公司|機構|學校|醫院|部門)(?:名稱)?\Z"
)
"""Labels of a form."""
_LATIN = re.compile(r"[\x00-\u024f]+\Z")


@cache
def _general() -> frozenset[str]:
    """Words for any organisation (folded)."""
    return frozenset(words.folded(each) for each in words.listed("general_orgs"))


def settled(text: str, found: list[Finding]) -> list[Finding]:
    """Findings of the tagger in `text` (normalised), as they are told."""
    found = persons.settled(text, address_edges.settled(text, found))
    found = [part for each in found for part in (_orgs(text, each) if each.kind is Kind.ORG else [each])]
    return found + without_things(text, name_rows.beside(text, found))


def _orgs(text: str, each: Finding) -> list[Finding]:
    """The named ones in what was found; Chinese names do not go on behind a gap."""
    start, end = each.start, each.end
    gap = _GAP.search(each.text)
    if gap is not None:
        start += gap.end()
    name = text[start:end]
    return [Finding(start, end, each.kind, each.score, name)] if is_somebody(name) else []


def is_somebody(name: str) -> bool:
    """Whether an organisation is named, not a word for any."""
    if _LATIN.match(name):
        return any(char.isupper() for char in name) and any(char.islower() or char.isupper() for char in name[:1])
    return words.folded(name).strip() not in _general() and not _LABEL.match(name)
