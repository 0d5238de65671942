"""How quick a model is, as measured here."""

import msgspec


class Speed(msgspec.Struct, frozen=True):
    """What was measured of one model; 0 where nothing was.

    first_s: median seconds to the first token. late_s: seconds that the slow ones take, a high quantile of the same.
    tokens_s: tokens a second of the answer, after the first. seen: first tokens that this rests on, of a recent window.
    waiting_s: seconds that a request will probably wait for those before it. brief_s: median seconds that a short answer
    took lately, from asking to its end.
    """

    first_s: float = 0.0
    late_s: float = 0.0
    tokens_s: float = 0.0
    seen: int = 0
    waiting_s: float = 0.0
    brief_s: float = 0.0


UNMEASURED = Speed()
