"""The way back: the values of one request are put in the place of their stand-ins."""

from sampan.contract.answer import Frame
from sampan.contract.request import Dialect, Json
from sampan.protect.channel import Mode, Way
from sampan.protect.streams import STREAMS, Stream
from sampan.protect.whole import put_back


class ValueRestorer:
    """Implements `contract.ports.Restorer` for a masked request."""

    def __init__(self, way: Way, dialect: Dialect, body: Json) -> None:
        self._way = way
        self._answer = Mode.JSON if wants_json(body) else Mode.TEXT
        stream = STREAMS.get(dialect)
        self._stream: Stream | None = stream(way, self._answer) if stream else None
        self.restored = way.restored

    def frame(self, frame: Frame) -> list[Frame]:
        """Restore one frame; text that could be the start of a stand-in is held back."""
        if self._stream is None:
            return [Frame(self.whole(frame.data), frame.event)]  # type: ignore[arg-type]  # an object stays one
        return self._stream.frame(frame)

    def finish(self) -> list[Frame]:
        """Give out what is still held back."""
        return self._stream.finish() if self._stream else []

    def whole(self, value: object) -> object:
        """Restore every string of a finished JSON value."""
        return put_back(self._way, value, answer=self._answer)

    def values(self) -> dict[str, str]:
        """Value -> the stand-in that the model saw instead."""
        return {what.value: written for written, what in self._way.known.all()}


class NothingToRestore:
    """Implements `contract.ports.Restorer` for a request that went in the clear."""

    def __init__(self) -> None:
        self.restored: dict[str, int] = {}

    def frame(self, frame: Frame) -> list[Frame]:
        """The frame as it is."""
        return [frame]

    def finish(self) -> list[Frame]:
        """Nothing was held back."""
        return []

    def whole(self, value: object) -> object:
        """The value as it is."""
        return value

    def values(self) -> dict[str, str]:
        """Nothing was masked."""
        return {}


def wants_json(body: Json) -> bool:
    """Whether the caller asked for an answer in JSON, in any dialect."""
    text, output = body.get("text"), body.get("output_config")
    wishes = (
        body.get("response_format"),
        text.get("format") if isinstance(text, dict) else None,
        output.get("format") if isinstance(output, dict) else None,
        body.get("output_format"),
    )
    return any(isinstance(wish, dict) and str(wish.get("type", "")).startswith("json") for wish in wishes)
