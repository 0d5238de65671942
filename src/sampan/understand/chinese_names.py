"""Chinese names by their form: titles behind surnames, 阿X, 輝叔, fields of a form, roles before a name, quoted names.

Where a name begins and ends is decided by what stands beside it: signs, words that introduce somebody, roles, verbs.
"""

import re
from collections.abc import Iterator
from functools import cache

from sampan.understand import words

Span = tuple[int, int, float]
_HAN = r"\u3400-\u9fff"
_TITLE = re.compile(
    "先生|小姐|女士|太太|太|生|sir|Sir|SIR|醫生|医生|大律師|律師|律师|老師|老师|校長|校长|教授|博士|姑娘|師傅|师傅|主任|總經理|經理|经理|師奶|"
    "伯伯|伯母|婆婆|叔叔|局長|局长|議員|议员|委員|警長|法官|社工|護士|护士|同學|同学|牧師|神父|修女|法師|居士|閣下|主席|會長|秘書|隊長|督察"
)
_NOT_BARE = frozenset({"居士", "閣下", "法師", "同學", "同学"})
"""Titles that follow a whole name."""
_AFTER_SHORT = (
    "係喺嘅話說叫同和與，。！？,.!?:;：；、)） \n約請要唔想俾畀打有未都又會簽收今聽明入出去嚟來返搵你我佢呀啊你您先再已」』】》\"'…~～-/|\t(（"
)
"""What may follow 生 and 太 when they are titles (not 生產, 太陽)."""
_AFTER = frozenset(_AFTER_SHORT + "及等因於由曾將須應為在的之也並或而住到從交負寄跟給對向被把就仲即可仍正便才只不沒无無是个個啲嗰呢這那此其各每本該人")
_KIN = "媽爸公婆仔女姨叔伯哥嫂嫲爺嬸妹姐弟姑舅媽爹嫻里根拉富士華司爾波托米莫比"
_BEFORE = frozenset("係叫搵俾畀同和與請問話到由對向跟給找見是謝的嘅約喺嗨喂及被因據致、")
"""What may stand before a name when it is Chinese."""
_ROLE = re.compile(
    "(?:爸爸|媽媽|媽咪|父親|母親|爸|媽|兒子|女兒|長子|次子|長女|次女|孝子|孝女|丈夫|妻子|太太|老公|老婆|細佬|細妹|家姐|大佬|哥哥|弟弟|姐姐|妹妹|"
    "孫子|孫女|外孫|未婚妻|未婚夫|女友|男友|朋友|同事|同學|學生|老師|校長|教練|導師|導遊|导游|司機|司机|保安|保安員|看更|管理員|村長|校工|班主任|"
    "主席|副主席|秘書|司庫|會長|會員|委員|議員|客人|客戶|顧客|貴客|業主|租客|買方|賣方|賣家|買家|房東|房东|東主|工人|傭工|社工|護士|醫生|醫師|病人|"
    "患者|傷者|死者|逝者|事主|被告|原告|證人|疑犯|案主|當事人|申請人|申索人|答辯人|呈請人|受保人|受益人|持卡人|持牌人|負責人|聯絡人|收件人|寄件人|"
    "經手人|見證人|擔保人|監護人|家長|員工|職員|文員|經理|主任|助理|主管|老闆|老板|店長|店員|師傅|義工|隊長|組長|隊員|球員|學員|考生|參賽者|得獎者|"
    "冠軍|亞軍|季軍|新郎|新娘|伴郎|伴娘|本人|君|姓名|名叫|名字叫|叫做|全名|原名|又名|茲因|兹因|茲有|查|授權|委託|聯絡|介紹|邀請|感謝|多謝|有請)\\Z"
)
"""Who or what introduces a name that goes on in the same line."""
_FIELD = re.compile(
    rf"(?:姓\s?名|名字|聯絡人|联系人|收件人|收货人|寄件人|申請人|申请人|持卡人|持牌人|病人|患者|學生|家長|父親|母親|業主|租客|買方|賣方|承租人|監護人|"
    rf"客戶|負責人|經手人|受保人|受益人|甲方|乙方|戶名|户名|收款人|司機|主席|校長|班主任|社工|抬頭|戶主|車主|登記人|考生|員工)(?:姓名|名稱)?"
    rf"(?:\s?[(（][^()（）\n]{{1,6}}[)）])?\s?[:|：=]\s?[「『]?([{_HAN}]{{2,4}}|[{_HAN}](?: [{_HAN}]){{1,3}})(?![{_HAN}])"
)
_AH = re.compile(rf"阿([{_HAN}])(?=[{re.escape(_AFTER_SHORT)}]|\Z)")
_ELDER = re.compile(rf"([{_HAN}])(?:叔|伯|姨|嫂|哥|姐|嬸|婶)(?![公姐妹夫仔父母哥叔伯爺婆姨嬸{{])")
_UNLIKELY = frozenset("一二三四大多太得以之其可好如為能有用所自至特目水是下上")
"""Characters that are in a few given names and in many other words."""
_NO_ELDER = frozenset("下上大小二三四五六七八九十兩幾表堂阿家師學空帥老細伯叔姨姑舅姐哥契乾誼外太親舊新好靚個位嘅的我你佢她他各眾女男洛西俄鸚八娘爺婆公阿嬸嫂媽")
_SMALL = re.compile(rf"([小老])([{_HAN}])(?=[{re.escape(_AFTER_SHORT)}]|人)")
_QUOTED = re.compile(rf"(?:叫|名|寫|稱|係|是|搵|找|注明|註明)[^「」『』\n。，]{{0,4}}[「『]([{_HAN}]{{2,4}}|[A-Z][A-Za-z]{{1,11}}(?: [A-Z][A-Za-z]{{1,11}}){{0,2}})[」』]")
_NICK = re.compile(rf"[「『]((?:阿|小|老|大)?([{_HAN}])\2?[仔哥姐妹]?)[」』]")
_CALLED = re.compile(rf"(?:\A|[\n，,。！!？?：:~～] ?)([{_HAN}]{{2}})(?=[，,：:！!、]|會[遲到去嚟返唔]|話[佢我你]|你[幫可唔])")


@cache
def _families() -> frozenset[str]:
    """Chinese surnames, in both scripts."""
    listed = [line.split()[0] for name in ("surnames.txt", "surnames_rare.txt") for line in words.lines(name)]
    return words.families() | frozenset(listed)


@cache
def _full() -> re.Pattern[str]:
    """A surname of one character and two characters of given names, in folded text, overlapping."""
    families = "".join(sorted(each for each in words.families() if len(each) == 1))
    given = "".join(sorted(words.given()[0]))
    return re.compile(f"(?=([{families}][{given}]{{2}}))")


def spans(text: str) -> Iterator[Span]:
    """(start, end, score) in normalised text."""
    folded = words.folded(text)
    yield from _titled(text, folded)
    yield from _familiar(text, folded)
    for match in _FIELD.finditer(text):
        name = words.folded(match.group(1).replace(" ", ""))
        if name[0] in words.families() or name[:2] in words.families():
            yield (*match.span(1), 0.9)
    for match in _QUOTED.finditer(text):
        if _named(folded, *match.span(1)):
            yield (*match.span(1), 0.8)
    for match in _full().finditer(folded):
        start = match.start()
        if _stands(text, folded, start, start + 3):
            yield start, start + 3, 0.75


def _titled(text: str, folded: str) -> Iterator[Span]:
    for match in _TITLE.finditer(text):
        title = match.group()
        start = None if title in _NOT_BARE else _bare(text, match.start())
        if start is not None and folded[start : match.end()] in words.common():
            continue
        after = text[match.end() : match.end() + 1]
        if start is not None:
            if title not in "生太" or not after or after in _AFTER_SHORT:
                yield start, match.end(), 0.85
        elif title not in "生太" and (start := _whole(text, folded, match.start())) is not None:
            yield start, match.start(), 0.8


def _bare(text: str, end: int) -> int | None:
    """Where the surname begins that ends at `end`, if one does and nothing but its neighbour belongs to it."""
    for size in (2, 1):
        start = end - size
        if start >= 0 and text[start:end] in _families():
            return start if _opens(text, start) else None
    return None


def _whole(text: str, folded: str, end: int) -> int | None:
    """Where the full name begins that ends at `end`, before a title."""
    listed = words.given()[0]
    for size in (4, 3, 2):
        start = end - size
        family = 2 if size == 4 else 1
        if start < 0 or text[start : start + family] not in _families() or folded[start:end] in words.common():
            continue
        rest = folded[start + family : end]
        if all("\u3400" <= char <= "\u9fff" for char in rest) and _opens(text, start):
            return start if size > 2 or rest in listed else None
        if size == 3 and all(char in listed for char in rest) and folded[start : start + 2] not in words.common():
            return start
    return None


def _familiar(text: str, folded: str) -> Iterator[Span]:
    """阿強, 輝叔, 小霍, 「豆豆」, 家豪，…"""
    for match in _AH.finditer(text):
        if match.group(1) not in _KIN and _opens(text, match.start()):
            yield (*match.span(), 0.8)
    for match in _ELDER.finditer(text):
        if match.group(1) not in _NO_ELDER and _opens(text, match.start()) and folded[match.start() : match.end()] not in words.common():
            yield (*match.span(), 0.75)
    for match in _SMALL.finditer(text):
        if words.folded(match.group(2)) in words.surnames()[0] and _opens(text, match.start()) and match.group() not in _THINGS:
            if folded[match.start() : match.end()] not in words.common():
                yield (*match.span(), 0.65)
    for match in _NICK.finditer(text):
        if len(match.group(1)) > 1 and folded[slice(*match.span(1))] not in words.common() and match.group(2) not in _KIN:
            yield (*match.span(1), 0.75)
    for match in _CALLED.finditer(folded):
        name = match.group(1)
        if all(char in words.given()[0] and char not in _UNLIKELY for char in name) and not (name in words.common() or name[1] in "主客員方"):
            yield (*match.span(1), 0.6)


_THINGS = frozenset({"小巴", "小時", "小食", "老師", "小方", "小包", "小安", "小金", "小高", "小車", "小黃", "老牛", "老花", "老金", "小利", "小成", "小雷"})


def _named(folded: str, start: int, end: int) -> bool:
    """Whether what was quoted behind 叫 or 名 reads like a name."""
    name = folded[start:end]
    if name.isascii():
        return True
    return name not in words.common() and (name[0] in words.families() or name[0] == name[-1] or name[0] in "阿小")


def _opens(text: str, start: int) -> bool:
    """Whether a name may begin at `start`."""
    before = text[start - 1] if start else ""
    if not before or not "\u3400" <= before <= "\u9fff" or before in _BEFORE:
        return True
    return _ROLE.search(text, max(0, start - 5), start) is not None


def _stands(text: str, folded: str, start: int, end: int) -> bool:
    """Whether three characters that could be a name are one: introduced or alone, and not cut out of words."""
    common = words.common()
    if text[start] not in _families() or (not _UNLIKELY.isdisjoint(text[start + 1 : end]) and not _ROLE.search(text, max(0, start - 5), start)):
        return False
    if folded[start:end] in common or folded[start : start + 2] in common or folded[end - 1 : end + 1] in common:
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    beside = [each for each in (before, after) if each and "\u3400" <= each <= "\u9fff"]
    if not beside:
        return folded[start + 1 : end] not in common
    introduced = _ROLE.search(text, max(0, start - 5), start) is not None
    if before and "\u3400" <= before <= "\u9fff" and not introduced:
        if before not in _BEFORE or folded[start - 1 : start + 1] in common or folded[start + 1 : end] in common:
            return False
    return not after or not "\u3400" <= after <= "\u9fff" or after in _AFTER or folded[end : end + 2] in common
