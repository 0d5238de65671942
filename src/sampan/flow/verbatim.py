"""Text that was copied out of another: found by comparing every stretch of a certain length, space and case aside."""

from collections.abc import Iterator

_HAN_FROM, _HAN_TO = "\u3400", "\u9fff"
_LATIN_RUN, _HAN_RUN = 48, 16
"""Characters, spaces not counted, of the shortest stretch that counts as copied: about eight words."""
LEFT_OUT = "…"


def without_copies(text: str, source: str) -> str:
    """The text, with an ellipsis in the place of every stretch that stands in the source too."""
    shown, places = _folded(text)
    run = _HAN_RUN if _is_han(shown) else _LATIN_RUN
    original = _folded(source)[0]
    known = {hash(original[at : at + run]) for at in range(len(original) - run + 1)}
    copied = bytearray(len(text))
    for at in range(len(shown) - run + 1):
        if hash(shown[at : at + run]) in known:
            first, last = places[at], places[at + run - 1]
            copied[first : last + 1] = b"\1" * (last + 1 - first)
    return "".join(_kept(text, copied)) if any(copied) else text


def _kept(text: str, copied: bytearray) -> Iterator[str]:
    gone = False
    for sign, mark in zip(text, copied, strict=True):
        if not mark:
            yield sign
        elif not gone:
            yield LEFT_OUT
        gone = bool(mark)


def _folded(text: str) -> tuple[str, list[int]]:
    """Letters and digits in lower case, and where each stood."""
    found = [(low, at) for at, sign in enumerate(text) if sign.isalnum() for low in sign.lower()]
    return "".join(sign for sign, _ in found), [at for _, at in found]


def _is_han(text: str) -> bool:
    return sum(_HAN_FROM <= sign <= _HAN_TO for sign in text) * 3 > len(text)
