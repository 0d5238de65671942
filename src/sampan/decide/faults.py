"""What is wrong with policy text, where, and what was probably meant. Cedar says what; we find the rest."""

import difflib
import re
from collections.abc import Callable, Iterable

import cedarpy
import orjson

from sampan.decide.source import Fault, Statement, tokens
from sampan.decide.vocabulary import ACTIONS, ATTRIBUTES, ENTITY_TYPES, ENUMERATED, KEYWORDS, METHODS, SCHEMA
from sampan.wording import worded

# Cedar's parser recurses on the native stack: what nests deeper than anybody writes would end the process.
_DEEPEST, _LONGEST = 64, 4000
_TOO_DEEP, _SPLIT = "this policy is nested too deep or too long", "split it into several policies"
_UNEXPECTED = re.compile(r"unexpected token|unexpected end|invalid token")


def parse_fault(statement: Statement) -> Fault | None:
    """The syntax error of one policy, if it has one."""
    if (deep := _too_deep(statement.text)) is not None:
        return statement.fault(deep, _TOO_DEEP, _SPLIT)
    try:
        policies = cedarpy.PolicySet.from_str(statement.text)
    except ValueError as error:
        problem = str(error)
    else:
        if policies.templates():
            return statement.fault(0, "a template (`?principal`, `?resource`) is never asked", "name the entity")
        return None if _converts(statement.text) else statement.fault(0, _TOO_DEEP, _SPLIT)
    if _UNEXPECTED.search(problem):
        return statement.fault(_first_bad(statement.text, _quoted(problem)), problem, _ending(problem))
    word = _quoted(problem) or problem.rsplit(" ", 1)[-1]
    return statement.fault(_find(statement.text, word), problem, _near(word.lstrip("@"), (*KEYWORDS, *METHODS)))


def schema_faults(statement: Statement) -> list[Fault]:
    """What the schema has against one policy that parses."""
    result = cedarpy.validate_policies(statement.text, SCHEMA)
    return [_schema_fault(statement, error.error) for error in result.errors if "applicable action" not in error.error]


def _schema_fault(statement: Statement, message: str) -> Fault:
    problem = re.sub(r"^for policy `policy\d+`[,:] ", "", message)
    for pattern, explain in _EXPLANATIONS:
        if match := re.search(pattern, problem):
            word, told, hint = explain(*match.groups())
            return statement.fault(_find(statement.text, word), told, hint)
    return statement.fault(0, problem)


def _enumerated(kind: str, name: str) -> tuple[str, str, str]:
    known = ENUMERATED.get(kind, ())
    return (
        f'"{name}"',
        worded(f'no {kind} is called "{name}"'),
        _near(name, known) or worded(f"known: {', '.join(known)}"),
    )


def _attribute(name: str) -> tuple[str, str, str]:
    return name, worded(f"no attribute is called `{name}` here"), _near(name, ATTRIBUTES)


def _context(name: str, action: str) -> tuple[str, str, str]:
    if name in ATTRIBUTES:
        return name, worded(f"`{action}` has no `{name}`"), worded("name the actions the rule is for")
    return _attribute(name)


def _action(name: str) -> tuple[str, str, str]:
    return (
        f'"{name}"',
        worded(f'no action is called "{name}"'),
        _near(name, ACTIONS) or worded(f"known: {', '.join(ACTIONS)}"),
    )


def _type(name: str) -> tuple[str, str, str]:
    return name, worded(f"no entity type is called `{name}`"), _near(name, ENTITY_TYPES)


_EXPLANATIONS: tuple[tuple[str, Callable[..., tuple[str, str, str]]], ...] = (
    (r'entity `(\w+)::"([^"]*)"` is of an enumerated', _enumerated),
    (r'attribute `([^`]*)` in context for Action::"(\w+)" not found', _context),
    (r"attribute `([^`]*)` .*not found", _attribute),
    (r'unrecognized action `Action::"([^"]*)"`', _action),
    (r"unrecognized entity type `([^`]*)`", _type),
)


def _near(word: str, known: Iterable[str]) -> str:
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return worded(f"did you mean `{folded[close[0]]}`?") if close and folded[close[0]] != word else ""


def _ending(problem: str) -> str:
    return worded("each policy ends in `;`") if "end of input" in problem else ""


def _quoted(problem: str) -> str:
    match = re.search(r"`([^`]+)`", problem)
    return match.group(1) if match else ""


def _find(text: str, word: str) -> int:
    """Offset of the first token that is `word`, else of the statement."""
    return next((at for at, token in tokens(text) if token in {word, f'"{word}"', word.lstrip("@")}), 0)


def _first_bad(text: str, named: str) -> int:
    """Offset of the token at which the parser gave up.

    Shorter prefixes only lack their end, so the first prefix that fails for another reason ends in it, or
    soon after it where the parser tried to recover: then the error names the token.
    """
    spans = list(tokens(text))
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if _lacks_end(text[: spans[middle][0] + len(spans[middle][1])]):
            low = middle + 1
        else:
            high = middle
    if low == len(spans):
        return len(text)
    return next((at for at, token in reversed(spans[: low + 1]) if token == named), spans[low][0])


def _converts(text: str) -> bool:
    """A chain of `&&` is short to write and deep to read."""
    try:
        orjson.loads(cedarpy.policies_to_json_str(text))
    except ValueError:
        return False
    return True


def _too_deep(text: str) -> int | None:
    """Offset of the token that goes too far, if one does."""
    depth = branches = 0
    for count, (at, token) in enumerate(tokens(text)):
        depth += (token in {"(", "[", "{"}) - (token in {")", "]", "}"})
        branches += token == "if"
        if depth + branches > _DEEPEST or count > _LONGEST:
            return at
    return None


def _lacks_end(prefix: str) -> bool:
    try:
        cedarpy.PolicySet.from_str(prefix)
    except ValueError as error:
        return "unexpected end" in str(error)
    return True
