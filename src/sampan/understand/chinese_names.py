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
_AH = re.compile(rf"阿([{_HAN}])(?=[{re.escape(_AFTER_SHORT)}]|\Z)")
_ELDER = re.compile(rf"([{_HAN}])(?:叔|伯|姨|嫂|哥|姐|嬸|婶)(?![公姐妹夫仔父母哥叔伯爺婆姨嬸{{])")
_UNLIKELY = frozenset("一二三四大多太得以之其可好如為能有用所自至特目水是下上")
"""Characters that are in a few given names and in many other words."""
_NO_ELDER = frozenset(
    "下上大小二三四五六七八九十兩幾表堂阿家師學空帥老細伯叔姨姑舅姐哥契乾誼外太親舊新好靚個位嘅的我你佢她他各眾女男洛西俄鸚八娘爺婆公阿嬸嫂媽"
)
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
    yield from _given(text, folded)
    yield from _marked(text, folded)
    for match in _INTRODUCED.finditer(text):
        start = match.end()
        if text[start : start + 1] in _families() and _is_introduced(text, folded, start):
            yield start, start + 3, 0.75
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
        if _named(folded, *match.span(1)):
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
    """How people call each other: 阿強, 輝叔, 小霍."""
    for match in _AH.finditer(text):
        if match.group(1) not in _KIN and _opens(text, match.start()):
            yield (*match.span(), 0.8)
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
    return _opens(text, span[0]) and folded[slice(*span)] not in words.common() and text[slice(*span)] not in _THINGS


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


def _is_introduced(text: str, folded: str, start: int) -> bool:
    """Whether a surname at `start`, behind a role, begins a name of three characters."""
    common, end = words.common(), start + 3
    if not all("\u3400" <= char <= "\u9fff" for char in text[start:end]) or len(text) < end:
        return False
    if (
        folded[start:end] in common
        or folded[start + 1 : end] in common
        or text[end - 1] in _AFTER
        or text[start + 1] in _AFTER
    ):
        return False
    return folded[start : start + 2] not in common and _closes(text, folded, end)


def _stands(text: str, folded: str, start: int, end: int) -> bool:
    """Whether three characters that could be a name are one: introduced or alone, and not cut out of words."""
    common = words.common()
    introduced = _ROLE.search(text, max(0, start - 5), start) is not None
    if text[start] not in _families() or folded[start:end] in common or folded[end - 1 : end + 1] in common:
        return False
    if introduced:
        return _closes(text, folded, end)
    if (
        not _UNLIKELY.isdisjoint(text[start + 1 : end])
        or folded[start : start + 2] in common
        or folded[start + 1 : end] in common
    ):
        return False
    before = text[start - 1 : start]
    if before and "\u3400" <= before <= "\u9fff" and (before not in _BEFORE or folded[start - 1 : start + 1] in common):
        return False
    return _closes(text, folded, end)


def _closes(text: str, folded: str, end: int) -> bool:
    """Whether a name may end at `end`."""
    after = text[end : end + 1]
    return not after or not "\u3400" <= after <= "\u9fff" or after in _AFTER or folded[end : end + 2] in words.common()
