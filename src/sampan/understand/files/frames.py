"""What goes through the pipes between Sampan and the processes that read files: a length, then MessagePack."""

from typing import BinaryIO, Protocol, TypeVar

import msgspec

from sampan.understand.files.limits import Limits

T = TypeVar("T")
_HEAD = 8
_PIECE = 1 << 20


class Readable(Protocol):
    """A pipe's end."""

    def read(self, size: int, /) -> bytes | None:
        """At most so many bytes; fewer only without a buffer; none at the end."""


class Job(msgspec.Struct, frozen=True):
    """One file to read. pictures: hand out the pictures inside, instead of giving up on them."""

    data: bytes
    declared: str
    pictures: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """As `contract.files.FileText`, with the pictures that somebody else has to look at.

    repeats: numbers of those pictures that are pages whose text is known already.
    """

    kind: str = "file"
    texts: list[str] = []
    pictures: list[bytes] = []
    reason: str = ""
    shown: list[int] = []
    repeats: list[int] = []


class Hello(msgspec.Struct, frozen=True):
    """The first frame that a process gets: which of the two it is, and what it may use."""

    looks: bool
    limits: Limits


def send(stream: BinaryIO, value: msgspec.Struct) -> None:
    """Write one frame."""
    packed = msgspec.msgpack.encode(value)
    stream.write(len(packed).to_bytes(_HEAD, "big"))
    stream.write(packed)
    stream.flush()


def receive(stream: Readable, kind: type[T], limit: int) -> T:
    """Read one frame.

    Raises:
        EOFError: the other side is gone. ValueError: too long, or not what was expected.
    """
    size = int.from_bytes(_exactly(stream, _HEAD), "big")
    if size > limit:
        raise ValueError(f"a frame of {size} bytes")
    return msgspec.msgpack.decode(_exactly(stream, size), type=kind)


def _exactly(stream: Readable, size: int) -> bytes:
    """An unbuffered stream gives as much as there is."""
    pieces = []
    while size:
        piece = stream.read(min(size, _PIECE))
        if not piece:
            raise EOFError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
