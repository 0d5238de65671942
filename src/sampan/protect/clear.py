"""The protect stage: what one route may receive, and the way back."""

from collections.abc import Callable

from sampan.contract.cleared import Cleared, claim_seal
from sampan.contract.ports import Restorer
from sampan.contract.request import Decided, Labelled, Request, Route
from sampan.contract.storage import StandIns
from sampan.protect.channel import Way
from sampan.protect.guidance import SILENT, Telling, added, guidance, reaches
from sampan.protect.hints import NONE
from sampan.protect.known import Known
from sampan.protect.mask import Masked, mask
from sampan.protect.operators import Operator
from sampan.protect.operators.stand_in import OPERATOR
from sampan.protect.restore import NothingToRestore, ValueRestorer

_SEAL = claim_seal()


class MaskingProtector:
    """Implements `contract.ports.Protector`.

    vault: keeps the stand-ins of Sampan's own conversations; a request that names none needs no vault.
    telling: asked for each request what models are told besides the stand-ins.
    """

    def __init__(
        self, vault: StandIns, operator: Operator = OPERATOR, telling: Callable[[], Telling] = lambda: SILENT
    ) -> None:
        self._vault, self._operator, self._telling = vault, operator, telling

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
        telling = self._telling_of(request)
        known = self._recalled(request, telling)
        masked = mask(request.body, labelled.passages, route.form.masked, known)
        self._keep(request, known)
        said = [passage.text for passage in labelled.passages]
        way = Way(known, self._operator, masked.texts, arguments=decided.restore_arguments, said=said)
        cleared = self._guided(labelled, route, masked, telling, known)
        return cleared, ValueRestorer(way, request.dialect, request.body)

    def _guided(self, labelled: Labelled, route: Route, masked: Masked, telling: Telling, known: Known) -> Cleared:
        request = labelled.request
        if not telling.guided or not masked.counts:
            return Cleared(_SEAL, request, route, masked.body, masked.counts, masked.hints)
        guide = guidance(labelled.passages, route.form.masked, known, telling.hints)
        body = added(masked.body, request.dialect, guide.text)
        cleared = Cleared(_SEAL, request, route, body, masked.counts, guide.hints)
        cleared.guidance = guide.language
        return cleared

    def preview(self, decided: Decided, route: Route) -> dict[str, str]:
        """Value -> the stand-in that `clear` would give it; nothing is kept. Raises as `clear`."""
        labelled = decided.labelled
        known = self._recalled(labelled.request, SILENT)
        mask(labelled.request.body, labelled.passages, route.form.masked, known)
        return {what.value: written for written, what in known.all()}

    def _telling_of(self, request: Request) -> Telling:
        """What is told of one request: no line where its dialect has no place for one."""
        telling = self._telling()
        return telling if reaches(request.dialect) else Telling(guided=False, hints=telling.hints)

    def _recalled(self, request: Request, telling: Telling) -> Known:
        """What is known of the request's conversation already. Stand-ins say themselves what no line says."""
        known = Known(self._operator, NONE if telling.guided else telling.hints)
        if request.conversation:
            known.learn(self._vault.get(_scope(request), request.conversation))
        return known

    def _keep(self, request: Request, known: Known) -> None:
        if request.conversation:
            self._vault.put(_scope(request), request.conversation, dict(known.all()))


def _scope(request: Request) -> str:
    return f"{request.principal.user}/{request.principal.key}"
