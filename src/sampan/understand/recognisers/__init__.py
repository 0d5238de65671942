"""Recognisers, one per file. Built-in ones are listed here; plug-ins come through the registry."""

from collections.abc import Iterable

from sampan.contract.errors import ConfigError
from sampan.contract.ports import Recogniser
from sampan.understand.recognisers import (
    api_key,
    bank_account,
    business_registration,
    cn_id,
    coordinates,
    credit_card,
    crypto_wallet,
    date_of_birth,
    email,
    hkid,
    home_return_permit,
    iban,
    ip,
    license_plate,
    lookalike,
    mac,
    macau_id,
    medical,
    medical_record,
    national_id,
    octopus,
    passport,
    password,
    phone,
    private_key,
    ssn,
    staff_id,
    student_id,
    tw_id,
    url_with_token,
)

PATTERNS_VERSION = "1.3"
"""Of all built-in patterns together, as receipts name them; raised when any of them changes."""

BUILT_IN: list[Recogniser] = [
    hkid.RECOGNISER,
    phone.RECOGNISER,
    email.RECOGNISER,
    credit_card.RECOGNISER,
    iban.RECOGNISER,
    bank_account.RECOGNISER,
    ssn.RECOGNISER,
    cn_id.RECOGNISER,
    tw_id.RECOGNISER,
    macau_id.RECOGNISER,
    national_id.RECOGNISER,
    passport.RECOGNISER,
    home_return_permit.RECOGNISER,
    date_of_birth.RECOGNISER,
    student_id.RECOGNISER,
    staff_id.RECOGNISER,
    octopus.RECOGNISER,
    license_plate.RECOGNISER,
    business_registration.RECOGNISER,
    medical_record.RECOGNISER,
    medical.RECOGNISER,
    crypto_wallet.RECOGNISER,
    coordinates.RECOGNISER,
    ip.RECOGNISER,
    mac.RECOGNISER,
    url_with_token.RECOGNISER,
    api_key.RECOGNISER,
    password.RECOGNISER,
    private_key.RECOGNISER,
    lookalike.RECOGNISER,
]

ALL = "all"
_SOCIAL = {"US", "GB"}
"""Whose numbers `ssn` finds."""
NATIONAL_IDS = tuple(sorted({*national_id.COUNTRIES, *_SOCIAL}))
"""The countries whose identity numbers can be switched on and off; those of Hong Kong, Macau, Taiwan and the mainland stay on."""


def built_in(national_ids: Iterable[str] = (ALL,)) -> list[Recogniser]:
    """The built-in recognisers, of foreign identity numbers only those of these countries; `all` stands for every one.

    Raises:
        ConfigError: nobody here knows the numbers of such a country.
    """
    wanted = set(national_ids)
    if ALL in wanted:
        return BUILT_IN
    if unknown := wanted - set(NATIONAL_IDS):
        raise ConfigError(
            f"`privacy.national_ids`: no identity numbers are known for {', '.join(sorted(unknown))}.",
            hint=f"Known: {', '.join(NATIONAL_IDS)}; or `all`.",
        )
    off = {id(national_id.RECOGNISER)} | ({id(ssn.RECOGNISER)} if not wanted & _SOCIAL else set())
    kept = [each for each in BUILT_IN if id(each) not in off]
    return [*kept, national_id.recogniser(wanted)] if wanted & set(national_id.COUNTRIES) else kept
