"""What Sampan says, in the reader's language: one gettext catalogue for pages, commands and errors.

Errors and reasons are English wherever they travel: over HTTP, into a stored conversation, out of a background server's
log. `Wording.read` knows such a sentence again by the catalogue's own text, finds the values in it, and says it anew.
"""

import gettext
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCES = re.compile(r"(?<=[.?!]) ")
_NAME = re.compile(r"`[^`]*`|[A-Z][A-Z0-9_]*")
_LISTS = (("; ", "；"), (": ", "："), (" and ", "及"), (" or ", "或"), (", ", "、"))
_LETTERS = 4
"""Fewer than these between the values, and a template would know too many sentences for its own."""
_LONGEST, _DEPTH = 4000, 4


def worded(text: str) -> str:
    """The same text: a mark for `scripts/translations` that somebody reads it."""
    return text


OF_THE_SYSTEM = (
    worded("No such file or directory"), worded("Permission denied"), worded("Is a directory"), worded("File exists"),
    worded("Not a directory"), worded("No space left on device"), worded("Read-only file system"),
    worded("Connection refused"), worded("File name too long"),
)  # fmt: skip
"""What the system says of a failed call, as far as people meet it in our sentences."""


class Catalogue(gettext.GNUTranslations):
    """A catalogue whose texts can be listed."""

    def ids(self) -> list[str]:
        """The English texts."""
        # gettext offers no list of its own
        known: Mapping[str | tuple[str, int], str] = vars(self)["_catalog"]
        return [text for text in known if isinstance(text, str) and text]


class Wording:
    """A language's texts. `texts` without a list of its own, such as English, says everything as it is."""

    def __init__(self, texts: gettext.NullTranslations) -> None:
        self.texts = texts
        ids = texts.ids() if isinstance(texts, Catalogue) else []
        self._known = frozenset(ids)
        made = [(text, _SLOT.split(text)) for text in ids if _SLOT.search(text)]
        # the most words of its own first: it is the one that was meant
        shaped = sorted(made, key=lambda each: -_own(each[1]))
        self._templates = [(text, parts) for text, parts in shaped if _own(parts) >= _LETTERS]

    @property
    def known(self) -> frozenset[str]:
        """The English texts that have a translation."""
        return self._known

    def text(self, english: str) -> str:
        """A text that stands in the catalogue as it is."""
        return self.texts.gettext(english) if english else ""

    def read(self, said: str, reasons: Mapping[str, str] = {}) -> str:
        """A sentence of an error, a hint or a reason in this language; what nobody translated stays.

        reasons: what rules say in English -> in this language.
        """
        if not self._known or not said or len(said) > _LONGEST:
            return said
        return self._read(said, reasons, _DEPTH) or said

    def _read(self, said: str, reasons: Mapping[str, str], depth: int) -> str | None:
        if not depth:
            return None
        if said in self._known or said in reasons:
            return reasons.get(said) or self.text(said)
        for text, parts in self._templates:
            values = _values(said, parts)
            if values is not None:
                told = {
                    name: self._value(value, parts, place, (reasons, depth)) for place, (name, value) in values.items()
                }
                return "".join(
                    told.get(part, "") if at % 2 else part for at, part in enumerate(_SLOT.split(self.text(text)))
                )
        return self._pieces(said, reasons, depth)

    def _value(self, value: str, parts: list[str], at: int, known: tuple[Mapping[str, str], int]) -> str:
        """A value; what stands between backticks is a name, and stays."""
        named = parts[at - 1].endswith("`") and parts[at + 1].startswith("`")
        if named or not _worth(value, known[0]):
            return value
        return self._read(value, known[0], known[1] - 1) or value

    def _pieces(self, said: str, reasons: Mapping[str, str], depth: int) -> str | None:
        """Several sentences, a sentence whose catalogue text has no full stop, or a list."""
        sentences = _SENTENCES.split(said)
        if len(sentences) > 1:
            read = [self._read(each, reasons, depth - 1) for each in sentences]
            return _joined([each or told for each, told in zip(read, sentences, strict=True)]) if any(read) else None
        if said.endswith("."):
            whole = self._read(said[:-1], reasons, depth - 1)
            return f"{whole}。" if whole else None
        for separator, ours in _LISTS:
            parts = said.split(separator)
            if len(parts) > 1:
                read = [self._read(each, reasons, depth - 1) if _worth(each, reasons) else None for each in parts]
                if any(read) or all(_NAME.fullmatch(each) for each in parts):
                    return ours.join(each or told for each, told in zip(read, parts, strict=True))
        return None


@cache
def wording(folder: str) -> Wording:
    """The texts of a folder of `locales`, such as `zh_Hant_HK`; read when first asked for. Without one: English."""
    return Wording(gettext.translation("sampan", LOCALES, [folder], class_=Catalogue, fallback=True))


def _worth(value: str, reasons: Mapping[str, str]) -> bool:
    """Whether a value may be a sentence: one word is a name, and the catalogue may know it as something else."""
    return " " in value or value in reasons


def _own(parts: list[str]) -> int:
    return sum(character.isalpha() for literal in parts[::2] for character in literal)


def _values(said: str, parts: list[str]) -> dict[int, tuple[str, str]] | None:
    """Place in `parts` -> (name, value), where the sentence has this shape; parts: literal, name, literal, …, literal.

    Each literal is looked for from the left, the last at the end: linear, and found if it can be found at all.
    """
    last = parts[-1]
    if not said.startswith(parts[0]) or not said.endswith(last):
        return None
    found: dict[int, tuple[str, str]] = {}
    at, end = len(parts[0]), len(said) - len(last)
    for place in range(1, len(parts), 2):
        literal = parts[place + 1]
        following = end if place + 2 == len(parts) else said.find(literal, at + 1, end)
        if following <= at:
            return None
        found[place] = (parts[place], said[at:following])
        at = following + len(literal)
    return found


def _joined(sentences: list[str]) -> str:
    """Sentences side by side; a space only after one that ends in a Western stop."""
    told = ""
    for each in sentences:
        told += f" {each}" if told and told[-1].isascii() else each
    return told
