"""Words near a number that say what it is. English, 繁體中文 and written Cantonese, some 简体."""

from ahocorasick_rs import AhoCorasick, MatchKind

from sampan.understand.normalise import SEPARATOR

BEFORE, AFTER = 28, 12
_BETWEEN = (" ", "_", "-", "\t", "\n", "")


class Words:
    """Context words: Latin ones count as whole words, Chinese ones anywhere.

    latin: separated by commas. chinese: separated by spaces. against: words that say it is something else.
    """

    def __init__(self, latin: str, chinese: str = "", *, against: tuple[str, str] = ("", "")) -> None:
        words = dict.fromkeys(_spellings(*against), False)
        words.update(dict.fromkeys(_spellings(latin, chinese), True))
        self._speaks_for = list(words.values())
        self._search = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest)

    def sense(self, window: str, *, last: bool) -> int:
        """What the last word in `window` says, or the first: 1 for, -1 against, 0 when there is none."""
        lower = window.lower()
        if len(lower) != len(window):
            lower = window
        found = self._search.find_matches_as_indexes(lower)
        for word, start, end in reversed(found) if last else found:
            if _whole(lower, start, end):
                return 1 if self._speaks_for[word] else -1
        return 0


def _spellings(latin: str, chinese: str) -> list[str]:
    spaced = [word.strip() for word in latin.split(",") if word.strip()]
    return [*(word.replace(" ", between) for between in _BETWEEN for word in spaced), *chinese.split()]


def _whole(text: str, start: int, end: int) -> bool:
    if not text[start].isascii():
        return True
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (before.isascii() and before.isalpha()) and not (after.isascii() and after.isalpha() and after != "s")


def meaning(text: str, span: tuple[int, int], words: Words) -> int:
    """What the nearest word around `span` says: 1 for, -1 against, 0 when there is none. Words before come first."""
    start, end = span
    window = text[max(0, start - BEFORE) : start]
    before = words.sense(window[window.rfind(SEPARATOR) + 1 :], last=True)
    if before:
        return before
    window = text[end : end + AFTER]
    cut = window.find(SEPARATOR)
    return words.sense(window if cut < 0 else window[:cut], last=False)


def beside(text: str, span: tuple[int, int], words: Words) -> bool:
    """Whether one of the words stands near."""
    return meaning(text, span, words) > 0
