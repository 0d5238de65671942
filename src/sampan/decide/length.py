"""How long an answer will probably be, from what is asked: a word, a sentence, a page. Rules by hand, bounded text."""

import re

from sampan.contract.estimate import Prompt

LONG = 256
"""Tokens of an answer of which nothing else is known."""
BRIEF = 96
"""Tokens up to which an answer is short: the words of a second one can be held against it."""


def _phrase(first: str, rest: str = "") -> str:
    r"""`\bfirst rest\b`, but a search goes from one first letter to the next: one that begins with `\b` tries every place."""
    return rf"{first}(?<!\w{first}){rest}\b"


# of texts in small letters
_BRIEF = re.compile("|".join((
    *(_phrase(many, " (?:word|number|letter)") for many in ("one", "single", "a")),
    *(_phrase(only, " (?:the |a )?(?:answer|result|number|name|word|year|letter|date)") for only in ("only", "just")),
    _phrase("yes", " or no"), _phrase("true", " or false"),
    "淨係(?:要|答)", "只(?:要|需|答|須)", "一個(?:字|詞|數字)", "係(?:定|或|還是)唔?(?:係|是)", "是(?:定|或|還是)唔?(?:係|是)",
    "答(?:係|是|識|啱|對)或",
)))  # fmt: skip
_AT_LENGTH = re.compile("|".join((
    *map(_phrase, ("write", "draft", "compose", "essay", "explain", "describe", "why", "discuss", "compare", "plan", "outline",
                   "story", "poem", "report", "letter", "email", "article")),
    _phrase("step", " by step"), _phrase("in", " detail"), _phrase("list", r" (?:\d\d|all)"), _phrase("pros", " and cons"),
    _phrase("walk", " me through"), _phrase("show", " your work"),
    "寫(?:一?[篇封段首個份]|信|作)", "作文", "解釋", "解释", "點解", "為甚麼", "為什麼", "为什么", "分析", "比較", "比较", "介紹", "介绍",
    "計劃", "计划", "詳細", "详细", "逐步", "步驟", "步骤", "教我", "故事",
)))  # fmt: skip
_ONE_LINE = re.compile("|".join((
    _phrase("one", "[- ]?lin(?:e|er)"), _phrase("command", "s?"), _phrase("query"), _phrase("tag"), "一行", "一句", "指令",
)))  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_CODE = frozenset({"code", "completion"})
_SAME_AGAIN = frozenset({"translation", "rewriting", "extraction"})
_WORKED = frozenset({"word_problem", "maths", "puzzle"})
_WORD_TOKENS, _SENTENCE_TOKENS, _LINE_TOKENS, _SOLUTION_TOKENS = 6, 20, 32, 160
_SHORT_QUESTION, _SHORT_PROBLEM = 40, 20
"""Words, or Chinese characters."""


def likely_tokens(text: str, prompt: Prompt, asked_tokens: int) -> int:
    """Tokens of a likely answer, 1 to `LONG`. text: as the router reads it. asked_tokens: of the prompt."""
    text = text.lower()
    if _BRIEF.search(text):
        return _WORD_TOKENS
    domain = prompt.domains[0][0] if prompt.domains else ""
    return _by_domain(domain, text, asked_tokens) or _by_words(domain, text)


def _by_domain(domain: str, text: str, asked_tokens: int) -> int:
    """Where the kind of work tells; else 0."""
    if domain == "summary":
        return _within(asked_tokens // 4)
    if domain in _SAME_AGAIN:
        return _within(asked_tokens)
    if domain in _CODE:
        return _LINE_TOKENS if _ONE_LINE.search(text) else _SOLUTION_TOKENS
    return 0


def _by_words(domain: str, text: str) -> int:
    if _AT_LENGTH.search(text):
        return LONG
    words = len(_WORD.findall(text))
    if domain in _WORKED and words > _SHORT_PROBLEM:
        return _SOLUTION_TOKENS
    if 0 < words <= _SHORT_QUESTION:
        return _LINE_TOKENS if _ONE_LINE.search(text) else _SENTENCE_TOKENS
    return LONG


def _within(tokens: int) -> int:
    return min(max(tokens, _SENTENCE_TOKENS), LONG)
