"""Whether an answer says that it will not or cannot answer. English, 繁體, 粵語, 简体."""

import re

_LOOKED_AT = 300
"""Characters from the start: a refusal begins an answer; later on the same words may be part of a letter."""
_SIGNS = re.compile(
    r"\b(?:i|we)(?:'|’| a)?m (?:really |very |so |deeply )?(?:sorry|unable|not able)\b[^.]{0,60}"
    r"\b(?:can't|can’t|cannot|unable|not able|don't|won't)"
    r"|\b(?:i|we) (?:can ?not|can't|can’t|am unable to|am not able to|won't|will not|must decline) "
    r"(?:assist|help|answer|provide|do that|fulfil|comply|discuss|create|generate|access|browse|see|view|open|read|determine|give)"
    r"|\bas an? (?:ai|artificial intelligence|language model|llm)\b"
    r"|\bi(?:'m| am) (?:just |only )?an? (?:ai|language model)\b"
    r"|\bi (?:do not|don't|don’t) (?:have|know) (?:access|enough|the (?:ability|answer|information|capability)|any information|real-time)"
    r"|\b(?:i )?(?:need|require) more (?:information|context|details)\b"
    r"|(?:抱歉|對不起|对不起|唔好意思|不好意思|好抱歉)[^。！？\n]{0,30}(?:不能|無法|无法|唔能夠|冇辦法|沒辦法|没办法|未能|唔可以|不可以|幫唔到|幫不到|答唔到|不清楚|唔清楚|不知道|唔知)"
    r"|我(?:是|係|只是|只係|作為|作为)(?:一個|一個|一个|個)?(?:AI|人工智能|人工智慧|語言模型|语言模型|大型語言模型|大语言模型)"
    r"|作(?:為|为)(?:一個|一个)?(?:AI|人工智能|人工智慧|語言模型|语言模型)"
    r"|我(?:無法|无法|冇辦法|沒有辦法|未能|不能|唔能夠|幫唔到|答唔到)(?:提供|回答|回覆|协助|協助|幫|帮|完成|訪問|访问|存取|查看|睇|為|为|你)",
    re.IGNORECASE,
)


def refusal(answer: str) -> float:
    """1 where the answer begins with a refusal, else 0."""
    return float(_SIGNS.search(answer[:_LOOKED_AT]) is not None)
