"""A refusal, said as an error of the right kind."""

from sampan.contract.errors import ContextTooLong, EngineUnavailable, OverBudget, PolicyRefused, SampanError
from sampan.contract.request import Refused


def as_error(refused: Refused) -> SampanError:
    """The error for a refusal: policy, context length, a budget, or no model there."""
    if refused.code == ContextTooLong.code:
        return ContextTooLong(refused.reason, ways_on=refused.ways_on)
    if refused.code == EngineUnavailable.code:
        return EngineUnavailable(refused.reason, retry_after=0.0, ways_on=refused.ways_on)
    if refused.code == OverBudget.code:
        return OverBudget(refused.reason, retry_after=refused.retry_after, ways_on=refused.ways_on)
    return PolicyRefused(refused.reason, rules=refused.rules, ways_on=refused.ways_on)
