"""Synthetic Hong Kong values for the outside acceptance test."""

import random


def hkid(rng: random.Random, _params: object = None) -> str:
    """A HKID with a right check digit: letter, six digits, check in brackets."""
    letter = rng.choice("ABCDEFGHKMPRSVYZ")
    digits = "".join(rng.choice("0123456789") for _ in range(6))
    total = 36 * 9 + (ord(letter) - 55) * 8 + sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True))
    return f"{letter}{digits}({'0123456789A'[-total % 11]})"


def hk_mobile(rng: random.Random, _params: object = None) -> str:
    """A Hong Kong mobile number, grouped 4-4."""
    return f"{rng.choice('569')}{rng.randrange(1000):03d} {rng.randrange(10000):04d}"
