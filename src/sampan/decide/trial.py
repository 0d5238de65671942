"""Whether a cheaper model should answer first, on trial, and when a second one is asked because the first is late."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sampan.contract.estimate import Trial
from sampan.contract.models import Model, Realm
from sampan.contract.speed import Speed
from sampan.decide.choose import versus
from sampan.decide.length import BRIEF
from sampan.decide.outlook import Outlook, Work, dear
from sampan.wording import worded

_OUT = {Realm.PERSONAL: 0, Realm.ENTERPRISE: 1, Realm.PUBLIC: 2}
_LEAST_SEEN = 20
"""First tokens that have to be measured before one counts as late."""
_LEAST_HEDGE_S = 0.2
_SURE = 0.75
"""An answer that is right with less than this chance is kept only where the chosen model's would be no better."""
_HARDLY_CHECKED = 0.5
"""Of a long answer the checks say little, so it is kept half as often as it is right."""


class OnTrial(NamedTuple):
    """Who answers first, and when its answer is kept."""

    first: Outlook
    trial: Trial


class Worth(NamedTuple):
    """epsilon: quality, of 1, that may be given up. second_usd: what a second of waiting is worth.

    accepted: a model, its expected quality -> the chance that its answer is kept.
    home_usd: what it is worth that an answer stays in the personal realm.
    """

    epsilon: float
    second_usd: float
    accepted: Callable[[Model, float], float]
    home_usd: float = 0.0


def on_trial(ordered: Sequence[Outlook], work: Work, worth: Worth) -> OnTrial | None:
    """The cheaper model that is most worth asking before the chosen one, if any is.

    Worth it: P(accepted) x (the cost of the chosen one + what staying at home is worth, where it would stay) > its own cost
    + the expected time more x what a second is worth.
    P(accepted) is the expected quality, the average score of a calibrated verifier, corrected by what was seen of earlier
    trials. The time is that of what will probably be said: a short answer of an own device is asked for twice.
    Its answer is kept when the verifier gives it as good a chance as the chosen one has (midway between what is expected of
    that and its lower bound), but for epsilon.
    """
    chosen = ordered[0]
    saved = chosen.cost if math.isfinite(chosen.cost) else dear(work, *(one.cost for one in ordered))
    best, gain, hope, worth_s = None, 0.0, 0.0, 0.0
    short = work.answer <= BRIEF
    for one in ordered[1:]:
        if one.class_ != chosen.class_ or one.cost >= chosen.cost:
            continue
        at_home = one.model.realm is Realm.PERSONAL
        hoped = one.quality if short else one.quality * _HARDLY_CHECKED
        kept = worth.accepted(one.model, hoped)
        takes = 2 * one.whole_s - one.first_s if at_home and short else one.whole_s
        later = max(0.0, takes - kept * chosen.whole_s)
        stays = at_home and chosen.model.realm is not Realm.PERSONAL
        saves = kept * (saved + worth.home_usd * stays) - one.cost
        gained = saves - later * worth.second_usd
        if gained > gain:
            best, gain, hope = one, gained, hoped
            worth_s = saves / worth.second_usd + kept * chosen.whole_s if worth.second_usd else 0.0
    if best is None:
        return None
    # as long as little is known of the chosen one, it is not taken at its word
    doubted = (chosen.quality + chosen.low) / 2
    accept_at = max(doubted - worth.epsilon, min(chosen.quality, _SURE), 0.0)
    return OnTrial(best, Trial(min(accept_at, 1.0), best.quality, hope, worth_s))


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
