"""Verification: any edit, loss, reorder or cut of the chain shows, and is named."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import orjson

from sampan.contract.errors import Corrupt, NotFound
from sampan.record.chain import GENESIS, canonical, hash_of
from sampan.record.sign import Head, is_signed, read_head

_MOST = 100
_HASH = re.compile(r"sha256:[0-9a-f]{64}$")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What does not hold. n: the position it concerns; id: the receipt, where it can still be read."""

    n: int
    problem: str
    id: str = ""


class Report(msgspec.Struct, frozen=True):
    """ok: everything holds. count: links read. problems: at most 100. head: position of the signed head."""

    ok: bool
    count: int
    problems: list[Problem]
    head: int


class _Walk:
    """Goes along the chain; after a break it goes on from what it finds, so that one break is told once."""

    def __init__(self, public_key: bytes) -> None:
        self.public_key, self.count = public_key, 0
        self.n, self.prev = 0, GENESIS
        self.problems: list[Problem] = []
        self.hashes: dict[int, str] = {}
        self.ids: set[str] = set()

    def note(self, n: int, problem: str, link_id: str = "") -> None:
        if len(self.problems) < _MOST:
            self.problems.append(Problem(n, problem, link_id))

    def step(self, content: bytes) -> None:
        self.count += 1
        link = self._read(content)
        if link is None:
            self.n, self.prev = self.n + 1, ""
            return
        n, link_id = link["n"], str(link.get("id", ""))
        self._position(n, link_id, link)
        self._content(content, link)
        if link_id in self.ids:
            self.note(n, "there is another with the same id", link_id)
        self.ids.add(link_id)
        self.n, self.prev = n, str(link["hash"])

    def _read(self, content: bytes) -> dict[str, Any] | None:
        try:
            link = orjson.loads(content)
        except orjson.JSONDecodeError:
            link = None
        if isinstance(link, dict) and type(link.get("n")) is int and _HASH.match(str(link.get("hash"))):
            return link
        found = re.search(rb'"id":"([\w-]{1,64})"', content)
        self.note(self.n + 1, "cannot be read: it was changed", found[1].decode() if found else "")
        return None

    def _position(self, n: int, link_id: str, link: dict[str, Any]) -> None:
        if n > self.n + 1:
            gone = f"{self.n + 1}" if n == self.n + 2 else f"{self.n + 1} to {n - 1}"
            self.note(self.n + 1, f"missing: number {gone}, before this one", link_id)
        elif n <= self.n:
            self.note(n, f"out of order: it stands after number {self.n}", link_id)
        elif self.prev and link.get("prev") != self.prev:
            self.note(n, "does not link to the one before it", link_id)

    def _content(self, content: bytes, link: dict[str, Any]) -> None:
        link_id, kind = str(link.get("id", "")), link.get("type", "receipt")
        try:
            whole = canonical(link)
            stated = link.pop("hash")
            good = hash_of(canonical(link)) == stated and whole == content
        except Corrupt:
            stated, good = link.get("hash"), False
        link["hash"] = stated
        if not good:
            self.note(link["n"], "was changed: its hash does not hold", link_id)
        elif kind == "tombstone" and not is_signed(_unlinked(link), self.public_key):
            self.note(link["n"], "a tombstone without this device's signature", link_id)
        elif kind == "break":
            self.note(
                link["n"], f"at this start-up the chain did not match its signed head: {link.get('why')}", link_id
            )
        self.hashes[link["n"]] = str(stated)

    def against(self, head: Head) -> None:
        """Compare with the signed head."""
        if head.n > self.n:
            self.note(head.n, f"cut off: the signed head is number {head.n}, the last one here is number {self.n}")
        elif head.n < self.n:
            self.note(head.n + 1, f"not signed: the signed head is number {head.n}, the last one here number {self.n}")
        elif head.n and self.hashes.get(head.n) != head.hash:
            self.note(head.n, "is not the one that was signed")


def verify(links: Iterable[bytes], head: bytes, public_key: bytes) -> Report:
    """Verify a whole chain.

    Args:
        links: the canonical JSON of each link, in order.
        head: the content of the head file.
        public_key: 32 bytes, Ed25519.
    """
    walk = _Walk(public_key)
    for content in links:
        walk.step(content)
    signed = 0
    try:
        read = read_head(head, public_key)
    except Corrupt as error:
        walk.note(walk.n, error.message)
    else:
        signed = read.n
        walk.against(read)
    return Report(not walk.problems, walk.count, walk.problems, signed)


def verify_file(path: Path, public_key: bytes) -> Report:
    """Verify an export (`Query.export`) away from the device: links, one a line, then the signed head.

    Raises:
        NotFound: no such file.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    lines = path.read_bytes().split(b"\n")
    while lines and not lines[-1]:
        lines.pop()
    head = lines.pop() if lines and b'"sig":' in lines[-1] and b'"prev":' not in lines[-1] else b""
    return verify(lines, head, public_key)


def _unlinked(link: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in link.items() if name not in {"hash", "prev", "n"}}
