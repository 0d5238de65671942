"""How much a file may ask of this machine. Whatever goes over a limit is not read, hence stays at home."""

import msgspec

MEGA = 1_000_000


class Limits(msgspec.Struct, frozen=True):
    """Sizes in bytes, times in seconds, lengths in characters. The processes that read get all of them.

    member, unpacked: one part of an archive, and all of them together. depth: archives inside archives.
    chars: text that a file may hold. pictures: how many inside one file are looked at. pixels: of one picture.
    memory: address space of the process that reads documents; picture_memory: of the one that reads pictures.
    idle: a process that had nothing to read for so long ends, and gives its memory back.
    """

    input: int = 40 * MEGA
    member: int = 64 * MEGA
    unpacked: int = 160 * MEGA
    members: int = 4000
    depth: int = 3
    chars: int = 4 * MEGA
    pages: int = 1000
    pictures: int = 12
    pixels: int = 16 * MEGA
    seconds: float = 20.0
    picture_seconds: float = 120.0
    wait: float = 60.0
    memory: int = 1024 * MEGA
    picture_memory: int = 3072 * MEGA
    idle: float = 90.0
