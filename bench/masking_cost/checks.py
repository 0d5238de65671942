"""Exact checks of an answer. Each is a list, its name first; an answer is right when all hold.

has TEXT; not TEXT; any TEXT ...; word A|B (a whole word, any case); noword A|B; number N (the only number, or the last one);
json OBJECT (the first object in the answer has exactly these members). Widths, Simplified for Traditional characters and spaces
between digits make no difference: they are the model's way of writing, not what masking costs.
"""

import json
import re
import unicodedata

import opencc

_SIMPLE = opencc.OpenCC("t2s")


def folded(text):
    return re.sub(r"(?<=\d) (?=\d)", "", _SIMPLE.convert(unicodedata.normalize("NFKC", text)))


def _object(text):
    start = text.find("{")
    try:
        return json.JSONDecoder().raw_decode(text[start:])[0] if start >= 0 else None
    except json.JSONDecodeError:
        return None


def _word(text, words):
    return re.search(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", text, re.IGNORECASE) is not None


def _number(text, wanted):
    found = re.findall(r"\d+", text)
    return bool(found) and (found[-1] == wanted or set(found) == {wanted})


def holds(check, answer):
    """Whether one check holds."""
    name, *given = check
    text = folded(answer)
    if name == "json":
        return _object(text) == {key: folded(value) for key, value in given[0].items()}
    if name == "number":
        return _number(text, given[0])
    if name in ("word", "noword"):
        return _word(text, given[0]) is (name == "word")
    found = [folded(each) in text for each in given]
    return {"has": all(found), "not": not any(found), "any": any(found)}[name]


def right(task, answer):
    """Whether an answer passes every check of its task."""
    return all(holds(check, answer) for check in task["checks"])
