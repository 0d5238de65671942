"""Text that was copied out of another: found by comparing every stretch of a certain length, letters and digits alone."""

from collections.abc import Iterator
from unicodedata import normalize

from sampan.understand.words import folded

_HAN_FROM, _HAN_TO = "\u3400", "\u9fff"
_LATIN_RUN, _HAN_RUN = 48, 16
"""Characters, spaces not counted, of the shortest stretch that counts as copied: about eight words."""
LEFT_OUT = "…"


class Original:
    """A text of which no long stretch may be copied; looked through once, whatever is compared with it."""

    __slots__ = ("_letters", "_stretches")

    def __init__(self, text: str) -> None:
        self._letters = letters(text)[0]
        self._stretches: dict[int, set[int]] = {}

    def stretches(self, run: int) -> set[int]:
        """Hashes of every stretch of `run` letters and digits."""
        if run not in self._stretches:
            said = self._letters
            self._stretches[run] = {hash(said[at : at + run]) for at in range(len(said) - run + 1)}
        return self._stretches[run]


def without_copies(text: str, original: Original) -> str:
    """The text, with an ellipsis in the place of every stretch that stands in the original too."""
    return _cut(text, original, whole=True)


def shortened(text: str, original: Original) -> str:
    """The text, of every stretch that stands in the original too only so much as is no long one, and an ellipsis.

    A fact is often said in the words it was read in: `two months' notice in writing`.
    """
    return _cut(text, original, whole=False)


def _cut(text: str, original: Original, *, whole: bool) -> str:
    """whole: nothing of a copy stays; else its beginning, one letter less than makes it long."""
    shown, places = letters(text)
    run = _HAN_RUN if _is_han(shown) else _LATIN_RUN
    known = original.stretches(run)
    copied = bytearray(len(text))
    before = False
    for at in range(len(shown) - run + 1):
        now = hash(shown[at : at + run]) in known
        if now:
            last = places[at + run - 1]
            first = places[at] if whole else places[at + run - 2] + 1 if before else last
            copied[first : last + 1] = b"\1" * (last + 1 - first)
        before = now
    return "".join(_kept(text, copied)) if any(copied) else text


def _kept(text: str, copied: bytearray) -> Iterator[str]:
    gone = False
    for sign, mark in zip(text, copied, strict=True):
        if not mark:
            yield sign
        elif not gone:
            yield LEFT_OUT
        gone = bool(mark)


def letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, in one case, width and Chinese script; and where each stood: a model writes values its way."""
    found = [
        (low, at) for at, sign in enumerate(folded(text)) for low in normalize("NFKC", sign).lower() if low.isalnum()
    ]
    return "".join(low for low, _ in found), [at for _, at in found]


def _is_han(text: str) -> bool:
    return sum(_HAN_FROM <= sign <= _HAN_TO for sign in text) * 3 > len(text)
