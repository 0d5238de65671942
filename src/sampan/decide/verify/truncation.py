"""Whether an answer stops before its end."""

import re

_ENDS = re.compile(r"[.!?。！？…:：;；)）\]】\"'”’」』>*_~`|}\d%]\s*\Z")
_HANGS = re.compile(
    r"(?:[,，、(（\[「『“=+\-/]|\b(?:and|or|the|a|an|of|to|in|with|for|is|are|that|which|because|but)|[的嘅和同與及或在係是將把被比])\s*\Z",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^\s*```", re.MULTILINE)
_BRACKETS = (("<<", ">>"), ("(", ")"), ("（", "）"), ("「", "」"), ("《", "》"))
_LONG = 200
"""Characters above which a text without any closing mark looks cut; a short answer may well be one word."""


def truncated(answer: str, finish: str, *, limited: bool) -> float:
    """1: the engine says so, or a code block is open. 0.5: the last sentence seems cut. 0: it ends.

    limited: the caller set the limit; reaching it says nothing about the model.
    """
    if finish == "length":
        return 0.0 if limited else 1.0
    if len(_FENCE.findall(answer)) % 2:
        return 1.0
    text = answer.rstrip()
    hanging = (
        bool(_HANGS.search(text[-16:]))
        or _open(text)
        or (len(text) > _LONG and not _ENDS.search(text[-4:]) and _prose(text))
    )
    return 0.5 if text and hanging else 0.0


def _open(text: str) -> bool:
    """Whether the last line ends inside brackets."""
    last = text[text.rfind("\n") + 1 :]
    return len(last) > 20 and any(last.count(one) > last.count(two) for one, two in _BRACKETS)


def _prose(text: str) -> bool:
    """Whether the last line is a sentence, not an item of a list, a line of a table or of code."""
    last = text[text.rfind("\n") + 1 :].lstrip()
    return len(last) > 40 and not last.startswith(("-", "*", "•", "|", "#", ">", "+")) and not last[:1].isdigit()
