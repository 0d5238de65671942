"""Failures that nobody expected: told by place, never by their text."""

import logging
import traceback
from pathlib import Path

from sampan.contract.errors import SampanError

log = logging.getLogger("sampan.serve")
_STEPS = 6


def unexpected(error: BaseException, receipt: str = "") -> SampanError:
    """Log where an unexpected failure happened, and make the error to answer with.

    The text of an exception may quote what somebody sent; it goes neither into the log nor to the caller.
    """
    places = [f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)]
    log.error("unexpected %s at %s %s", type(error).__name__, " > ".join(places[-_STEPS:]), receipt)
    known = SampanError("Something went wrong inside Sampan; nothing more was sent.")
    known.receipt = receipt
    return known
