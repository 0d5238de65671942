"""Whether an answer is in another language than the question, where no translation was asked for."""

import re

_LOOKED_AT = 8_000
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+", re.DOTALL)
_TRANSLATES = re.compile(
    r"\b(?:translat\w*|in (?:english|chinese|cantonese|mandarin)|into (?:english|chinese|cantonese))\b"
    r"|翻譯|翻译|譯成|译成|譯做|譯為|英文|英語|中文|廣東話|粵語|普通話|書面語|英譯|中譯|in eng",
    re.IGNORECASE,
)
_SURE = 0.75
"""Share of one script from which a text is in its language; in between it is mixed, as people here write."""


def other_language(question: str, answer: str) -> float:
    """1 where a question in Chinese got an answer in English or the other way round, else 0."""
    if _TRANSLATES.search(question[:_LOOKED_AT]):
        return 0.0
    asked, told = _chinese(question), _chinese(answer)
    if asked is None or told is None:
        return 0.0
    return float((asked >= _SURE and told <= 1 - _SURE) or (asked <= 1 - _SURE and told >= _SURE))


def _chinese(text: str) -> float | None:
    """Share of a text's words that are Chinese, a character counted as half a word; None: too little to say."""
    prose = _CODE.sub(" ", text[:_LOOKED_AT])
    chinese, latin = len(_HAN.findall(prose)) / 2, len(_LATIN.findall(prose))
    return chinese / (chinese + latin) if chinese + latin >= 3 else None
