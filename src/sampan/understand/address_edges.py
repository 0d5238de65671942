"""Where an address ends: units behind a building, districts beside it; and which spans are none.

A unit left visible behind a masked street still leads to a door, so edges grow over whatever reads like a part of an address.
"""

import re
from functools import cache

from sampan.contract.labels import Finding, Kind
from sampan.understand import words

_N = "[一二三四五六七八九十]{1,3}"
_PART = (
    rf"第?(?:[0-9A-Z]{{1,3}}|{_N})(?:座|期|樓|楼|層|层|字樓|栋|幢|棟|塔|單元|单元|號樓|号楼)|(?:[0-9]{{1,3}}|[LU]?G)/F|"
    rf"[0-9A-Z]{{1,5}}(?:-[0-9A-Z]{{1,4}})?[ ]?(?:室|房|號舖|号铺|號屋|號室|号室|號單位|單位|舖|鋪|户|戶)|(?:[0-9]{{1,3}}|{_N})[號号]|"
    r"地舖|地鋪|地下|地庫|後座|前座|閣樓|天台屋?|頂樓|(?:高|中|低)層|連(?:天台|平台|花園)"
)
_PART_E = (
    r"(?:Flat|Room|Rm\.?|Unit|Shop|Suite|Apt\.?|House|Block|Blk\.?|Tower|Phase|Level)[ ](?:[0-9]{1,4}[A-Z]?|[A-Z][0-9]{0,3})\b|"
    r"[0-9]{1,2}(?:st|nd|rd|th)?[ ]?(?:/F\b\.?|Floor\b|floor\b)|(?:G|LG|UG)/F|(?:Ground|Upper|Lower)[ ][Ff]loor"
)
_OFTEN = "年月日個人蚊元分點時呎歲張位次班萬千號号樓座期"
_RIGHT = re.compile(
    rf"[ ,，、]{{0,2}}(?:{_PART})|"
    rf"(?:(?<=[樓楼閣阁座苑邨廈厦心場场塔期層层F號号栋幢棟])|(?<=樓 ))"
    rf"[A-Z]?[0-9]{{1,4}}[A-Z]?(?![0-9A-Za-z{_OFTEN}]|[.,:/-][0-9]|[ ][0-9]{{4}})室?|"
    r"(?<=[樓楼座層层F期0-9])[A-Z]{1,2}[0-9]?(?![A-Za-z0-9])室?|"
    r"(?<=[0-9A-Z])(?:舖|鋪|屋|房|室|座|樓|號|店|層|期|邨)(?![線外]|中)|"
    r"[ ]?(?:舖|鋪|室|房|單位)[ ]?[A-Z]?[0-9]{1,3}[A-Z]?(?:號|室)?(?![0-9A-Za-z])|"
    r"(?<=[A-Za-z]{3})[ ][0-9]{1,2}[A-Z](?![A-Za-z0-9])|"
    rf",?[ ]?\n?(?:{_PART_E})|"
    r"[ ](?:Office|Road|Street|Estate|House|Building|Centre|Center|Court|Garden|Gardens|Mansion|Tower|Plaza|Village|Lane|Avenue|Terrace)\b",
)
_NAMED_BEFORE = re.compile(
    r"[^\W\d_去住喺到送往在是於居嘅的係搬返寄交給我佢你同和及至由從址點\x00-\x7f]{2,5}"
    r"(?:邨|苑|花園|新村|山莊|大廈|中心|廣場|居|軒|閣|樓|村)[ ,，]?[（(]?\Z"
)
_LATIN_BEFORE = re.compile(r"(?:[A-Z][A-Za-z'’]+[ ]){1,4}\Z")
"""A building's name before its block: `The Parkside 2A座31樓`."""
_MOST = 8
"""Parts that an edge grows by."""
_CLOSING = "」』）)】》\"' ,，。;；"
_PUBLIC = re.compile(
    r"會議室|課室|教室|禮堂|活動室|多用途室|校務處|辦事處|登記處|演講廳|考場|試場|食堂|餐廳|泳池|健身室|洗手間"
)
_ROOM_OF_A_FLOOR = re.compile(
    rf"(?:[0-9]{{1,2}}|{_N}|地)(?:樓|/F|字樓|層)[ ]?(?:[0-9]{{3}}[A-Z]?室|{_PUBLIC.pattern}|大{_PUBLIC.pattern})?"
)
_AROUND = 24
_TRACES = re.compile(r"[座樓楼室號号邨苑閣街道路里巷徑村園臺台廈厦庭居軒舖期層层栋幢棟塔屋]")
_WEAK = 0.35


@cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Names of districts before an address (Chinese), and after it (English)."""
    pairs = [line.split("|")[:2] for line in words.lines("districts.txt")]
    chinese = sorted({form for pair in pairs for form in (pair[0], words.folded(pair[0]))}, key=len, reverse=True)
    english = sorted({"HK", "Kowloon", "N.T.", "NT", "HKSAR", *(pair[1] for pair in pairs)}, key=len, reverse=True)
    return (
        re.compile(rf"(?:(?:{'|'.join(map(re.escape, chinese))})[區区]?[ ,，]?){{1,3}}\Z"),
        re.compile(rf"(?:,?[ ]|,?[ ]?\n)(?:{'|'.join(map(re.escape, english))})(?![A-Za-z])"),
    )


def grown(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of an address in `text` with the parts that stand beside it, and without closing signs at its end."""
    while (
        end - start > 1
        and text[end - 1] in _CLOSING
        and text[start:end].count("(") >= text[start:end].count(")") - 0
        and text[end - 1] != ")"
    ):
        end -= 1
    before, after = _beside()
    for _ in range(_MOST):
        more = _RIGHT.match(text, end) or after.match(text, end)
        if more is None or more.end() == end:
            break
        end = more.end()
    for pattern in (_NAMED_BEFORE, _LATIN_BEFORE, before):
        if pattern is not _LATIN_BEFORE or re.match("[0-9A-Z第]", text[start : start + 1]):
            lead = pattern.search(text[max(0, start - 30) : start])
            start -= 0 if lead is None else len(lead.group())
    return start, end


def settled(text: str, found: list[Finding]) -> list[Finding]:
    """`found` with its addresses grown, and without those that are rooms of a public house or columns of a table."""
    out: list[Finding] = []
    for each in found:
        if each.kind is not Kind.ADDRESS:
            out.append(each)
        elif is_address(text, each):
            start, end = grown(text, each.start, each.end)
            out.append(Finding(start, end, each.kind, each.score, text[start:end]))
    return out


def is_address(text: str, each: Finding) -> bool:
    """Whether the span may be one."""
    inside = each.text
    if "\t" in inside and each.score < 0.6:
        return False
    if _ROOM_OF_A_FLOOR.fullmatch(inside):
        return _PUBLIC.search(text, max(0, each.start - _AROUND), each.end + _AROUND) is None
    if any(char.isdigit() for char in inside) or each.score > _WEAK:
        return True
    return not inside.isascii() and _TRACES.search(inside) is not None
