"""What a provider accepts: a body that went through protection. Only `sampan.protect` can make one."""

from sampan.contract.request import Json, Request, Route


class _Seal:
    """Held by `sampan.protect` alone."""

    claimed = False


_SEAL = _Seal()


def claim_seal() -> _Seal:
    """Hand out the seal, once in the life of the process.

    Raises:
        RuntimeError: somebody has it already.
    """
    if _Seal.claimed:
        raise RuntimeError("The seal of Cleared has been claimed: only sampan.protect may make one.")
    _Seal.claimed = True
    return _SEAL


class Cleared:
    """One request, in the form that one decision allowed for one model; ready to leave.

    id: receipt id. body: vendor JSON in `dialect`, masked; never changed in place.
    headers: the caller's headers that may go upstream. scope: who asks, for caches kept per principal.
    masked: kind -> number of stand-ins in the body. hints: kind -> those of them that say something of their value.
    guided: a line was added that tells the model what stand-ins are.
    on_trial: its answer will be verified; an engine that can tell how sure it is, says so in `End`.
    sent: the bodies that left, byte for byte, in order; `providers/egress.py` appends, the record reads.
    """

    __slots__ = (
        "body", "dialect", "form", "guided", "headers", "hints", "id", "masked", "model", "on_trial", "scope", "sent", "stream",
    )  # fmt: skip

    def __init__(
        self, seal: _Seal, request: Request, route: Route, body: Json, masked: dict[str, int],
        hints: dict[str, int] | None = None,
    ) -> None:  # fmt: skip
        if seal is not _SEAL:
            raise TypeError("Cleared is made by sampan.protect.clear() only.")
        self.id, self.dialect, self.stream = request.id, request.dialect, request.stream
        self.headers, self.scope = request.headers, f"{request.principal.user}/{request.principal.key}"
        self.model, self.form = route.model, route.form
        self.body, self.masked, self.hints = body, masked, hints or {}
        self.guided = self.on_trial = False
        self.sent: list[bytes] = []
