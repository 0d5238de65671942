"""What stands in the journal: a byte that says what it is, then MessagePack."""

from collections.abc import Iterable

import msgspec

from sampan.contract.storage import Stored

_link_encoder = msgspec.msgpack.Encoder()
_link_decoder = msgspec.msgpack.Decoder(Stored)
_text_decoder = msgspec.msgpack.Decoder(tuple[str, bytes])
_OPENED, _NOTED, _CLOSED = b"o", b"n", b"c"


def opened(receipt_id: str, entry: bytes) -> bytes:
    """The start of a record."""
    return _OPENED + _link_encoder.encode((receipt_id, entry))


def noted(receipt_id: str, entry: bytes) -> bytes:
    """More about a record that is open."""
    return _NOTED + _link_encoder.encode((receipt_id, entry))


def closed(link: Stored) -> bytes:
    """The end of a record, or another link of the chain."""
    return _CLOSED + _link_encoder.encode(link)


class Found:
    """What a former process left in its journals. links: by position. unfinished: id -> entries, in order."""

    def __init__(self, payloads: Iterable[bytes]) -> None:
        self.links: dict[int, Stored] = {}
        self.unfinished: dict[str, list[bytes]] = {}
        for payload in payloads:
            self._take(payload[:1], payload[1:])
        for link in self.links.values():
            self.unfinished.pop(link.id, None)

    def _take(self, what: bytes, content: bytes) -> None:
        if what == _CLOSED:
            link = _link_decoder.decode(content)
            self.links[link.n] = link
            return
        receipt_id, entry = _text_decoder.decode(content)
        known = self.unfinished.setdefault(receipt_id, [])
        if entry not in known:  # a rotation wrote it again
            known.append(entry)
