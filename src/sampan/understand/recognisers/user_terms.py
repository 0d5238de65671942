"""Words that the user or the organisation gave: names, projects, customers. `KIND:word` chooses a kind."""

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, MatchKind

from sampan.contract.labels import Finding, Kind
from sampan.understand.normalise import normalise

NAME, VERSION = "user_terms", "1.0"


class UserTerms:
    """Finds given words, whatever their case or width; Latin words only as whole words."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.name, self.version = NAME, VERSION
        kinds: dict[str, Kind] = {}
        for term in terms:
            kind, word = _split(term)
            folded = _fold(normalise(word.strip()).text)
            if folded:
                kinds.setdefault(folded, kind)
        self._kinds = list(kinds.values())
        self._search = AhoCorasick(list(kinds), matchkind=MatchKind.LeftmostLongest) if kinds else None

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into `text`."""
        if self._search is None:
            return []
        return [
            Finding(start, end, self._kinds[which], 0.98, text[start:end])
            for which, start, end in self._search.find_matches_as_indexes(_fold(text))
            if _whole(text, start, end)
        ]


def _split(term: str) -> tuple[Kind, str]:
    head, colon, rest = term.partition(":")
    if colon and head.strip() in Kind.__members__:
        return Kind[head.strip()], rest
    return Kind.USER_TERM, term


def _fold(text: str) -> str:
    """Lower case with one character for each; a few characters grow in lower case and are kept."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _whole(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    cut_before = first.isascii() and first.isalnum() and before.isascii() and before.isalnum()
    return not (cut_before or (last.isascii() and last.isalnum() and after.isascii() and after.isalnum()))
