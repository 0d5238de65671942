"""A line for the model on how to use stand-ins, put where a dialect puts what the system says.

It is the same text in every request of a language, whatever is masked, so that providers' prompt caches stay valid. What `Hints` may tell
of values follows it, in the order in which the values appear.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from sampan.contract.labels import Finding, Kind, Passage
from sampan.contract.request import Dialect, Json
from sampan.protect.hints import NONE, Hints
from sampan.protect.known import Known

EN, ZH = "en", "zh"
TEXTS = {
    EN: "Words such as [PERSON_1] or [PHONE_1] stand for real values. Use them as if they were the values, and copy them exactly as written, "
    "brackets included.",
    ZH: "[PERSON_1]、[PHONE_1] 這類字眼代表真實的資料。請當作真實資料使用，並且原樣照抄，連方括號一起。",
}
"""Language -> the line."""
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_LETTERS = 3
"""Latin letters that say as much as one Chinese character, roughly."""


class Telling(NamedTuple):
    """What the model is told besides the stand-ins. guided: how to use them. hints: something of their values."""

    guided: bool = False
    hints: Hints = NONE


SILENT = Telling()


class Guidance(NamedTuple):
    """What was added to one body. hints: kind -> stand-ins of which something was told."""

    language: str
    text: str
    hints: dict[str, int]


def reaches(dialect: Dialect) -> bool:
    """Whether a dialect has a place for what the system says, and an answer in which it matters."""
    return dialect in _PLACES


def guidance(passages: Iterable[Passage], kinds: frozenset[Kind], known: Known, hints: Hints) -> Guidance:
    """The line for a body in which these kinds are masked, in the language of the first text with something to mask."""
    masked = [(each, passage) for passage in passages for each in passage.findings if each.kind in kinds]
    language = _language(masked[0][1].text) if masked else EN
    told: dict[tuple[Kind, str], str] = {}
    if hints:
        for each, _ in masked:
            told.setdefault((each.kind, each.text), _told(each, known, hints, language))
    counts: dict[str, int] = {}
    for (kind, _), sentence in told.items():
        if sentence:
            counts[kind.value] = counts.get(kind.value, 0) + 1
    said = [TEXTS[language], *filter(None, told.values())]
    return Guidance(language, ("" if language == ZH else " ").join(said), counts)


def _told(each: Finding, known: Known, hints: Hints, language: str) -> str:
    return hints.sentence(each.kind, each.text, known.stand_in(each.kind, each.text), language)


def _language(text: str) -> str:
    """Chinese where the text has more of it than of anything in Latin letters."""
    return ZH if len(_HAN.findall(text)) * _LETTERS > len(_LATIN.findall(text)) else EN


def added(body: Json, dialect: Dialect, text: str) -> Json:
    """The body with a text for the system behind what the caller says there; the body itself is not changed."""
    return {**body, **_PLACES[dialect](body, text)}


def _to_chat(body: Json, text: str) -> Json:
    given = body.get("messages")
    messages = list(given) if isinstance(given, list) else []
    first = messages[0] if messages else None
    if isinstance(first, dict) and first.get("role") in ("system", "developer"):
        messages[0] = {**first, "content": _behind(first.get("content"), text)}
    else:
        messages.insert(0, {"role": "system", "content": text})
    return {"messages": messages}


def _to_messages(body: Json, text: str) -> Json:
    return {"system": _behind(body.get("system"), text)}


def _to_responses(body: Json, text: str) -> Json:
    """An item before the others: `instructions` come back in the answer, where the caller would read it."""
    given = body.get("input")
    items = given if isinstance(given, list) else [{"role": "user", "content": given}]
    return {"input": [{"role": "developer", "content": text}, *items]}


def _behind(content: Any, text: str) -> Any:
    if isinstance(content, list):
        return [*content, {"type": "text", "text": text}]
    return f"{content}\n\n{text}" if content else text


_PLACES = {
    Dialect.CHAT: _to_chat,
    Dialect.MESSAGES: _to_messages,
    Dialect.COUNT_TOKENS: _to_messages,
    Dialect.RESPONSES: _to_responses,
}
