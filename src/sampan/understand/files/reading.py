"""The reading of one file: what was found so far, and how much more may come."""

from collections.abc import Callable

from sampan.understand.files.limits import Limits


class CannotRead(Exception):
    """Why a file cannot be read, as a clause: `it is encrypted`. kind: what the file is, once that is known."""

    kind = "file"


class Reading:
    """Collects texts and pictures of one file and of what is packed inside.

    inner: reads a file inside this one; set by the dispatcher.
    """

    def __init__(self, limits: Limits, *, pictures: bool) -> None:
        self.limits, self.takes_pictures = limits, pictures
        self.texts: list[str] = []
        self.pictures: list[bytes] = []
        self.inner: Callable[[bytes, str], None] = _nothing_inside
        self._chars, self._unpacked, self._members = 0, 0, 0

    def text(self, text: str) -> None:
        """Take in a block of text."""
        if not text.strip():
            return
        self._chars += len(text)
        if self._chars > self.limits.chars:
            raise CannotRead(f"it holds more than {self.limits.chars:,} characters of text")
        self.texts.append(text)

    def picture(self, data: bytes, said: str) -> None:
        """Take in a picture inside the file. said: where it is, as a clause.

        Raises:
            CannotRead: nobody is there to look at it, or there are too many.
        """
        if not self.takes_pictures:
            raise CannotRead(f"{said}, and text recognition (`sampan[ocr]`) is not installed")
        if len(self.pictures) >= self.limits.pictures:
            raise CannotRead(f"it holds more than {self.limits.pictures} pictures")
        self.pictures.append(data)

    def unpacked(self, size: int) -> None:
        """Count what came out of a compressed part."""
        self._unpacked += size
        if self._unpacked > self.limits.unpacked:
            raise CannotRead(f"it unpacks to more than {self.limits.unpacked // 1_000_000} MB")

    def member(self) -> None:
        """Count a part of an archive."""
        self._members += 1
        if self._members > self.limits.members:
            raise CannotRead(f"it has more than {self.limits.members:,} parts")


def _nothing_inside(_data: bytes, _declared: str) -> None:
    raise CannotRead("it holds another file")
