"""Addresses of crypto wallets whose checksum holds.

Source: BIP 173 and 350 (bech32), Base58Check, EIP-55; FIPS 202's permutation for Keccak.
"""

import hashlib
import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.context import Words, beside
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "crypto_wallet", "1.0"

_WORDS = Words(
    "wallet, address, eth, ethereum, erc20, usdt, usdc, bnb, metamask, deposit, polygon, token address",
    "錢包 地址 加密貨幣 以太",
)
_BECH32 = re.compile(
    r"(bc|tb|ltc)1([02-9ac-hj-np-z]{11,87})(?![A-Za-z0-9])|(BC|TB|LTC)1([02-9AC-HJ-NP-Z]{11,87})(?![A-Za-z0-9])"
)
_BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{26,36}(?![A-Za-z0-9])")
_ETHER = re.compile(r"0x([0-9a-fA-F]{40})(?![A-Za-z0-9])")
_VERSIONS = {0: "1", 5: "3", 48: "L", 50: "M", 30: "D", 65: "T"}
"""Version byte -> first letter: Bitcoin, Litecoin, Dogecoin, Tron."""
_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_ALPHABET = {char: at for at, char in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_ROTATIONS = ((0, 36, 3, 41, 18), (1, 44, 10, 45, 2), (62, 6, 43, 15, 61), (28, 55, 25, 21, 56), (27, 20, 39, 8, 14))
_WIDE = (1 << 64) - 1
_RATE = 136

TRIGGERS = (
    *(Trigger(f"[^A-Za-z0-9]{prefix}1[02-9a-z]{{11}}", skip=1, caseless=True) for prefix in ("bc", "tb", "ltc")),
    Trigger("[^A-Za-z0-9][13LMDT][1-9A-HJ-NP-Za-km-z]{25}", skip=1),
    Trigger("[^A-Za-z0-9]0x[0-9A-Fa-f]{20}", skip=1),
)


def bech32_holds(prefix: str, data: str) -> bool:
    """Whether the checksum of a bech32 or bech32m string holds."""
    values = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    check = 1
    for value in (*values, *(_CHARSET.index(char) for char in data)):
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check in {1, 0x2BC830A3}


def base58_holds(written: str) -> bool:
    """Whether the checksum of a Base58Check address of a known version holds."""
    number = 0
    for char in written:
        number = number * 58 + _ALPHABET[char]
    if number >> 200:
        return False
    raw = number.to_bytes(25, "big")
    check = hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4]
    return _VERSIONS.get(raw[0]) == written[0] and check == raw[21:]


def _constants() -> list[int]:
    found, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            constant |= (register & 1) << (1 << power) - 1
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        found.append(constant)
    return found


_CONSTANTS = _constants()
_MOVES = tuple((y + 5 * ((2 * x + 3 * y) % 5), _ROTATIONS[x][y]) for y in range(5) for x in range(5))
"""Where each lane goes, and by how many bits it turns; lane (x, y) is at x + 5y."""
_ROWS = tuple((5 * y + x, 5 * y + (x + 1) % 5, 5 * y + (x + 2) % 5) for y in range(5) for x in range(5))


def keccak256(message: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it, of a message of one block (135 bytes at most)."""
    block = bytearray(message.ljust(_RATE, b"\0"))
    block[len(message)] |= 0x01
    block[-1] |= 0x80
    lanes = [*(int.from_bytes(block[at : at + 8], "little") for at in range(0, _RATE, 8)), *[0] * 8]
    for constant in _CONSTANTS:
        parity = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        mixed = [parity[x - 1] ^ (parity[x - 4] << 1 & _WIDE | parity[x - 4] >> 63) for x in range(5)]
        moved = [0] * 25
        for at, (to, by) in enumerate(_MOVES):
            lane = lanes[at] ^ mixed[at % 5]
            moved[to] = (lane << by | lane >> 64 - by) & _WIDE
        lanes = [moved[at] ^ (~moved[one] & moved[two]) for at, one, two in _ROWS]
        lanes[0] ^= constant
    return b"".join(lanes[at].to_bytes(8, "little") for at in range(4))


def eip55_holds(digits: str) -> bool:
    """Whether the mixed case of an Ethereum address is its checksum."""
    digest = keccak256(digits.lower().encode()).hex()
    return all(
        not char.isalpha() or char.isupper() == (int(nibble, 16) >= 8)
        for char, nibble in zip(digits, digest, strict=False)
    )


def at(text: str, place: int) -> Finding | None:
    """The address that begins at `place`."""
    ether = _ETHER.match(text, place)
    if ether is not None:
        return _ether(text, ether)
    bech = _BECH32.match(text, place)
    if bech is not None and bech32_holds(
        (bech.group(1) or bech.group(3)).lower(), (bech.group(2) or bech.group(4)).lower()
    ):
        return finding(text, bech.span(), Kind.CRYPTO_WALLET, 1.0)
    base = _BASE58.match(text, place)
    if base is not None and base58_holds(base.group()):
        return finding(text, base.span(), Kind.CRYPTO_WALLET, 1.0)
    return None


def _ether(text: str, match: re.Match[str]) -> Finding | None:
    """In one case there is no checksum: then a word must say what it is."""
    digits = match.group(1)
    if len(set(digits)) < 6:
        return None
    if digits.lower() != digits and digits.upper() != digits and eip55_holds(digits):
        return finding(text, match.span(), Kind.CRYPTO_WALLET, 1.0)
    return finding(text, match.span(), Kind.CRYPTO_WALLET, 0.7) if beside(text, match.span(), _WORDS) else None


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
