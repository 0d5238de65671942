"""The protect stage: what one route may receive, and the way back."""

from collections.abc import Callable

from sampan.contract.cleared import Cleared, claim_seal
from sampan.contract.ports import Restorer
from sampan.contract.request import Decided, Request, Route
from sampan.contract.storage import StandIns
from sampan.protect.channel import Way
from sampan.protect.hints import NONE, Hints
from sampan.protect.known import Known
from sampan.protect.mask import mask
from sampan.protect.operators import Operator
from sampan.protect.operators.stand_in import OPERATOR
from sampan.protect.restore import NothingToRestore, ValueRestorer
from sampan.protect.telling import SILENT, Manner, Telling, has_turns

_SEAL = claim_seal()


class MaskingProtector:
    """Implements `contract.ports.Protector`.

    vault: keeps the stand-ins of Sampan's own conversations; a request that names none needs no vault.
    manner: asked for each request what models are told besides the stand-ins.
    """

    def __init__(
        self, vault: StandIns, operator: Operator = OPERATOR, manner: Callable[[], Manner] = lambda: SILENT
    ) -> None:
        self._vault, self._operator, self._manner = vault, operator, manner

    def clear(self, decided: Decided, route: Route) -> tuple[Cleared, Restorer]:
        """Make what one route may receive, and the way back. Each route gets its own.

        Raises:
            PolicyRefused: a value stands where it cannot be replaced. ValueError: the decision does not allow the route.
            Corrupt: the vault does not open.
        """
        if route not in decided.routes:
            raise ValueError("The decision does not allow this route.")
        labelled = decided.labelled
        request = labelled.request
        if not route.form.masked:
            return Cleared(_SEAL, request, route, request.body, {}), NothingToRestore()
        manner = self._manner()
        telling = Telling(manner, request.dialect, request.body) if has_turns(request.dialect) else None
        known = self._recalled(request, NONE if telling else manner.hints)
        masked = mask(request.body, labelled.passages, route.form.masked, known, telling)
        self._keep(request, known)
        said = [passage.text for passage in labelled.passages]
        way = Way(known, self._operator, masked.texts, arguments=decided.restore_arguments, said=said)
        told = telling.counts if telling else masked.hints
        cleared = Cleared(_SEAL, request, route, masked.body, masked.counts, told)
        cleared.guided = telling is not None and telling.guided
        return cleared, ValueRestorer(way, request.dialect, request.body)

    def preview(self, decided: Decided, route: Route) -> dict[str, str]:
        """Value -> the stand-in that `clear` would give it; nothing is kept. Raises as `clear`."""
        labelled = decided.labelled
        known = self._recalled(labelled.request, NONE)
        mask(labelled.request.body, labelled.passages, route.form.masked, known)
        return {what.value: written for written, what in known.all()}

    def _recalled(self, request: Request, hints: Hints) -> Known:
        """What is known of the request's conversation already. hints: what stand-ins may say themselves."""
        known = Known(self._operator, hints)
        if request.conversation:
            known.learn(self._vault.get(_scope(request), request.conversation))
        return known

    def _keep(self, request: Request, known: Known) -> None:
        if request.conversation:
            self._vault.put(_scope(request), request.conversation, dict(known.all()))


def _scope(request: Request) -> str:
    return f"{request.principal.user}/{request.principal.key}"
