"""Archives: the parts of a ZIP, never more of them than allowed, whatever their table of contents says."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from sampan.understand.files.reading import CannotRead, Reading

_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def read_zip(data: bytes, reading: Reading) -> None:
    """Read every file inside, and the names."""
    names = []
    for name, content in parts(data, reading):
        names.append(name)
        try:
            reading.inner(content, name.rsplit("/", 1)[-1])
        except CannotRead as error:
            raise CannotRead(f"of a file inside: {error}") from error
    reading.text("\n".join(names))


def parts(data: bytes, reading: Reading) -> Iterator[tuple[str, bytes]]:
    """Name and content of each part.

    Raises:
        CannotRead: damaged, encrypted, or over a limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.comment:
                reading.text(archive.comment.decode("utf-8", "replace"))
            for entry in archive.infolist():
                reading.member()
                if entry.flag_bits & 1:
                    raise CannotRead("a part of it is encrypted")
                if not entry.is_dir():
                    yield entry.filename, _content(archive, entry, reading)
    except _BROKEN as error:
        raise CannotRead("a part of it is damaged") from error


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, reading: Reading) -> bytes:
    """Read by what really comes out, not by what the entry claims."""
    pieces, size = [], 0
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            reading.unpacked(len(piece))
            if size > reading.limits.member:
                raise CannotRead(f"a part of it is larger than {reading.limits.member // 1_000_000} MB")
            pieces.append(piece)
    return b"".join(pieces)
