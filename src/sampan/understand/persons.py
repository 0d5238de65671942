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
TITLES = (
    "大律師|律師|律师|大律师|師傅|师傅|師奶|先生|小姐|女士|太太|伯母|伯伯|伯娘|婆婆|公公|爺爺|奶奶|嬤嬤|叔叔|姑娘|姨姨|哥哥|姐姐|醫生|醫師|医生|"
    "老師|老师|校長|校长|教授|博士|主任|總經理|副經理|經理|经理|總監|总监|主席|會長|委員|議員|议员|局長|局长|署長|處長|院長|站長|店長|隊長|組長|"
    "警長|督察|法官|社工|護士|护士|董事|秘書|村長|牧師|神父|修女|法師|大師|師兄|師姐|工程師|會計師|同學|同学|Sir|sir|SIR|總|生|太|伯|叔|嬸|姨|嫂|哥|姐|工"
)
_TITLE = re.compile(rf"(?:{TITLES})")
_TITLE_AT_END = re.compile(r"(?:先生|小姐|女士|太太|醫生|医生|老師|老师|校長|教授|律師|同學|同学|博士|議員|主任|經理|閣下|居士|法師)\Z")
_ALL_HAN = re.compile(rf"[{_HAN}]+\Z")
_SPACED = re.compile(rf"[{_HAN}](?:[ ]+[{_HAN}]){{1,3}}\Z")
_CLASS = re.compile(r"\d{1,2}[A-Z]?班?")
_VERBS = "查對向由被據致問請叫搵揾見同與和因茲兹給跟找"
"""What stands before a name and may be taken into it."""
_SAID = "曰道說説話稱"
_SMALL = frozenset(
    # Tagalog
    "ang ng sa po na ko mo si kay ni nina sina kina ay at mga ako ikaw siya kami tayo kayo sila ito iyan yan yun yung dito diyan doon ba nga "
    "lang naman din rin pa kung kapag pero kasi dahil hindi wala meron may para mula hanggang salamat magkano kuya ate nanay tatay lola lolo "
    "opo oo yes no not sir mam maam ma'am kasama pangalan naiwan remit "
    # Cantonese in Latin letters
    "nei ngo kui keoi hai mei mou hou la lah ar wah wor ge jor jo zo dou dau bei dang gan mm goi toi faan yum loi dak haan "
    "zau jau dim ngoi mut yeh gah lor "
    # English
    "is was are were be been has have had the a an and or but of to in on at by for from with said says will would can could may might please "
    "who that this call called told asked asks wants you me my your his her our their it he she they we if when as so then than".split()
)
"""Small words that belong to no name."""
_BEFORE = frozenset("kuya ate lola lolo nanay tatay tita tito uncle auntie aunty sir maam dear hi hello hey re attn mr mrs ms miss dr prof".split())
"""Words before a name that stay outside."""
_LINKS = frozenset("de da do dos das del della di du la le van von der den bin binti bint al el ibn ter ten y e dela san santa st".split())
_EPONYM = re.compile(
    r"['’]?s?[ ](?:Institute|Prize|Award|Medal|Programme|Program|Foundation|Fellowship|Scholarship|Hotel|Hall|Museum|Stadium|Theatre|Theater|"
    r"Restaurant|Café|Cafe|Bar|Cup|Trophy|Road|Street|Avenue|Library|Centre|Center|Building|Library|University|College|School|Hospital|Airport|"
    r"Station|Bank|Group|Holdings|Limited|Ltd|Inc|programme|theorem|distribution|equation|algorithm|syndrome|disease|constant|Pot|Rice|Tea|"
    r"Salad|Sauce|Pie)\b|[ ]?(?:菌|定律|定理|效應|症候群|綜合症|氏症|獎學金|獎|盃|珠寶|金行|餐廳|酒家|茶餐廳|扒房|酒樓|書院|體育館|博物館|紀念館|基金會|牌|風筒)"
)
"""What makes the name before it that of a thing."""
_ORG_END = re.compile(
    r"(?:Society|Association|Foundation|Institute|Council|Committee|Federation|Union|Church|Company|Limited|Ltd|Centre|Center|School|College|"
    r"Hospital|University|Restaurant|Hotel|Clinic|Trust)\Z"
)
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
    if _ALL_HAN.match(inside):
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
    if size > 2 and verb and _is_surname(text[start + 1]) and not _is_surname(text[start : start + 2]) and text[start] not in "阿小老大":
        start += 1
    family = 2 if _is_surname(text[start : start + 2]) and end - start != 2 else 1
    if _is_surname(text[start : start + family]):
        title = _TITLE.match(text, start + family)
        if title is not None and title.end() >= end and title.end() - end < 3:
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
        glued = chinese in {"阿", "小", "老", "大"} or len(chinese) <= 2 and (_is_surname(chinese) or _TITLE.fullmatch(chinese))
        if glued or chinese.endswith(tuple("生太哥姐仔妹")) and len(chinese) <= 2:
            yield start, end
            return
    parts = 0
    for first, last in runs:
        part = text[start + first : start + last]
        left = start + first + len(part) - len(part.lstrip(" ,()/"))
        right = start + last - (len(part) - len(part.rstrip(" ,(/")))
        if right - left > 1:
            parts += 1
            yield from (_latin(text, left, right) if not _ALL_HAN.match(text[left:right]) else [_chinese(text, left, right)])
    if not parts:
        yield start, end


def _latin(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs between small words that belong to no name; with the bracket that was opened in it, or the point of an initial."""
    found = list(_WORD.finditer(text, start, end))
    if not any(each.group()[:1].isupper() for each in found):
        yield start, end
        return
    run: list[re.Match[str]] = []
    for each in [*found, None]:
        if each is not None and not (each.group().lower() in _SMALL and each.group().islower()):
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


@cache
def places() -> frozenset[str]:
    """Districts, estates and streets in Latin letters (small), and Chinese ones in both scripts."""
    found: set[str] = set()
    for name in ("districts.txt", "estates.txt", "streets.txt"):
        for line in words.lines(name):
            chinese, latin = line.split("|")[:2]
            found.update((chinese, words.folded(chinese), latin.lower()))
    return frozenset(found)


def _may_be(text: str, each: Finding) -> bool:
    inside = each.text
    if inside.lower() in places():
        return False
    if _ALL_HAN.match(inside):
        return _may_be_chinese(text, each)
    if inside.isascii() or not re.search(rf"[{_HAN}]", inside):
        return _may_be_latin(text, each)
    return True


def _may_be_chinese(text: str, each: Finding) -> bool:
    name = words.folded(each.text)
    if _EPONYM.match(text, each.end) and each.score < 0.97:
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
    return name[0] == name[-1] or name[-1] in "仔哥姐妹叔伯姨嫂婆公爷太生宝儿" or all(char in words.given()[0] for char in name)


def _may_be_latin(text: str, each: Finding) -> bool:
    tokens = [token.group() for token in _WORD.finditer(each.text)]
    if not tokens or any(char.isdigit() for char in each.text):
        return False
    lows = [part for token in tokens for part in re.split("[.-]", words.plain(token)) if part]
    if not any(token[:1].isupper() for token in tokens):
        return _may_be_small(lows, each.score)
    if _EPONYM.match(text, each.end) or _CONTRACTED.match(text, each.end):
        return False
    if len(tokens) > 1:
        return each.score > 0.25
    return _may_stand_alone(tokens[0], lows[0], each.score)


def _may_be_small(lows: list[str], score: float) -> bool:
    """Without capitals: a word of a name is there, and none of a sentence."""
    named = {"first", "last", "hk_last", "hk_syllable", "pinyin"}
    if lows[0] == "ah" and len(lows) == 2:
        return lows[1] not in _SMALL
    flags = [set(words.flags_of(low)) for low in lows]
    if any(low in _SMALL for low in lows) or not any(named & each for each in flags):
        return False
    if len(lows) > 1:
        return all(len(low) == 1 or named & each or "common" not in each for low, each in zip(lows, flags, strict=True))
    return score >= _WEAK and ("common" not in flags[0] or ("first" in flags[0] and score > 0.95))


def _may_stand_alone(token: str, low: str, score: float) -> bool:
    """One word with a capital: acronyms and words that the network doubts are none."""
    flags = words.flags_of(low)
    if token.isupper() and len(token) > 1 and score < _WEAK and not {"first", "hk_last"} & set(flags):
        return False
    if low in _SMALL and score < _SURE:
        return False
    return score >= _WEAK or (score > 0.25 and ("first" in flags or "common" not in flags))
