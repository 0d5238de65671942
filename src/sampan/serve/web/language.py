"""What pages are written in: gettext catalogues, and numbers, sizes and times as people of that language write them."""

import gettext
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import msgspec
from babel import Locale
from babel.dates import format_datetime, format_skeleton, format_timedelta
from babel.numbers import format_currency, format_decimal

from sampan.wording import Wording, wording

LANGUAGES = {"en": "English", "zh-Hant-HK": "繁體中文（香港）"}
"""Language tag -> its own name."""
_RANGE = re.compile(r"\s*([A-Za-z*]{1,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")
_UNITS = ("B", "KB", "MB", "GB", "TB")


def language(accepted: str) -> str:
    """The best of our languages for an `Accept-Language` header; English when none fits."""
    wishes = [
        (found[1].lower(), float(found[2] or 1)) for part in accepted.split(",") if (found := _RANGE.fullmatch(part))
    ]
    ours = [(weight, tag) for tag, weight in wishes if tag in {"zh", "yue", "en"} and weight > 0]
    best = max(ours, key=lambda wish: wish[0], default=(0.0, "en"))
    return "en" if best[1] == "en" else "zh-Hant-HK"


class Tongue(msgspec.Struct, frozen=True, dict=True):
    """One language: its words and its ways of writing."""

    tag: str
    wording: Wording
    locale: Locale

    @property
    def texts(self) -> gettext.NullTranslations:
        """The catalogue, as templates take it."""
        return self.wording.texts

    def read(self, said: str, reasons: Mapping[str, str] = {}) -> str:
        """What an error, a hint or a rule says, in this language. reasons: what rules say in English -> in Chinese."""
        return self.wording.read(said, reasons if self.tag != "en" else {})

    def number(self, value: float) -> str:
        """A number with separators."""
        return format_decimal(value, locale=self.locale)

    def size(self, count: int) -> str:
        """A size in bytes, or in units of 1,000 of them."""
        value, unit = float(count), 0
        while value >= 1000 and unit < len(_UNITS) - 1:
            value, unit = value / 1000, unit + 1
        return f"{format_decimal(round(value, 1 if unit else 0), locale=self.locale)} {_UNITS[unit]}"

    def money(self, dollars: float) -> str:
        """US dollars; small sums with the digits they need."""
        if 0 < dollars < 0.0001:
            return f"< {self.money(0.0001)}"
        digits = 2 if dollars >= 1 or not dollars else 4
        return format_currency(dollars, "USD", f"¤#,##0.{'0' * digits}", locale=self.locale, currency_digits=False)

    def time(self, moment: str | float) -> str:
        """Day and time of day, in the machine's zone. moment: RFC 3339 text or seconds since the epoch."""
        return format_datetime(_local(moment), "medium", locale=self.locale)

    def moment(self, moment: str | float) -> str:
        """The same, short: today only the time of day, else day and month too."""
        at, today = _local(moment), datetime.now(UTC).astimezone()
        clock = at.strftime("%H:%M:%S" if at.date() == today.date() else "%H:%M")
        if at.date() == today.date():
            return clock
        skeleton = "MMMd" if at.year == today.year else "yMMMd"
        return f"{format_skeleton(skeleton, at, locale=self.locale)} {clock}"

    def ago(self, moment: str | float) -> str:
        """How long ago, in one unit."""
        passed = _local(moment) - datetime.now(UTC).astimezone()
        return format_timedelta(passed, add_direction=True, locale=self.locale)


def _local(moment: str | float) -> datetime:
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).astimezone()
    return datetime.fromtimestamp(moment, UTC).astimezone()


@cache
def tongue(tag: str) -> Tongue:
    """A language by its tag; an unknown one is English."""
    known = tag if tag in LANGUAGES else "en"
    # people of Hong Kong write English as in Britain
    return Tongue(known, wording(known.replace("-", "_")), Locale.parse("en_GB" if known == "en" else "zh_Hant_HK"))
