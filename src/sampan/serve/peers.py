"""Whose process is at the other end of a loopback connection: the kernel is asked for that one socket.

Sources: sock_diag(7) and linux/inet_diag.h; proc_net(5) where the kernel does not answer that.
"""

import errno
import ipaddress
import os
import socket
import struct
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from sampan.serve.wire import Scope
from sampan.settings import loopback_host

Address = tuple[str, int]
_KEPT = 4096
_TABLES = Path("/proc/net")
_INET_DIAG, _SOCK_DIAG_BY_FAMILY, _NLMSG_ERROR, _NLM_F_REQUEST = 4, 20, 2, 1
_ANY_STATE = _NO_COOKIE = 0xFFFFFFFF
_HEADER = struct.Struct("=IHHII")
_ASKED = struct.Struct("=BBBBI")
_UID_AND_INODE = struct.Struct("=II")
_UID_AT = _HEADER.size + 64
"""In the answer: behind four bytes of state, 48 of the socket's name and three counters."""
_PATIENCE_S = 0.2


def owner_of(local: Address, remote: Address) -> int | None:
    """The uid of the process that holds the socket with these two ends; None when none does.

    A socket that its process has closed belongs to nobody.
    """
    try:
        return asked_of_kernel(local, remote)
    except OSError:
        return found_in_table(_TABLES, local, remote)


def asked_of_kernel(local: Address, remote: Address) -> int | None:
    """Ask for one socket over netlink: as fast however many there are.

    Raises:
        OSError: the kernel does not answer such questions.
    """
    hosts = [ipaddress.ip_address(host.partition("%")[0]).packed for host, _ in (local, remote)]
    family = socket.AF_INET if len(hosts[0]) == 4 else socket.AF_INET6
    name = struct.pack(">HH16s16s", local[1], remote[1], *hosts) + struct.pack("=III", 0, _NO_COOKIE, _NO_COOKIE)
    question = _ASKED.pack(family, socket.IPPROTO_TCP, 0, 0, _ANY_STATE) + name
    head = _HEADER.pack(_HEADER.size + len(question), _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _INET_DIAG) as line:
        line.settimeout(_PATIENCE_S)
        line.send(head + question)
        answer = line.recv(4096)
    _, kind, _, _, _ = _HEADER.unpack_from(answer)
    if kind == _NLMSG_ERROR:
        code = -struct.unpack_from("=i", answer, _HEADER.size)[0]
        if code == errno.ENOENT:
            return None
        raise OSError(code, os.strerror(code))
    uid, inode = _UID_AND_INODE.unpack_from(answer, _UID_AT)
    return int(uid) if inode else None


def found_in_table(tables: Path, local: Address, remote: Address) -> int | None:
    """Look for one socket in the kernel's table of all of them."""
    table = tables / ("tcp6" if ":" in local[0] else "tcp")
    wanted = (in_table(*local), in_table(*remote))
    for line in table.read_text().splitlines()[1:]:
        _, here, there, _, _, _, _, uid, _, inode, *_ = line.split()
        if (here, there) == wanted:
            # a socket that its process has closed is listed under root, without an inode
            return int(uid) if inode != "0" else None
    return None


def in_table(host: str, port: int) -> str:
    """An address as the kernel's socket table writes it: 32-bit words in the byte order of the machine."""
    packed = ipaddress.ip_address(host.partition("%")[0]).packed
    words = (int.from_bytes(packed[at : at + 4], sys.byteorder) for at in range(0, len(packed), 4))
    return f"{''.join(f'{word:08X}' for word in words)}:{port:04X}"


class Peers:
    """Answers whether a caller is this user's own process, or root's; remembered per connection."""

    def __init__(self, owner: Callable[[Address, Address], int | None] = owner_of) -> None:
        # keyed by identity: uvicorn keeps one `client` tuple per connection, and holding it keeps its id unique
        self._known: OrderedDict[int, tuple[object, bool]] = OrderedDict()
        self._owner = owner

    def may(self, scope: Scope) -> bool:
        """Whether the peer of this connection may ask without a key."""
        client = scope.get("client")
        if client is None:
            return False
        known = self._known.get(id(client))
        if known is not None and known[0] is client:
            return known[1]
        verdict = loopback_host(client[0]) and self._same_user(client, scope.get("server"))
        self._known[id(client)] = (client, verdict)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return verdict

    def _same_user(self, client: tuple[str, int], server: tuple[str, int] | None) -> bool:
        """Elsewhere than on Linux loopback is trusted."""
        if sys.platform != "linux":
            return True
        if server is None:
            return False
        try:
            return self._owner((client[0], client[1]), (server[0], server[1])) in {os.getuid(), 0}
        except (OSError, ValueError):
            return False
