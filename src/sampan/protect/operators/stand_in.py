"""`[PERSON_1]`: the operator that Sampan uses. Read again in other case, width or spacing, never without brackets.

With a hint it is `[PERSON_1, f]` or `[DATE_OF_BIRTH_1, age 34]`; read with the hint, in another word for it, or without.
"""

import re
from collections.abc import Iterator

from sampan.contract.labels import Kind
from sampan.protect.operators import Seen

NAME = "stand-in"

_OPENING, _CLOSING = "[［【〔﹝", "]］】〕﹞"
_SPACES = "\t\r\n\u00a0\u2002\u2003\u2009\u200a\u200b\u200c\u200d\u2060\u202f\u3000\ufeff"
_LONGEST_GAP = 4
_GAP = rf"[ \\_-]{{0,{_LONGEST_GAP}}}"
_TOO_WIDE = re.compile(rf"[ \\_-]{{{2 * _LONGEST_GAP + 1},}}")
_IGNORED = re.compile(r"[ \\_-]+")
_BY_NAME = {kind.value.replace("_", ""): kind for kind in Kind}
_NAMES = {kind: name for name, kind in _BY_NAME.items()}
_KINDS = "|".join(sorted((_GAP.join(kind.value.split("_")) for kind in Kind), key=len, reverse=True))
_HINT = rf"(?:f(?:emale)?|m(?:ale)?|aged?{_GAP}[0-9]{{1,3}}{_GAP}\+?|[0-9]{{1,3}}{_GAP}\+?{_GAP}[歲岁]|[女男]性?)"
_HINT_BEGUN = re.compile(
    r"(?:F(?:E(?:M(?:A(?:LE?)?)?)?)?|M(?:A(?:LE?)?)?|AG?|AGED?(?:[0-9]{1,3}\+?)?|[0-9]{1,3}\+?[歲岁]?|[女男]性?)?"
)
_FORM = re.compile(
    rf"\[{_GAP}({_KINDS}){_GAP}([0-9]{{1,9}}){_GAP}(?:,{_GAP}{_HINT}{_GAP})?\]", re.IGNORECASE | re.ASCII
)
_OPENS = re.compile(f"[{re.escape(_OPENING)}]")
_FOLD = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, _OPENING), "["),
    **dict.fromkeys(map(ord, _CLOSING), "]"),
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    ord("、"): ",",
}  # fmt: skip
_LONGEST = max(len(name) for name in _BY_NAME) + 9 + len(",aged123+") + 12 * _LONGEST_GAP
"""Characters between the brackets, at most: no kind has more than six words, and a hint has at most four gaps."""


class StandIn:
    """Implements `protect.operators.Operator`."""

    name = NAME

    def write(self, kind: Kind, number: int, hint: str = "") -> str:
        """`[KIND_n]`, or `[KIND_n, hint]`."""
        return f"[{kind._value_}_{number}, {hint}]" if hint else f"[{kind._value_}_{number}]"

    def opens(self, text: str) -> bool:
        """Whether an opening bracket, of any width, is in the text."""
        return "[" in text or (not text.isascii() and _OPENS.search(text) is not None)

    def read(self, text: str) -> Iterator[Seen]:
        """Every stand-in in the text. A backslash before each bracket (Markdown's escape) belongs to it."""
        for at, match in _forms(text):
            start, end = at + match.start(), at + match.end()
            if text[end - 2] == "\\" and text[start - 1 : start] == "\\":
                start -= 1
            name = _IGNORED.sub("", match.group(1)).upper()
            yield Seen(start, end, _BY_NAME[name], int(match.group(2)))

    def pending(self, text: str, highest: dict[Kind, int]) -> int:
        """Where the suffix starts that could become a stand-in which was given out."""
        tail = _folded(text[-_LONGEST - 1 :])  # what opens before that is too long by now
        start = tail.rfind("[")
        if start < 0 or not _may_become(tail[start + 1 :], highest):
            return len(text) - 1 if text.endswith("\\") else len(text)
        start += len(text) - len(tail)
        return start - 1 if text[start - 1 : start] == "\\" else start


def _forms(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Every match of the form, and the place that its offsets count from. Folding is slow, so only what may be one is."""
    if text.isascii():
        yield from ((0, match) for match in _FORM.finditer(_folded(text)))
        return
    after = 0
    for opening in _OPENS.finditer(text):
        at = opening.start()
        match = _FORM.match(_folded(text[at : at + _LONGEST + 2])) if at >= after else None
        if match is not None:
            yield at, match
            after = at + match.end()


def _folded(text: str) -> str:
    """Same length as the text: offsets stay."""
    return text.translate(_FOLD) if not text.isascii() or "\n" in text or "\t" in text or "\r" in text else text


def _may_become(inside: str, highest: dict[Kind, int]) -> bool:
    if len(inside) > _LONGEST or _TOO_WIDE.search(inside):
        return False
    said = _IGNORED.sub("", inside).upper()
    if said.endswith("]"):
        return False
    said, comma, hint = said.partition(",")
    name = said.rstrip("0123456789")
    digits = said[len(name) :]
    if comma and not (digits and _HINT_BEGUN.fullmatch(hint)):
        return False
    for kind, most in highest.items():
        whole = _NAMES[kind]
        if not digits and whole.startswith(name):
            return True
        if name == whole and len(digits) <= 9 and digits[0] != "0" and int(digits) <= most:
            return True
    return False


OPERATOR = StandIn()
