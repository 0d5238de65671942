"""Server-sent events, read and written. Source: the WHATWG HTML standard, section 9.2."""

from sampan.contract.errors import UpstreamDown

EVENT_LIMIT = 16 << 20
"""Bytes of one event; nobody needs more, and without a bound an endless line would fill the memory."""
_BOM = b"\xef\xbb\xbf"


class SseParser:
    """Reads events from bytes that may be split anywhere."""

    def __init__(self, limit: int = EVENT_LIMIT) -> None:
        self._limit = limit
        self._line: list[bytes] = []
        self._data: list[bytes] = []
        self._event = ""
        self._size = 0
        self._begun = self._after_cr = False

    def feed(self, data: bytes) -> list[tuple[str, bytes]]:
        """Take more bytes; give the events that are complete now, each as name and data.

        Raises:
            UpstreamDown: an event is over the limit.
        """
        data = self._newlines(data)
        self._size += len(data)
        *complete, rest = data.split(b"\n")
        if not complete:
            self._line.append(rest)
        else:
            complete[0] = b"".join(self._line) + complete[0] if self._line else complete[0]
            self._line = [rest] if rest else []
        events: list[tuple[str, bytes]] = []
        for line in complete:
            if not line:
                self._dispatch(events)
            elif line.startswith(b"data: "):  # as nearly every line does
                self._data.append(line[6:])
            else:
                self._take(line)
        if self._size > self._limit:
            self._check()
        return events

    def finish(self) -> list[tuple[str, bytes]]:
        """The end of the bytes: what a server without a last blank line has left behind, complete or not."""
        self._take(b"".join(self._line))
        self._line = []
        events: list[tuple[str, bytes]] = []
        self._dispatch(events)
        return events

    def _newlines(self, data: bytes) -> bytes:
        if not self._begun and data:
            self._begun = True
            data = data.removeprefix(_BOM)
        if self._after_cr and data:
            self._after_cr = False
            data = data.removeprefix(b"\n")
        if b"\r" in data:
            self._after_cr = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value[1:] if value[:1] == b" " else value)
        elif name == b"event":
            self._event = value.removeprefix(b" ").decode("utf-8", "replace")

    def _dispatch(self, events: list[tuple[str, bytes]]) -> None:
        if self._data:
            events.append((self._event, self._data[0] if len(self._data) == 1 else b"\n".join(self._data)))
            self._data = []
        self._event = ""

    def _check(self) -> None:
        """Bytes are counted over several events, so look what really is held."""
        self._size = sum(map(len, self._line)) + sum(map(len, self._data)) + len(self._event)
        if self._size > self._limit:
            raise UpstreamDown(f"One event of the stream is larger than {self._limit >> 20} MB.")


def encode(event: str, data: bytes) -> bytes:
    """One event as bytes; an empty name gives an unnamed event."""
    head = f"event: {event}\n".encode() if event else b""
    return head + b"data: " + data.replace(b"\n", b"\ndata: ") + b"\n\n"
