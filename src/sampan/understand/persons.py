"""What the tagger takes for a person, settled: where a name begins and ends, and what cannot be one.

The network sees a few words around a token. What is known of the whole span is used here: titles belong to bare surnames, verbs and
particles to nobody, and places, acronyms, kin and things are no names.
"""

import re
from collections.abc import Iterator
from functools import cache

from sampan.contract.labels import Finding, Kind
from sampan.understand import words
from sampan.understand.not_people import without_things

_HAN = r"\u3400-\u9fff"
_TITLE = re.compile(words.either("titles"))
_TITLE_AT_END = re.compile(rf"(?:{words.either('titles_after_full_names')})\Z")
_ALL_HAN = re.compile(rf"[{_HAN}]+\Z")
_SPACED = re.compile(rf"[{_HAN}](?:[ ]+[{_HAN}]){{1,3}}\Z")
_UNSPACED = re.compile(r"(?<=[^\s])[,\t|](?=[^\s])")
_CLASS = re.compile(r"\d{1,2}[A-Z]?班?")
_VERBS = "查對向由被據致問請叫搵揾見同與和因茲兹給跟找"
"""What stands before a name and may be taken into it."""
_SAID = "曰道說説話稱"
_SMALL = frozenset(words.listed("small"))
_BEFORE = frozenset(words.listed("outside"))
_LINKS = frozenset(words.listed("links"))
_ACRONYMS = frozenset(words.listed("acronyms"))
_EPONYM = re.compile(rf"['’]?s?[ ](?:{words.either('things_latin')})\b|[ ]?(?:{words.either('things_chinese')})")
"""What makes the name before it that of a thing."""
_STREET = re.compile(r"(?:道|街|徑|路|里|坊)(?=[、，。,.及與和同交口東西南北中附（(\d\s]|\Z)")
_ORG_END = re.compile(
    r"(?:Society|Association|Foundation|Institute|Council|Committee|Federation|Union|Church|Company|Limited|Ltd|Centre|Center|School|College|"
    r"Hospital|University|Restaurant|Hotel|Clinic|Trust)\Z"
)
_ARTICLE = re.compile(r"(?<![A-Za-z])(?:an?|the|A|An|The)[ ]\Z")
_HOUSE = re.compile(rf"['’]?s?[ ](?:{words.either('households')})|['’]s\b|s\b")
"""What a name behind an article is followed by when it is one: `the Chan family`."""
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*\.?")
_WEAK, _DOUBT, _SURE = 0.6, 0.65, 0.9
_CONTRACTED = re.compile(r"['’](?:am|d|ll|re|ve|t|m)\b")


def settled(text: str, found: list[Finding]) -> list[Finding]:
    """`found` in `text` (normalised), its persons cut, grown or taken back."""
    if not any(each.kind is Kind.PERSON for each in found):
        return found
    kept: list[Finding] = []
    for each in found:
        if each.kind is not Kind.PERSON:
            kept.append(each)
            continue
        for start, end in _parts(text, each.start, each.end):
            part = Finding(start, end, each.kind, each.score, text[start:end])
            if _ORG_END.search(part.text) and " " in part.text:
                kept.append(Finding(start, end, Kind.ORG, each.score, part.text))
            elif _may_be(text, part):
                kept.append(part)
    return without_things(text, kept)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span as one or more names: Chinese and Latin ones, each with its own edges."""
    inside = text[start:end]
    if (comma := _UNSPACED.search(inside)) is not None:  # cells of a table
        yield from _parts(text, start, start + comma.start())
        yield from _parts(text, start + comma.end(), end)
    elif _ALL_HAN.match(inside):
        yield _chinese(text, start, end)
    elif _SPACED.match(inside):
        yield start, end
    elif inside.isascii() or not re.search(rf"[{_HAN}]", inside):
        yield from _latin(text, start, end)
    else:
        yield from _mixed(text, start, end)


def _chinese(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a verb before it; a bare surname with its whole title, a full name without."""
    size = end - start
    if (ah := text.find("阿", start + 1, end)) > 0 and ah <= end - 2:
        return ah, end
    verb = text[start] in _VERBS or not _is_surname(text[start])
    if (
        size > 2
        and verb
        and _is_surname(text[start + 1])
        and not _is_surname(text[start : start + 2])
        and text[start] not in "阿小老大"
    ):
        start += 1
    family = 2 if _is_surname(text[start : start + 2]) and end - start != 2 else 1
    if _is_surname(text[start : start + family]):
        title = _TITLE.match(text, start + family)
        if title is not None and title.end() >= end and title.end() - end < 3:
            return start, title.end()
        if title is not None and title.end() < end and len(title.group()) > 1:
            return start, title.end()
        late = _TITLE_AT_END.search(text[start:end])
        if late is not None and late.start() > family:
            end = start + late.start()
    if end - start > 2 and text[end - 1] in _SAID:
        end -= 1
    return start, end


def _mixed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """`2E程樂兒` without the class; `Ivy姑娘`, `Lucy陳`, `阿Ken` whole; others in their two scripts."""
    lead = _CLASS.match(text, start, end)
    if lead is not None:
        if lead.end() < end:
            yield from _parts(text, lead.end(), end)
        return
    runs = [(m.start(), m.end()) for m in re.finditer(rf"[{_HAN}]+|[^{_HAN}]+", text[start:end])]
    if len(runs) == 2:
        han = text[start + runs[0][0] : start + runs[0][1]]
        other = text[start + runs[1][0] : start + runs[1][1]]
        chinese = han if _ALL_HAN.match(han) else other
        glued = chinese in {"阿", "小", "老", "大"} or (
            len(chinese) <= 2 and (_is_surname(chinese) or _TITLE.fullmatch(chinese))
        )
        if glued or (chinese.endswith(tuple("生太哥姐仔妹")) and len(chinese) <= 2):
            yield start, end
            return
    parts = 0
    for first, last in runs:
        part = text[start + first : start + last]
        left = start + first + len(part) - len(part.lstrip(" ,()/"))
        right = start + last - (len(part) - len(part.rstrip(" ,(/")))
        if right - left > 1:
            parts += 1
            yield from (
                _latin(text, left, right) if not _ALL_HAN.match(text[left:right]) else [_chinese(text, left, right)]
            )
    if not parts and any(_is_surname(char) or char == "阿" for char in text[start:end]):
        yield start, end


def _latin(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs between small words that belong to no name; with the bracket that was opened in it, or the point of an initial."""
    found = list(_WORD.finditer(text, start, end))
    if not any(each.group()[:1].isupper() for each in found):
        yield start, end
        return
    run: list[re.Match[str]] = []
    for each in [*found, None]:
        if each is not None and not (each.group() in _SMALL and each.group() not in _LINKS):
            run.append(each)
            continue
        while run and run[-1].group() in _LINKS:
            run.pop()
        while len(run) > 1 and run[0].group().lower() in _BEFORE:
            run.pop(0)
        if run and any(one.group()[:1].isupper() for one in run):
            first = start if run[0] is found[0] else run[0].start()
            last = end if run[-1] is found[-1] else run[-1].end()
            yield first, _closed(text, first, last)
        run = []


def _closed(text: str, start: int, end: int) -> int:
    return end + 1 if text.count("(", start, end) > text.count(")", start, end) and text[end : end + 1] == ")" else end


def _is_surname(name: str) -> bool:
    return words.folded(name) in words.families()


@cache
def _cantonese() -> frozenset[str]:
    return frozenset(words.folded(line) for line in words.lines("words_yue.txt"))


def _may_be(text: str, each: Finding) -> bool:
    inside = each.text
    if inside.lower() in words.places() or in_title(text, each):
        return False
    if _ALL_HAN.match(inside):
        return _may_be_chinese(text, each)
    if inside.isascii() or not re.search(rf"[{_HAN}]", inside):
        return _may_be_latin(text, each)
    return True


def in_title(text: str, each: Finding) -> bool:
    """Whether it stands in the title of a work: 《…》."""
    opened = text.rfind("《", max(0, each.start - 40), each.start)
    return opened >= 0 and "》" not in text[opened : each.start] and "》" in text[each.end : each.end + 40]


def _may_be_chinese(text: str, each: Finding) -> bool:
    name = words.folded(each.text)
    if (_EPONYM.match(text, each.end) and each.score < 0.97) or _STREET.match(text, each.end):
        return False
    if name in words.common() and each.score < _SURE:
        return False
    family = 2 if name[:2] in words.families() and len(name) > 2 else 1
    if name[:family] in words.families():
        rest = name[family:]
        if len(rest) > 1 and rest in _cantonese():
            return False
        return bool(not rest or _TITLE.match(each.text, family) or not _is_no_given(rest) or each.score > _SURE)
    if name[0] in "阿小老大" or each.score >= _SURE:
        return True
    return each.score > (_DOUBT if len(name) < 3 else _WEAK) and (len(name) == 3 or _is_pet_name(name))


def _is_no_given(rest: str) -> bool:
    """Whether nobody is called so: a word out of characters that are in no given name."""
    listed = words.given()[0]
    return len(rest) > 1 and rest in words.common() and not any(char in listed for char in rest)


def _is_pet_name(name: str) -> bool:
    return (
        name[0] == name[-1]
        or name[-1] in "仔哥姐妹叔伯姨嫂婆公爷太生宝儿"
        or all(char in words.given()[0] for char in name)
    )


def _may_be_latin(text: str, each: Finding) -> bool:
    tokens = [token.group() for token in _WORD.finditer(each.text)]
    if not tokens or any(char.isdigit() for char in each.text):
        return False
    lows = [part for token in tokens for part in re.split("[.-]", words.plain(token)) if part]
    if not any(token[:1].isupper() for token in tokens):
        return _may_be_small(text, each, lows)
    if _EPONYM.match(text, each.end) or _CONTRACTED.match(text, each.end):
        return False
    if (
        len(tokens) == 1
        and _ARTICLE.search(text, max(0, each.start - 5), each.start)
        and not _HOUSE.match(text, each.end)
    ):
        return False
    if len(tokens) > 1:
        return each.score > 0.25
    return _may_stand_alone(tokens[0], lows[0], each.score)


def _may_be_small(text: str, each: Finding, lows: list[str]) -> bool:
    """Without capitals: a word of a name is there, and none of a sentence."""
    named = {"first", "last", "hk_last", "hk_syllable", "pinyin"}
    if lows[0] == "ah" and len(lows) == 2:
        return lows[1] not in _SMALL
    if (each.start and text[each.start - 1] in "._@/") or text[each.end : each.end + 1] in {
        "_",
        "@",
    }:  # a part of an identifier
        return False
    flags, score = [set(words.flags_of(low)) for low in lows], each.score
    if any(low in _SMALL for low in lows) or not any(named & its for its in flags):
        return False
    if len(lows) > 1:
        return all(len(low) == 1 or named & its or "common" not in its for low, its in zip(lows, flags, strict=True))
    return score >= _WEAK and ("common" not in flags[0] or ("first" in flags[0] and score > 0.95))


def _may_stand_alone(token: str, low: str, score: float) -> bool:
    """One word with a capital: acronyms and words that the network doubts are none."""
    flags = words.flags_of(low)
    if token in _ACRONYMS:
        return False
    if token.isupper() and len(token) > 1 and score < _WEAK and not {"first", "hk_last"} & set(flags):
        return False
    if low in _SMALL and score < _SURE:
        return False
    return score >= _WEAK or (score > 0.25 and ("first" in flags or "common" not in flags))
