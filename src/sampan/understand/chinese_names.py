"""Chinese names by their form: titles behind surnames, 阿X, 輝叔, fields of a form, roles before a name, quoted names.

Where a name begins and ends is decided by what stands beside it: signs, words that introduce somebody, roles, verbs.
"""

import re
from collections.abc import Iterator
from functools import cache

from sampan.understand import words

Span = tuple[int, int, float]
_HAN = r"\u3400-\u9fff"
_TITLE = re.compile(words.either("titles_of_surnames"))
_NOT_BARE = frozenset({"居士", "閣下", "法師", "同學", "同学"})
"""Titles that follow a whole name."""
_SIGNS = "，。！？,.!?:;：；、)） \n」』】》\"'…~～-/|\t(（"
_AFTER_SHORT = words.listed("after")[0] + _SIGNS
"""What may follow 生 and 太 when they are titles (not 生產, 太陽)."""
_AFTER = frozenset(_AFTER_SHORT + words.listed("after_full")[0])
_KIN = "媽爸公婆仔女姨叔伯哥嫂嫲爺嬸妹姐弟姑舅媽爹嫻里根拉富士華司爾波托米莫比"
_BEFORE = frozenset(words.listed("before")[0])
"""What may stand before a name when it is Chinese."""
_ROLE = re.compile(rf"(?:{words.either('roles')})\Z")
_INTRODUCED = re.compile(words.either("roles"))
_FIELD = re.compile(
    rf"(?:姓\s?名|{words.either('fields')})(?:姓名|名稱)?(?:\s?[(（][^()（）\n]{{1,6}}[)）])?\s?[:|：=]\s?[「『]?"
    rf"([{_HAN}]{{2,4}}|[{_HAN}](?: [{_HAN}]){{1,3}})(?![{_HAN}])"
)
_CELL = re.compile(rf"[\t|,][ \"']{{0,2}}([{_HAN}]{{3}})(?=[ \"']{{0,2}}[\t|,)])")
"""Alone in a cell of a table."""
_AH = re.compile(rf"阿([{_HAN}])")
_NOT_AH = frozenset("沙地摩洛保瑪索亞諾孟西")
"""What stands before 阿 inside of foreign names."""
_PET = re.compile(rf"[肥細傻靚衰矮]([{_HAN}])|([{_HAN}])仔(?![仔褲服飯麵粉包装裝報隊女])")
_ELDER = re.compile(rf"([{_HAN}])(?:叔|伯|姨|嫂|哥|姐|嬸|婶)(?![公姐妹夫仔父母哥叔伯爺婆姨嬸{{])")
_UNLIKELY = frozenset("一二三四大多太得以之其可好如為能有用所自至特目水是下上")
"""Characters that are in a few given names and in many other words."""
_NO_ELDER = frozenset(
    "下上大小二三四五六七八九十兩幾表堂阿家師學空帥老細伯叔姨姑舅姐哥契乾誼外太親舊新好靚個位嘅的我你佢她他各眾女男洛西俄鸚八娘爺婆公阿嬸嫂媽"
)
_NO_LAST = "病症性制煮湯茶粉麵飯糕餅酒店站線路街道村角灣山島園院會獎展節風港曰式化類仔"
"""What ends words that begin like a name: 關東煮, 時效性."""
_LAST = "主客員方"
"""What ends a word for somebody, not a name: 樓主, 乙方."""
_THINGS = frozenset(
    [
        "小巴",
        "小時",
        "小食",
        "老師",
        "小方",
        "小包",
        "小安",
        "小金",
        "小高",
        "小車",
        "小黃",
        "老牛",
        "老花",
        "老金",
        "小利",
        "小成",
        "小雷",
    ]
)
_SMALL = re.compile(rf"([小老])([{_HAN}])(?=[{re.escape(_AFTER_SHORT)}]|人)")
_QUOTED = re.compile(
    rf"(?:叫|名|寫|稱|係|是|搵|找|注明|註明)[^「」『』\n。，]{{0,4}}"
    rf"[「『]([{_HAN}]{{2,4}}|[A-Z][A-Za-z]{{1,11}}(?: [A-Z][A-Za-z]{{1,11}}){{0,2}})[」』]"
)
_NICK = re.compile(rf"[「『]((?:阿|小|老|大)?([{_HAN}])\2?[仔哥姐妹]?)[」』]")
_PARENT = re.compile(rf"([{_HAN}]{{2}})(?=媽咪|媽媽|妈妈|爸爸|爹哋|爺爺|嫲嫲|家長)")
_CALLED = re.compile(
    rf"(?:\A|[\n，,。！!？?：:~～] ?)([{_HAN}]{{2}})(?=[，,：:！!、]|會[遲到去嚟返唔]|話[佢我你]|你[幫可唔])"
)


@cache
def _families() -> frozenset[str]:
    """Chinese surnames, in both scripts."""
    listed = [line.split()[0] for name in ("surnames.txt", "surnames_rare.txt") for line in words.lines(name)]
    return words.families() | frozenset(listed)


def is_family(char: str) -> bool:
    """Whether a character is a surname, in either script."""
    return char in _families()


@cache
def _small() -> frozenset[str]:
    return _AFTER | _UNLIKELY | frozenset(words.folded("".join(sorted(_AFTER))))


def is_small(char: str) -> bool:
    """Whether a character is more often a word of a sentence than a part of a name."""
    return char in _small()


@cache
def rare_given() -> frozenset[str]:
    """Characters (folded) of given names that the tagger does not know for such."""
    return frozenset(words.folded(line) for line in words.lines("given_more.txt"))


@cache
def _full() -> re.Pattern[str]:
    """A surname of one character and two characters of given names, not both rare, in folded text, overlapping."""
    families = "".join(sorted(each for each in words.families() if len(each) == 1))
    often, rare = "".join(sorted(words.given()[0])), "".join(sorted(rare_given()))
    return re.compile(f"(?=([{families}](?:[{often}][{often}{rare}]|[{rare}][{often}])))")


@cache
def _alone() -> re.Pattern[str]:
    """A surname and two characters between signs."""
    families = "".join(sorted(each for each in _families() if len(each) == 1))
    return re.compile(rf"(?<![{_HAN}])[{families}][{_HAN}]{{2}}(?![{_HAN}])")


def spans(text: str) -> Iterator[Span]:
    """(start, end, score) in normalised text."""
    folded = words.folded(text)
    yield from _titled(text, folded)
    yield from _familiar(text, folded)
    yield from _given(text, folded)
    yield from _marked(text, folded)
    for match in _INTRODUCED.finditer(text):
        start = match.end()
        if text[start : start + 1] in _families():
            yield from ((start, start + size, 0.75) for size in _introduced(text, folded, start))
    for match in _alone().finditer(text):
        if _reads_alone(text, folded, match.start()):
            yield (*match.span(), 0.65)
    for match in _full().finditer(folded):
        start = match.start()
        if _stands(text, folded, start, start + 3):
            yield start, start + 3, 0.75


def _marked(text: str, folded: str) -> Iterator[Span]:
    """In a field of a form, a cell of a table, or quoted behind 叫."""
    for match in _FIELD.finditer(text):
        name = words.folded(match.group(1).replace(" ", ""))
        if name[0] in words.families() or name[:2] in words.families():
            yield (*match.span(1), 0.9)
    for match in _QUOTED.finditer(text):
        if _named(folded, *match.span(1)) and not _TITLE.search(match.group(1)):
            yield (*match.span(1), 0.8)
    for match in _CELL.finditer(text):
        if (
            match.group(1)[0] in _families()
            and folded[slice(*match.span(1))] not in words.common()
            and _UNLIKELY.isdisjoint(match.group(1))
        ):
            yield (*match.span(1), 0.7)


def _titled(text: str, folded: str) -> Iterator[Span]:
    for match in _TITLE.finditer(text):
        title = match.group()
        start = None if title in _NOT_BARE else _bare(text, folded, match.start())
        if start is not None and folded[start : match.end()] in words.common():
            continue
        if start is not None:
            if len(title) > 1 or _ends_short(text, folded, match.end()):
                yield start, match.end(), 0.85
        elif len(title) > 1 and (start := _whole(text, folded, match.start())) is not None:
            yield start, match.start(), 0.8


def _ends_short(text: str, folded: str, end: int) -> bool:
    """Whether a title of one character ends there, and no word goes on over it: 陳生缺席, not 高生產力 or 黃太陽."""
    return closes(text, folded, end) and folded[end - 1 : end + 1] not in words.common()


def _bare(text: str, folded: str, end: int) -> int | None:
    """Where the surname begins that ends at `end`, if one does and nothing but its neighbour belongs to it."""
    for size in (2, 1):
        start = end - size
        if start >= 0 and text[start:end] in _families():
            return start if opens(text, folded, start) else None
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
        if all("\u3400" <= char <= "\u9fff" for char in rest) and opens(text, folded, start):
            return start if size > 2 or rest in listed else None
        if size == 3 and all(char in listed for char in rest) and folded[start : start + 2] not in words.common():
            return start
    return None


def _familiar(text: str, folded: str) -> Iterator[Span]:
    """How people call each other: 阿強, 輝叔, 小霍."""
    for match in _AH.finditer(text):
        if (
            match.group(1) not in _KIN
            and closes(text, folded, match.end())
            and text[match.start() - 1 : match.start()] not in _NOT_AH
        ):
            yield (*match.span(), 0.8)
    for match in _PET.finditer(text):
        if (
            _free(text, folded, match.span())
            and closes(text, folded, match.end())
            and _is_called(match.group(1) or match.group(2))
        ):
            yield (*match.span(), 0.75)
    for match in _ELDER.finditer(text):
        if match.group(1) not in _NO_ELDER and _free(text, folded, match.span()):
            yield (*match.span(), 0.75)
    for match in _SMALL.finditer(text):
        if words.folded(match.group(2)) in words.surnames()[0] and _free(text, folded, match.span()):
            yield (*match.span(), 0.65)


def _given(text: str, folded: str) -> Iterator[Span]:
    """Given names alone: 「豆豆」, 曉晴媽咪, 家豪，…."""
    listed, common = words.given()[0], words.common()
    for match in _NICK.finditer(text):
        if len(match.group(1)) > 1 and match.group(2) not in _KIN and folded[slice(*match.span(1))] not in common:
            yield (*match.span(1), 0.75)
    for match in _PARENT.finditer(text):
        if all(char in listed for char in folded[slice(*match.span(1))]) and _free(text, folded, match.span(1)):
            yield (*match.span(1), 0.75)
    for match in _CALLED.finditer(text):
        name = folded[slice(*match.span(1))]
        if (
            all(char in listed and char not in _UNLIKELY for char in name)
            and name not in common
            and name[1] not in _LAST
        ):
            yield (*match.span(1), 0.6)


def _free(text: str, folded: str, span: tuple[int, int]) -> bool:
    """Whether a name may begin there, and what stands there is no word."""
    return (
        opens(text, folded, span[0])
        and folded[slice(*span)] not in words.common()
        and text[slice(*span)] not in _THINGS
    )


def _named(folded: str, start: int, end: int) -> bool:
    """Whether what was quoted behind 叫 or 名 reads like a name."""
    name = folded[start:end]
    if name.isascii():
        return True
    return name not in words.common() and (name[0] in words.families() or name[0] == name[-1] or name[0] in "阿小")


def opens(text: str, folded: str, start: int) -> bool:
    """Whether a name may begin at `start`: behind a sign, a word that introduces somebody, a role, or any word's end."""
    before = text[start - 1] if start else ""
    if not before or not "\u3400" <= before <= "\u9fff" or before in _BEFORE:
        return True
    if _ROLE.search(text, max(0, start - 5), start) is not None:
        return True
    common = words.common()
    return start > 1 and folded[start - 2 : start] in common and folded[start - 1 : start + 1] not in common


def _is_called(char: str) -> bool:
    return char not in _KIN and words.folded(char) in _callable()


@cache
def _callable() -> frozenset[str]:
    """Characters (folded) by which somebody is called: of given names, and surnames."""
    return (words.given()[0] - _UNLIKELY) | frozenset(each for each in words.surnames()[0] if len(each) == 1)


def _introduced(text: str, folded: str, start: int) -> Iterator[int]:
    """The size of the name that a surname at `start`, behind a role, begins: three characters, or two before a sign."""
    common = words.common()
    if _TITLE.match(text, start + 1):
        return
    for size in (3, 2):
        end = start + size
        name = text[start:end]
        if len(name) < size or not all("\u3400" <= char <= "\u9fff" for char in name) or folded[start:end] in common:
            continue
        if (
            size == 2
            and not ("\u3400" <= text[end : end + 1] <= "\u9fff")
            and folded[end - 1] in _callable() | rare_given()
        ):
            yield size
        inside = folded[start : start + 2] in common or folded[start + 1 : end] in common
        if size == 3 and not inside and _AFTER.isdisjoint(name[1:]) and closes(text, folded, end):
            yield size
            return


def _reads_alone(text: str, folded: str, start: int) -> bool:
    """Whether three characters between signs, of which the first is a surname, are no word and have none in them."""
    end, common = start + 3, words.common()
    if any(folded[a:b] in common for a, b in ((start, end), (start, end - 1), (start + 1, end))):
        return False
    if (
        is_small(text[start + 1])
        or is_small(text[end - 1])
        or text[end - 1] in _NO_LAST
        or _TITLE.match(text, start + 1)
    ):
        return False
    return folded[start:end] not in words.places()


def _stands(text: str, folded: str, start: int, end: int) -> bool:
    """Whether three characters that could be a name are one: introduced or alone, and not cut out of words."""
    common = words.common()
    introduced = _ROLE.search(text, max(0, start - 5), start) is not None
    if folded[start:end] in words.places():
        return False
    if text[start] not in _families() or folded[start:end] in common or folded[end - 1 : end + 1] in common:
        return False
    if introduced:
        return closes(text, folded, end)
    if (
        not _UNLIKELY.isdisjoint(text[start + 1 : end])
        or folded[start : start + 2] in common
        or folded[start + 1 : end] in common
    ):
        return False
    if not opens(text, folded, start) or (start and folded[start - 1 : start + 1] in common):
        return False
    return closes(text, folded, end)


def closes(text: str, folded: str, end: int) -> bool:
    """Whether a name may end at `end`."""
    after = text[end : end + 1]
    return not after or not "\u3400" <= after <= "\u9fff" or after in _AFTER or folded[end : end + 2] in words.common()
