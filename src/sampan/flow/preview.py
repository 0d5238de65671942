"""What would happen to a request: decided and masked as if it ran, and nothing is sent or recorded."""

import msgspec

from sampan.contract.request import Decided, Decision, Request
from sampan.flow.run import decide_only
from sampan.flow.stages import Stages


class Preview(msgspec.Struct, frozen=True):
    """The decision, and value -> stand-in of what the chosen route would mask."""

    decision: Decision
    stand_ins: dict[str, str]


async def preview(request: Request, stages: Stages) -> Preview:
    """Decide and mask without running, recording or sending anything. Raises as the stages do."""
    decision = await decide_only(request, stages)
    if not isinstance(decision, Decided) or not decision.routes[0].form.masked:
        return Preview(decision, {})
    return Preview(decision, stages.protector.preview(decision, decision.routes[0]))
