"""Recognisers, one per file. Built-in ones are listed here; plug-ins come through the registry."""

from sampan.understand.patterns import Pattern
from sampan.understand.recognisers import (
    api_key,
    cn_id,
    credit_card,
    email,
    hkid,
    iban,
    ip,
    lookalike,
    phone,
    private_key,
    ssn,
    url_with_token,
)

PATTERNS_VERSION = "1.0"
"""Of all built-in patterns together, as receipts name them; raised when any of them changes."""

BUILT_IN: list[Pattern] = [
    hkid.RECOGNISER,
    phone.RECOGNISER,
    email.RECOGNISER,
    credit_card.RECOGNISER,
    iban.RECOGNISER,
    ssn.RECOGNISER,
    cn_id.RECOGNISER,
    ip.RECOGNISER,
    url_with_token.RECOGNISER,
    api_key.RECOGNISER,
    private_key.RECOGNISER,
    lookalike.RECOGNISER,
]
