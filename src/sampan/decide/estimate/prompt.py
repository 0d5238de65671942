"""Domains, difficulty and traits of a prompt. Its text is read once and not kept."""

import re
from functools import cache

from sampan.contract.estimate import Prompt

HEAD, TAIL = 3000, 1500
"""Characters read at the beginning and the end; what lies between is not looked at."""

_CUES = {
    "code": re.compile(
        r"```|\bdef \w+\(|\b(?:function|python|javascript|sql|code|regex|class|bug|compile)\b|程式|代碼|編程",
        re.IGNORECASE,
    ),
    "maths": re.compile(
        r"\\(?:frac|sum|int|sqrt)|\b(?:equation|integral|prove|theorem|polynomial|matrix)\b|方程|證明|積分"
    ),
    "word_problem": re.compile(r"\bhow (?:many|much)\b.*\?|幾多|多少", re.IGNORECASE | re.DOTALL),
    "translation": re.compile(r"\btranslat|翻譯|譯做|譯成", re.IGNORECASE),
    "writing": re.compile(
        r"\b(?:write|draft|compose)\b.*\b(?:email|letter|essay|story|poem|speech)\b|幫我寫|起草|撰寫", re.IGNORECASE
    ),
    "summary": re.compile(r"\bsummar|\btl;?dr\b|摘要|總結|撮要", re.IGNORECASE),
}


class PromptReader:
    """Reads prompts. Safe to use from many threads."""

    @classmethod
    def default(cls) -> "PromptReader":
        """The reader that is shipped, loaded once."""
        return _shipped()

    def read(self, text: str, language: str) -> Prompt:
        """What the prompt looks like. language: as in `contract.estimate.Prompt`; taken as told."""
        return self.look(text, language)[0]

    def look(self, text: str, language: str) -> tuple[Prompt, bytes]:
        """The same with its traits: one signed byte each, what a head weighs. They hold no text."""
        seen = text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"
        found = [domain for domain, cue in _CUES.items() if cue.search(seen)]
        domains = tuple((domain, 0.9 / len(found)) for domain in found)
        return Prompt(domains, _bin(seen), language), b""


def _bin(text: str) -> int:
    return sum(len(text) > size for size in (60, 200, 600, 1500))


@cache
def _shipped() -> PromptReader:
    return PromptReader()
