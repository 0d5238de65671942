"""What comes back: events from a provider, and the answer handed to a face."""

import msgspec

from sampan.contract.request import Json


class Usage(msgspec.Struct, frozen=True):
    """Tokens as the provider counted them; zero when it did not say. `estimated`: counted here, since it did not."""

    input: int = 0
    output: int = 0
    cached: int = 0
    estimated: bool = False


class Started(msgspec.Struct, frozen=True):
    """The provider accepted the request. `headers`: lower-case, only those a caller may see."""

    status: int = 200
    headers: dict[str, str] = {}


class Frame(msgspec.Struct, frozen=True):
    """One JSON value in the caller's dialect: a stream event, or a whole reply when not streaming.

    event: the SSE event name (Anthropic and Responses), empty for unnamed events.
    more: the next frame is at hand already and follows at once, so both may be sent together.
    """

    data: Json
    event: str = ""
    more: bool = False


class End(msgspec.Struct, frozen=True):
    """The provider finished properly. Always the last event; a cut stream raises instead.

    bytes_out, bytes_in: body bytes that crossed. energy_j: joules if the engine can tell.
    logprobs: of the answer's tokens, natural logarithms; only of a trial, where the engine tells them.
    """

    usage: Usage = Usage()
    bytes_out: int = 0
    bytes_in: int = 0
    finish: str = "stop"
    logprobs: tuple[float, ...] = ()


Event = Started | Frame | End
