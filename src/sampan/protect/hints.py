"""What a model may be told of a value besides its kind, where the settings allow it.

It is a sentence before the text, `[PERSON_1] is a woman`, and told only where that text has words that call for it. A dialect without
turns has no place for sentences: there it stands in the stand-in, `[PERSON_1, f]`, `[DATE_OF_BIRTH_1, age 34]`. Whatever the settings say,
a hint is given of the kinds here alone. It depends on the value and on nothing around it, so that an unchanged history still masks to
the same bytes; an age changes on a birthday.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime

from sampan.contract.labels import RESTRICTED_KINDS, Kind
from sampan.protect.ages import age_of
from sampan.protect.areas import area_of
from sampan.protect.genders import gender_of

GENDER, AGE, AREA, DOMAIN = "gender", "age", "area", "domain"
_HINTED = {Kind.PERSON: GENDER, Kind.DATE_OF_BIRTH: AGE, Kind.ADDRESS: AREA, Kind.EMAIL: DOMAIN}
if RESTRICTED_KINDS & _HINTED.keys():
    raise AssertionError("no hint is given about a value that must be kept closest")
_SAID = {
    "f": ("{0} is a woman: she, her.", "{0} 是女性，英文用 she 和 her。"),
    "m": ("{0} is a man: he, his.", "{0} 是男性，英文用 he 和 his。"),
    AGE: ("Somebody born on {0} is {1} years old today.", "出生日期 {0} 即是現在 {1} 歲。"),
    AREA: ("{0} is in {1}.", "{0} 位於{1}。"),
    DOMAIN: ("The domain of {0} is {1}.", "{0} 的網域（domain）是 {1}。"),
}
"""What is told -> how, in English and in Chinese."""
_CALLS_FOR = {
    GENDER: re.compile(
        r"\b(?:he|she|his|hers?|him|himself|herself|pronouns?|gender|sex|mr|mrs|ms|miss|sir|madam|translat\w{1,5}|english|letter|story)\b"
        "|[她他佢譯译]|性別|性别|代名詞|代名词|先生|小姐|女士|太太|稱呼|称呼|英文|英語|英语|書面語|书面语",
        re.IGNORECASE,
    ),
    AGE: re.compile(
        r"\b(?:ages?|aged|old|older|young|younger|years?)\b|[歲岁]|年齡|年龄|年紀|年纪|幾大|几大|長者|长者|成年",
        re.IGNORECASE,
    ),
    AREA: re.compile(
        r"\b(?:areas?|districts?|regions?|kowloon|new territories|hong kong island)\b|地區|地区|區域|区域|香港島|港島|九龍|新界|邊區|哪區",
        re.IGNORECASE,
    ),
    DOMAIN: re.compile(r"\bdomains?\b|網域|域名|网域", re.IGNORECASE),
}
"""Hint -> the words of a text that call for it: pronouns, titles and translations; ages; regions; domains."""
_WORD = re.compile(r"[^\W\d_]{3,}")


class Hints:
    """Which hints may be given; `today` is this machine's."""

    __slots__ = ("_kinds", "_today")

    def __init__(self, allowed: Iterable[str] = (), today: date | None = None) -> None:
        wanted = frozenset(allowed)
        self._kinds = {kind: hint for kind, hint in _HINTED.items() if hint in wanted}
        self._today = today

    def of(self, kind: Kind, value: str) -> str:
        """What a stand-in may say of a value: `f`, `m`, `age 34`; empty when nothing may be said, or nothing is known."""
        match self._kinds.get(kind):
            case "gender":
                return gender_of(value)
            case "age":
                age = self._age(value)
                return f"age {age}" if age else ""
        return ""

    def wanted(self, kind: Kind, text: str) -> bool:
        """Whether a hint about this kind may be given, and a text has words that call for it."""
        hint = self._kinds.get(kind)
        return hint is not None and _CALLS_FOR[hint].search(text) is not None

    def sentence(self, kind: Kind, value: str, written: str, language: str) -> str:
        """The same and more as a sentence about the stand-in `written`, in `zh` or else in English; empty as `of`."""
        hint = self._kinds.get(kind)
        if hint is None:
            return ""
        said = self._fact(hint, value, language)
        form = _SAID[said if hint is GENDER else hint][language == "zh"] if said else ""
        return form.format(written, said)

    def _fact(self, hint: str, value: str, language: str) -> str:
        match hint:
            case "gender":
                return gender_of(value)
            case "age":
                return self._age(value)
            case "area":
                return area_of(value, language)
        return domain_of(value)

    def _age(self, value: str) -> str:
        return age_of(value, self._today or datetime.now().astimezone().date())

    def __bool__(self) -> bool:
        return bool(self._kinds)


def domain_of(address: str) -> str:
    """What is behind the `@`; nothing where it says a word of what is before it: it may be that person's own."""
    name, _, domain = address.strip().lower().rpartition("@")
    own = any(word in domain for word in _WORD.findall(name))
    return "" if own or not name else domain


NONE = Hints()
