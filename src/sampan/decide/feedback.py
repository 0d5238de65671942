"""What somebody says of an answer: who may, how often, and what it counts for."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from sampan.contract.errors import BadRequest, NotFound
from sampan.contract.estimate import Prompt
from sampan.contract.models import Model
from sampan.contract.request import Json, Principal
from sampan.contract.storage import LearnedStore
from sampan.decide.learning import Learner

KINDS: dict[str, tuple[float | None, float]] = {
    "up": (1.0, 1.0),
    "down": (0.0, 1.0),
    "regenerate": (0.0, 0.5),
    "edit": (None, 0.5),
    "copy": (1.0, 0.3),
    "test": (None, 1.0),
}
"""What was said -> its outcome, None where `value` tells it, and how much that says."""
LONGEST_S = 30 * 86400.0
"""A receipt older than this is no longer learned from."""
MOST_A_DAY = 500
"""What one asker may say in a day: nobody steers everybody's router."""
_DAY_S = 86400.0


class Feedback:
    """Takes in what people say of answers. Calls wait for the disk: not for the event loop.

    receipt_of: a receipt by its id; raises NotFound.
    """

    def __init__(self, learner: Learner, store: LearnedStore, receipt_of: Callable[[str], Json]) -> None:
        self._learner, self._store, self._receipt_of = learner, store, receipt_of

    def said(self, asker: Principal | None, receipt_id: str, kind: str, value: float | None = None) -> Json:
        """Learn from one thing said of one answer; the same thing said again changes nothing.

        asker: None for the owner of this Sampan. value: for `edit` the share that was changed, for `test` the share passed.

        Raises:
            NotFound: no such receipt of this asker, or it is too old. BadRequest: no such kind, a value out of range,
                an answer that was not chosen by expectation, or too much said today. StorageFull: no room.
        """
        outcome, weight = _outcome(kind, value)
        receipt = self._receipt(asker, receipt_id)
        model = self._model(receipt)
        look = self._learner.look_of(receipt_id, prompt_of(receipt["route"]))
        who = receipt.get("who", {})
        by = f"{who.get('user', '')}/{who.get('key', '')}"
        now = time.time()
        if self._store.said_since(by, now - _DAY_S) >= MOST_A_DAY:
            raise BadRequest(f"{MOST_A_DAY} answers a day can be judged; the next one tomorrow.")
        counted = self._store.claim(receipt_id, kind, by, now)
        if counted:
            self._learner.learn(model, look, outcome, weight)
            self._learner.settle()
        return {"receipt": receipt_id, "kind": kind, "model": model.name, "counted": counted,
                "labels": self._learner.labels(model.name)}  # fmt: skip

    def _receipt(self, asker: Principal | None, receipt_id: str) -> Json:
        receipt = self._receipt_of(receipt_id)
        who = receipt.get("who", {})
        if asker is not None and (asker.user, asker.key) != (who.get("user"), who.get("key", "")):
            raise NotFound("No such receipt.")
        if _age(receipt) > LONGEST_S:
            raise NotFound("This receipt is too old to learn from.", hint="Judge answers of the last 30 days.")
        if not isinstance(receipt.get("route"), dict) or "prompt" not in receipt["route"]:
            raise BadRequest(
                "There is nothing to learn from this one: its model was not chosen by what was expected of it.",
                hint="Ask `auto`, with more than one model allowed.",
                param="receipt",
            )
        if receipt.get("end") != "complete":
            raise BadRequest("This request was not answered to the end.", param="receipt")
        return receipt

    def _model(self, receipt: Json) -> Model:
        name = str(receipt["route"].get("model", ""))
        found = self._learner.model(name)
        if found is None:
            raise BadRequest("The model that answered is no longer set up.", param="receipt")
        return found


def prompt_of(route: Json) -> Prompt:
    """What a receipt says the prompt looked like. Raises BadRequest when it cannot be read."""
    try:
        return msgspec.convert(route["prompt"], Prompt)
    except msgspec.ValidationError:
        raise BadRequest("What this receipt says of its prompt cannot be read.", param="receipt") from None


def _outcome(kind: str, value: float | None) -> tuple[float, float]:
    if kind not in KINDS:
        raise BadRequest(f"`kind` is one of {', '.join(KINDS)}.", param="kind")
    outcome, weight = KINDS[kind]
    if value is not None and not (math.isfinite(value) and 0 <= value <= 1):
        raise BadRequest("`value` is a number from 0 to 1.", param="value")
    if outcome is not None:
        return outcome, weight
    if value is None:
        told = "the share that was changed" if kind == "edit" else "the share of tests that passed"
        raise BadRequest(f"`{kind}` needs a `value`: {told}, 0 to 1.", param="value")
    return (1 - value if kind == "edit" else value), weight


def _age(receipt: Json) -> float:
    """Seconds; a receipt from the future is new: a clock was set."""
    try:
        at = datetime.fromisoformat(str(receipt.get("at")))
    except ValueError:
        return math.inf
    return (datetime.now(UTC) - at.replace(tzinfo=UTC)).total_seconds()
