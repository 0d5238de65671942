"""The reading of one file: what was found so far, and how much more may come."""

from collections.abc import Callable, Sequence

from sampan.understand.files.limits import Limits
from sampan.wording import worded


class CannotRead(Exception):
    """Why a file cannot be read, as a clause: `it is encrypted`.

    kind: what the file is, once that is known. texts, shown: what could be read of it all the same, as in `FileText`.
    """

    kind = "file"
    texts: Sequence[str] = ()
    shown: Sequence[int] = ()


class Reading:
    """Collects texts and pictures of one file and of what is packed inside.

    inner: reads a file inside this one; set by the dispatcher. file: the number of the file that is being read, the outer
    one first. missed: why some picture will not be looked at.
    """

    def __init__(self, limits: Limits, *, pictures: bool) -> None:
        self.limits, self.takes_pictures = limits, pictures
        self.texts: list[str] = []
        self.pictures: list[bytes] = []
        self.repeats: set[int] = set()
        self.inner: Callable[[bytes, str], None] = _nothing_inside
        self.file, self.missed = 0, ""
        self._places: list[tuple[int, int, int]] = []
        self._chars, self._unpacked, self._members = 0, 0, 0

    @property
    def shown(self) -> list[int]:
        """Numbers of the texts that a person reads who opens the file, in the order of their places."""
        return [at for _, _, at in sorted(self._places)]

    def show(self, text: str, place: int = 0) -> None:
        """Take in a block of what a person reads who opens the file. place: before or after others of this file."""
        before = len(self.texts)
        self.text(text)
        self._places += [(self.file, place, at) for at in range(before, len(self.texts))]

    def text(self, text: str) -> None:
        """Take in a block of text: of properties, of what is hidden, of what a machine reads."""
        if not text.strip():
            return
        self._chars += len(text)
        if self._chars > self.limits.chars:
            raise CannotRead(f"it holds more than {self.limits.chars:,} characters of text")
        self.texts.append(text)

    def picture(self, data: bytes, said: str) -> None:
        """Take in a picture inside the file. said: where it is, as a clause.

        Where nobody is there to look at it, or there are too many, the file cannot be read in full; the rest of it can.
        """
        if self.wants(said):
            self.pictures.append(data)

    def repeat(self, data: bytes) -> None:
        """Take in a wanted picture of a page whose letters are known already: they are not shown twice."""
        self.repeats.add(len(self.pictures))
        self.pictures.append(data)

    def wants(self, said: str) -> bool:
        """Whether one more picture will be looked at; it is noted when not."""
        if not self.takes_pictures:
            self.missed = self.missed or worded(f"{said}, and text recognition (`sampan[ocr]`) is not installed")
        elif len(self.pictures) >= self.limits.pictures:
            self.missed = self.missed or worded(f"it holds more than {self.limits.pictures} pictures")
        else:
            return True
        return False

    def ended(self) -> None:
        """Nothing more comes.

        Raises:
            CannotRead: a picture was missed.
        """
        if self.missed:
            raise CannotRead(self.missed)

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
