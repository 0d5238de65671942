"""Answers in the caller's Chinese script: what drifts into Simplified is put back into Hong Kong Traditional, in streams.

Nothing is touched before the first Simplified character, nor a run that is Traditional, nor code, nor JSON. Source of the conversion:
OpenCC's `t2s` and `s2hk` tables (through Simplified, since `s2hk` alone misreads words that are Traditional already).
"""

from functools import cache, lru_cache
from typing import Any

_CONTEXT = 6
"""Characters looked at on either side: OpenCC's phrases are mostly of two to four."""


@lru_cache(maxsize=8192)
def _encodes(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def simplified(character: str) -> bool:
    """True for a character that only Simplified text uses: in GB 2312 and not in Big5."""
    return _han(character) and _encodes(character, "gb2312") and not _encodes(character, "big5")


def traditional(character: str) -> bool:
    """True for a character that only Traditional or Cantonese text uses: in Big5 with HKSCS and not in GB 2312."""
    return _han(character) and _encodes(character, "big5hkscs") and not _encodes(character, "gb2312")


def wants_traditional(text: str) -> bool:
    """True when a text has Traditional-only characters and no Simplified-only ones."""
    return any(map(traditional, text)) and not any(map(simplified, text))


@cache
def _tables() -> tuple[Any, Any] | None:
    try:
        import opencc  # noqa: PLC0415 - an optional extra
    except ImportError:
        return None
    return opencc.OpenCC("t2s"), opencc.OpenCC("s2hk")


def convert(text: str) -> str:
    """Convert one run of Chinese; unchanged without OpenCC."""
    tables = _tables()
    if tables is None:
        return text
    to_simplified, to_hong_kong = tables
    return str(to_hong_kong.convert(to_simplified.convert(text)))


class ScriptStream:
    """Converts a stream of text pieces. What was fed comes out in order, at most a few characters late."""

    def __init__(self) -> None:
        self._run = ""
        """The current run of Chinese: `_given` characters already handed out, then those still held."""
        self._given = 0
        self._ticks = 0
        self._fence = 0
        """Length of the backtick run that opened the code we are in, 0 outside code."""
        self._json: bool | None = None
        self._drifted = False

    def feed(self, text: str) -> str:
        """Take the next piece, return what can be handed out."""
        if self._json is None and (begun := text.lstrip()):
            self._json = begun[0] in "{["
        if self._json:
            return text
        return "".join(map(self._character, text)) + self._ripe()

    def finish(self) -> str:
        """Return what is still held."""
        return self._flush()

    def _character(self, character: str) -> str:
        if character == "`":
            self._ticks += 1
            return self._flush() + character
        if self._ticks:
            self._turn()
        if self._fence in (1, 2) and character == "\n":
            self._fence = 0
        if self._fence or not _han(character):
            return self._flush() + character
        self._run += character
        return ""

    def _turn(self) -> None:
        """A run of backticks has ended: it opens code, or closes it when as long as the one that opened it."""
        if not self._fence:
            self._fence = self._ticks
        elif self._ticks >= self._fence:
            self._fence = 0
        self._ticks = 0

    def _flush(self) -> str:
        out = self._converted()[self._given :] if self._run else ""
        self._run, self._given = "", 0
        return out

    def _ripe(self) -> str:
        """Hand out what has enough text after it, keep a little of it as context for the rest."""
        end = len(self._run) - _CONTEXT
        if end <= self._given:
            return ""
        out = self._converted()[self._given : end]
        cut = max(end - _CONTEXT, 0)
        self._run, self._given = self._run[cut:], end - cut
        return out

    def _converted(self) -> str:
        """The run in Traditional: when it holds a Simplified character, or could be either after others did."""
        if any(map(simplified, self._run)):
            self._drifted = True
        elif not self._drifted or any(map(traditional, self._run)):
            return self._run
        changed = convert(self._run)
        return changed if len(changed) == len(self._run) else "".join(map(convert, self._run))
