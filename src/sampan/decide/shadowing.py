"""Which of the allowed models may be asked too, only to compare its answer with the one that was given."""

from sampan.contract.labels import Sensitivity
from sampan.contract.request import Decided, Dialect, Route
from sampan.decide.forms import Carried, Forms

_COMPARED = frozenset({Dialect.CHAT, Dialect.COMPLETIONS, Dialect.RESPONSES, Dialect.MESSAGES})


class Shadowing:
    """Asks policy about the action `shadow`."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms

    def of(self, decided: Decided, content: Carried) -> Route | None:
        """The second route of the decision.

        None where policy does not permit it, and where something restricted was found or something was not read.
        """
        labels = decided.labelled.labels
        if len(decided.routes) < 2 or decided.prompt is None or decided.labelled.request.dialect not in _COMPARED:
            return None
        if max(labels.sensitivity, labels.source) >= Sensitivity.RESTRICTED or labels.unread or not labels.complete:
            return None
        route = decided.routes[1]
        return route if self._forms.may_shadow(content, route.model, route.form) else None
