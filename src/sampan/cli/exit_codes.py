"""Exit codes: one table, from which the reference is checked."""

from enum import IntEnum

from sampan.contract import errors
from sampan.contract.errors import SampanError


class Exit(IntEnum):
    """How a command ended."""

    OK = 0
    ERROR = 1
    USAGE = 2
    REFUSED = 3
    APPROVAL = 4
    UNAVAILABLE = 5
    BUDGET = 6
    AUTH = 7
    INTERRUPTED = 130


MEANING: dict[Exit, str] = {
    Exit.OK: "done",
    Exit.ERROR: "failed; the message says why",
    Exit.USAGE: "wrong usage or wrong settings",
    Exit.REFUSED: "refused by policy",
    Exit.APPROVAL: "waits for an approval",
    Exit.UNAVAILABLE: "a place, a model or Sampan itself is not available",
    Exit.BUDGET: "the budget is spent",
    Exit.AUTH: "no valid key, or not allowed",
    Exit.INTERRUPTED: "interrupted",
}
_BY_STATUS = {401: errors.Unauthenticated, 403: errors.Forbidden, 404: errors.NotFound, 501: errors.NotOffered}


def error_classes() -> dict[str, type[SampanError]]:
    """Code -> class, over the whole tree."""
    found: dict[str, type[SampanError]] = {}
    waiting: list[type[SampanError]] = [SampanError]
    while waiting:
        kind = waiting.pop()
        if kind.__module__ == errors.__name__:
            found.setdefault(kind.code, kind)
            waiting.extend(kind.__subclasses__())
    return found


def error_of(status: int, code: str) -> type[SampanError]:
    """The class of an error that came over HTTP: by its code, else by its status."""
    known = error_classes().get(code)
    if known is not None and known is not SampanError:
        return known
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 0:
        return SampanError
    return errors.UsageError if status < 500 else errors.Unavailable
