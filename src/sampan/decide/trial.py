"""Whether a cheaper model should answer first, on trial, and when a second one is asked because the first is late."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sampan.contract.estimate import Trial
from sampan.contract.models import Model, Realm
from sampan.contract.speed import Speed
from sampan.decide.choose import versus
from sampan.decide.outlook import Outlook, Work, dear
from sampan.wording import worded

_OUT = {Realm.PERSONAL: 0, Realm.ENTERPRISE: 1, Realm.PUBLIC: 2}
_LEAST_SEEN = 20
"""First tokens that have to be measured before one counts as late."""
_LEAST_HEDGE_S = 0.2


class OnTrial(NamedTuple):
    """Who answers first, and when its answer is kept."""

    first: Outlook
    trial: Trial


class Worth(NamedTuple):
    """epsilon: quality, of 1, that may be given up. second_usd: what a second of waiting is worth.

    accepted: a model, its expected quality -> the chance that its answer is kept.
    """

    epsilon: float
    second_usd: float
    accepted: Callable[[Model, float], float]


def on_trial(ordered: Sequence[Outlook], work: Work, worth: Worth) -> OnTrial | None:
    """The cheaper model that is most worth asking before the chosen one, if any is.

    Worth it: P(accepted) x the cost of the chosen one > its own cost + the expected time more x what a second is worth.
    P(accepted) is what was seen of earlier trials, shrunk towards the expected quality: the score of a calibrated
    verifier is that on average.
    Its answer is kept when the verifier gives it as good a chance as the chosen one has, but for epsilon.
    """
    chosen = ordered[0]
    saved = chosen.cost if math.isfinite(chosen.cost) else dear(work, *(one.cost for one in ordered))
    best, gain = None, 0.0
    for one in ordered[1:]:
        if one.class_ != chosen.class_ or one.cost >= chosen.cost:
            continue
        kept = worth.accepted(one.model, one.quality)
        later = max(0.0, one.whole_s - kept * chosen.whole_s)
        gained = kept * saved - one.cost - later * worth.second_usd
        if gained > gain:
            best, gain = one, gained
    if best is None:
        return None
    accept_at = min(max(chosen.quality - worth.epsilon, 0.0), 1.0)
    return OnTrial(best, Trial(accept_at, best.quality))


def why_trial(trial: OnTrial, chosen: Outlook) -> str:
    """One sentence for the receipt, in numbers."""
    return worded(f"{trial.first.model.name} answers on trial: {versus(trial.first, chosen)}")


def hedge_after(routes: Sequence[Outlook], speed: Speed) -> float:
    """Seconds after which the second route is asked too; 0 never.

    Only when enough was measured to know what late is, and never further out than the first route: what would have
    stayed on an own device does not leave it because the device is slow.
    """
    if len(routes) < 2 or speed.seen < _LEAST_SEEN:
        return 0.0
    first, second = routes[0], routes[1]
    if first.class_ != second.class_ or _OUT[second.model.realm] > _OUT[first.model.realm]:
        return 0.0
    late = speed.late_s + speed.waiting_s
    return max(late, _LEAST_HEDGE_S) if 0 < late < math.inf else 0.0
