"""Telephone numbers: Hong Kong's eight digits, mainland mobiles, any country after `+` or `00`, North American and trunk forms.

Source: Hong Kong numbering plan (OFCA); ITU E.164; possible lengths per country from libphonenumber's metadata.
An eight-digit number means many things in Hong Kong: neighbouring words decide.
"""

import re
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from sampan.contract.labels import Finding, Kind
from sampan.understand.context import Words, meaning
from sampan.understand.meanings import Names
from sampan.understand.named import Alone, Form, Named, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "phone", "1.0"

_WORDS = Words(
    "phone, phone no, phone number, telephone, tel, mobile, mobile no, cell, cellphone, call, calling, "
    "ring, whatsapp, whats app, signal, wechat, sms, text me, contact, contact no, fax, dial, "
    "reach, telefon, téléphone, handy, mob, my number, our number, your number, his number, her number, their number, "
    "hk number, hong kong number, direct line, duty line, office line, land line, landline, hp, handphone, "
    "emergency contact",
    "電話 电话 手機 手机 手提 聯絡 联络 聯繫 聯系 致電 致电 打俾 打畀 打給 打去 打嚟 傳真 短訊 短信 號碼係 "
    "直線 直綫 專線 專綫 辦公室電話 📞 ☎ 📱 whatsapp 留電 覆電 搵我 搵佢 "
    "我number 我個number 佢number 佢個number",
    against=(
        (
            "order, order no, order number, invoice, inv, ref, reference, student, student no, student id, "
            "octopus, amount, total, price, hkd, usd, rmb, cny, hk, sku, isbn, tracking, case, ticket, bug, "
            "issue, port, account, acct, a c, policy no, passport, br no, staff, staff id, employee, serial, "
            "version, build, id, card no, receipt, transaction, txn, batch, commit, line, population, revenue, "
            "cost, fee, hotline, helpline"
        ),
        (
            "訂單 订单 單號 编号 編號 學號 学号 學生證 學生編號 八達通 金額 总额 總額 總數 價錢 價格 發票 收據 "
            "護照 戶口 帳號 賬號 賬戶 帳戶 商業登記 職員 員工 "
            "病歷 保單 熱線 熱綫 "
            " 個案 流水 交易 人口 港元 港幣 美元 萬元 人民幣 票號"
        ),
    ),
)
_HK = re.compile(r"[2-9]\d{3}([ .-]?)\d{4}(?!\d|\.\d|,\d{1,3}(?!\d)|[A-Za-z_%])")
_HOTLINE = re.compile(
    r"(?:熱線|熱綫|热线|客服電話|客戶服務電話|hot ?line|help ?line|customer service)[^\d\n。；;]{0,14}\Z", re.IGNORECASE
)
"""Numbers for everybody."""
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"(?:19|20)\d\d([./ -])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])")
_HK_LOOSE = re.compile(r"[2-9](?:[ .-]{0,2}\d){7}(?![ .-]?\d|[A-Za-z_%])")
_AREA = re.compile(r"(?:\+|00)?[ ]?\(?(?:\+ ?)?852\)?[ -]{0,2}\Z")
_MAINLAND = re.compile(r"1[3-9]\d([ -]?)\d{4}\1\d{4}(?![ -]?\d|[A-Za-z_%])")
_AMERICA = re.compile(r"(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([.-]| ))[2-9]\d{2}[ .-]\d{4}(?!\d|[A-Za-z_])")
_TRUNK = re.compile(r"\(?0\d{1,5}\)?(?:[ ./-]{0,2}\d){5,10}(?!\d|[A-Za-z_])")
_TRUNK_SURE = re.compile(r"07\d{3} ?\d{6}(?!\d)|0[1-9](?:([ .])\d{2})(?:\1\d{2}){3}(?!\d)")
_ABROAD = re.compile(r"(?:\+ ?|00)\(?([1-9]\d{0,2})(?:[ ().\u002f-]{0,3}\d){4,14}")
_FOUR_LEFT = re.compile(r"\d{4}([ .-])\Z")
_FOUR_RIGHT = re.compile(r"([ .-])\d{4}(?!\d)")
_MONEY = re.compile(r"(?:[$£€¥#]|[A-Za-z0-9]_|\d[.,]|[/\\=_.])\Z")
_YEARS = re.compile(r"(?:19|20)\d\d[ .-]?(?:19|20)\d\d\Z|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\Z")

TRIGGERS = (
    Trigger(r"\+[0-9(]"),
    Trigger(r"\+ [0-9(]"),
    Trigger("[^0-9A-Za-z]00[1-9][0-9 ()-]{6}", skip=1),
    Trigger("[^0-9A-Za-z][2-9][0-9 .-]{7}", skip=1),
    Trigger("[^0-9A-Za-z]852[0-9]{8}", skip=1),
    Trigger("[^0-9A-Za-z]1[3-9][0-9][0-9 -]{8}", skip=1),
    Trigger(r"\([2-9][0-9]{2}\)"),
    Trigger("[^0-9A-Za-z][2-9][0-9]{2}[ .-][2-9][0-9]{2}[ .-][0-9]{4}", skip=1),
    Trigger("[^0-9A-Za-z]0[0-9 ()./-]{8}", skip=1),
    Trigger(r"\(0[0-9]"),
)


def at(text: str, place: int) -> Finding | None:
    """The number that begins at `place`."""
    first = text[place]
    if first == "+" or text.startswith("00", place):
        return _abroad(text, place)
    if first in "0(":
        return _national(text, place)
    if first == "1":
        return _mainland(text, place)
    found = _hong_kong(text, place) or _america(text, place)
    return None if found is None or _HOTLINE.search(text, max(0, place - 30), place) else found


def _meaning(text: str, span: tuple[int, int]) -> int:
    """1 beside a word for telephones, -1 beside one for another kind of number, else 0."""
    return meaning(text, span, _WORDS)


def _hong_kong(text: str, place: int) -> Finding | None:
    before = text[max(0, place - 9) : place]
    area = _AREA.search(before) if "852" in before else None
    if (
        text.startswith("852", place)
        and text[place : place + 11].isdigit()
        and not text[place + 11 : place + 12].isdigit()
    ):
        return finding(text, (place, place + 11), Kind.PHONE, 0.8)
    match = _HK.match(text, place)
    if match is not None and match.group(1) == "-" and _in_uuid(text, match):
        return None
    if match is None or (match.group(1) and _in_longer(text, match)):
        match = _HK_LOOSE.match(text, place)
        if match is None or _DATE.fullmatch(match.group()) or (area is None and _meaning(text, match.span()) < 1):
            return None
        return finding(text, _with_area(match.span(), area), Kind.PHONE, 0.7)
    if area is not None:
        return finding(text, _with_area(match.span(), area), Kind.PHONE, 0.95)
    return _judged(text, match)


def _judged(text: str, match: re.Match[str]) -> Finding | None:
    span, number = match.span(), match.group()
    if text.endswith("call_", 0, span[0]):  # how tool calls are numbered
        return None
    sense = _meaning(text, span)
    if sense > 0:
        return finding(text, span, Kind.PHONE, 0.9)
    odd_place = _MONEY.search(text[max(0, span[0] - 2) : span[0]])
    if sense < 0 or odd_place or _YEARS.match(number) or match.group(1) == ".":
        return None
    if match.group(1) or number[0] in "5679":
        return finding(text, span, Kind.PHONE, 0.7)
    return None


def _in_longer(text: str, match: re.Match[str]) -> bool:
    """Whether the two groups of four go on with a third, as in a card number."""
    start, end = match.span()
    if not (text[start - 2 : start - 1].isdigit() or text[end + 1 : end + 2].isdigit()):
        return False
    left = _FOUR_LEFT.search(text[max(0, match.start() - 5) : match.start()])
    right = _FOUR_RIGHT.match(text, match.end())
    return any(other is not None and other.group(1) == match.group(1) for other in (left, right))


def _in_uuid(text: str, match: re.Match[str]) -> bool:
    """Whether the two groups are those of an identifier (RFC 9562)."""
    around = _UUID.search(text, max(0, match.start() - 14), match.end() + 18)
    return around is not None and around.end() >= match.end()


def _with_area(span: tuple[int, int], area: re.Match[str] | None) -> tuple[int, int]:
    if area is None:
        return span
    lead = area.group()
    return span[0] - len(lead.lstrip(" ")), span[1]


def _mainland(text: str, place: int) -> Finding | None:
    match = _MAINLAND.match(text, place)
    if match is None or _MONEY.search(text[max(0, place - 2) : place]) or _meaning(text, match.span()) < 0:
        return None
    return finding(text, match.span(), Kind.PHONE, 0.8)


def _america(text: str, place: int) -> Finding | None:
    match = _AMERICA.match(text, place)
    if match is None or _MONEY.search(text[max(0, place - 2) : place]):
        return None
    spaced = match.group(1) == " "
    sense = _meaning(text, match.span())
    if sense < 0 or (spaced and sense < 1):
        return None
    return finding(text, match.span(), Kind.PHONE, 0.75)


def _national(text: str, place: int) -> Finding | None:
    if text[place] == "(" and text[place + 1 : place + 2] != "0":
        return _america(text, place)
    match = _TRUNK_SURE.match(text, place)
    if match is not None:
        return None if _meaning(text, match.span()) < 0 else finding(text, match.span(), Kind.PHONE, 0.75)
    match = _TRUNK.match(text, place)
    if match is None or _meaning(text, match.span()) < 1:
        return None
    return finding(text, match.span(), Kind.PHONE, 0.7)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """With the bracket before a code in brackets: `(+852) 9123 4567`."""
    closed, opened = text.find(")", start, end), text.find("(", start, end)
    return (start - (text[start - 1 : start] == "(" and closed >= 0 and not 0 <= opened < closed), end)


def _abroad(text: str, place: int) -> Finding | None:
    match = _ABROAD.match(text, place)
    if match is None:
        return _national(text, place) if text[place] == "0" else None
    places = [position for position in range(match.start(1), match.end()) if text[position].isdigit()]
    number = "".join(text[position] for position in places)
    for size in (1, 2, 3):
        lengths = _possible(int(number[:size]))
        for length in sorted(lengths, reverse=True):
            total = size + length
            if total <= len(number) and _stops(text, places[total - 1] + 1):
                return finding(text, _whole(text, place, places[total - 1] + 1), Kind.PHONE, 0.9)
    return _national(text, place) if text[place] == "0" else None


def _stops(text: str, end: int) -> bool:
    return not text[end : end + 1].isdigit()


@lru_cache(maxsize=1024)
def _possible(code: int) -> frozenset[int]:
    """Lengths that a national number behind this calling code may have; empty when there is no such code."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code, ())
    found: set[int] = set()
    for region in regions[:1]:
        data = (
            PhoneMetadata.metadata_for_nongeo_region(code)
            if region == "001"
            else PhoneMetadata.metadata_for_region(region)
        )
        if data is not None and data.general_desc is not None:
            found.update(length for length in data.general_desc.possible_length if length >= 5)
    return frozenset(found)


_NO_NUMBER = re.compile(r"(?:19|20)\d\d[-/.]\d|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d|(?:\d{1,3}\.){3}\d{1,3}\Z")
_CALLED = Form(
    re.compile(
        r"(?:(?<![A-Za-z0-9@])|(?<=[a-z]{2}))(?<!\d[.-])(?:\(\+?\d{1,5}\)|\+?(?:\d{1,5}|\(\d{1,5}\)))"
        r"(?:[ ./-]{0,2}\(\d{2,9}\)|[ ./()-]{1,2}\d{2,9}){0,5}"
        r"(?: ?(?:x|ext\.?) ?\d{1,6})?(?![A-Za-z0-9]|[.-]\d|,\d{3}(?!\d))"
    ),
    score=0.7,
    reach=12,
    check=lambda written: 7 <= sum(char.isdigit() for char in written) <= 17 and not _NO_NUMBER.match(written),
)
_CALLS = Names("phone, telephone, tel, mobile, cellphone, fax, whatsapp, phone number, contact number")

RECOGNISER = pattern_of(NAME, VERSION, [Named(Kind.PHONE, _CALLS, _CALLED)], Alone(TRIGGERS, at))
