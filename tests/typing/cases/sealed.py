"""What mypy has to refuse. `E: code` marks the lines."""

from sampan.contract.cleared import Cleared
from sampan.contract.ports import Protector, Provider
from sampan.contract.request import Decided, Labelled, Request, Route


def run(provider: Provider, cleared: Cleared) -> None:
    provider.run(cleared)


def run_something_else(provider: Provider, request: Request, labelled: Labelled, decided: Decided) -> None:
    provider.run(request)  # E: arg-type
    provider.run(labelled)  # E: arg-type
    provider.run(decided)  # E: arg-type
    provider.run(decided.labelled.request.body)  # E: arg-type


def clear_what_was_not_decided(protector: Protector, labelled: Labelled, route: Route) -> None:
    protector.clear(labelled, route)  # E: arg-type


def make(request: Request, route: Route) -> Cleared:
    return Cleared(object(), request, route, {}, {})  # E: arg-type


def change(labelled: Labelled, decided: Decided, request: Request) -> None:
    labelled.request = request  # E: misc
    decided.routes = ()  # E: misc
    request.asked = "auto"  # E: misc
