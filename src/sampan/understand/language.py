"""Which language a text is in, by its characters: no model, a few microseconds whatever the length."""

import codecs
import re

_WINDOW, _WINDOWS = 120, 4
"""A long text is judged by this many stretches of this many characters, evenly spread."""
_WORDS = 240
"""Characters of it whose words are looked at."""
_SHARE = 0.2
"""A language with less of the text than this is not told: one English word makes no sentence English."""
_LETTERS = 3
"""Latin letters that say as much as one Chinese character, roughly."""
_SPOKEN = 45
"""One character that only Cantonese writes, in so many Chinese ones, makes a text Cantonese."""

# Characters that Cantonese writes and standard Chinese does not, or hardly. Source: the Hong Kong Supplementary
# Character Set's Cantonese part and common usage; those that standard Chinese needs too (係, 唱, 住) are left out.
CANTONESE = "嘅咗喺唔佢哋嘢咁啲嚟冇畀乜咩嗰啱攞瞓諗睇噉嘥嬲揾搵嗌啩喎囉嘞㗎咪咋咯叻餸孭攰冚閂氹嗮晒嘈嗱"
_CANTONESE_WORDS = re.compile("而家|依家|點解|邊度|邊個|幾多|聽日|琴日|尋日|唔該|得閒|點樣|係咪|好似")
_SPOKEN_BYTES = codecs.charmap_build("".join(map(chr, range(128))) + CANTONESE.ljust(128, "\ufffe"))
_MARKS = bytes(range(128, 128 + len(CANTONESE)))

# The upper bytes of UTF-16 tell the script. Source: the Unicode blocks.
_HAN = bytes([*range(0x34, 0xA0), 0xF9, 0xFA])
_KANA_OR_HANGUL = bytes([0x11, 0x30, *range(0xAC, 0xD8)])
_OTHER_SCRIPTS = bytes([*range(0x03, 0x11), *range(0x12, 0x1E)])
_CJK_MARKS = re.compile("[\u3000-\u303f]")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())

_ENGLISH_WORDS = (
    "the of and to is in it you that for on are with as this have be at not but by from your can what how my i please "
    "we me an or do will would if was there write about make which when why who could should does"
)
_FOREIGN_WORDS = (
    "der die und das ist nicht ich sie ein eine zu mit auf für den dem wie was kann bitte le les des est et une pour que "
    "dans pas vous je qui sur au plus ce avec el los las por una con para como del se es lo más está mi il che di per non "
    "sono della un gli uma não dos você os em het een van ik niet dat voor zijn yang dan di untuk saya dengan ini itu "
    "tidak dari adalah ang mga sa ng ako và của là có không một cho tôi"
)
_ENGLISH, _FOREIGN = frozenset(_ENGLISH_WORDS.split()), frozenset(_FOREIGN_WORDS.split())


def among(texts: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The languages of texts that belong together, heaviest first: at most one of `zh-Hant`, `zh-Hans` and `yue`, and `en` or `other`.

    Text without letters counts as English.
    """
    sample = _sample(texts[0] if len(texts) == 1 else "\n".join(texts))
    if sample.isascii():
        return (_latin(sample),)
    scripts = sample.encode("utf-16-le", "surrogatepass")[1::2]
    han = _count(scripts, _HAN)
    letters = _count(scripts, b"\x00\x01\x1e") - _count(sample.encode("ascii", "ignore"), _NO_LETTERS)
    kana = _count(scripts, _KANA_OR_HANGUL) - len(_CJK_MARKS.findall(sample)) if 0x30 in scripts or not han else 0
    foreign = kana + _count(scripts, _OTHER_SCRIPTS)
    latin = letters / _LETTERS
    whole = han + latin + foreign
    if foreign > _SHARE * whole / 2:
        return ("other",)
    if latin > (1 - _SHARE) * whole or not han:
        return (_latin(sample),)
    chinese = _chinese(sample, han)
    if latin < _SHARE * whole:
        return (chinese,)
    return (chinese, _latin(sample)) if han >= latin else (_latin(sample), chinese)


def _sample(text: str) -> str:
    if len(text) <= _WINDOW * _WINDOWS:
        return text
    step = (len(text) - _WINDOW) // (_WINDOWS - 1)
    return "\n".join(text[at * step : at * step + _WINDOW] for at in range(_WINDOWS))


def _count(data: bytes, which: bytes) -> int:
    return len(data) - len(data.translate(None, which))


def _latin(sample: str) -> str:
    """English unless the small words are another language's."""
    words = frozenset(sample[:_WORDS].lower().split())
    foreign = len(words & _FOREIGN)
    return "other" if foreign > 1 and foreign > 2 * len(words & _ENGLISH) else "en"


def _chinese(sample: str, han: int) -> str:
    """Cantonese by its own characters; the script by what only one of the two national standards can write.

    Source: GB 2312 is the repertoire of Simplified, Big5 of Traditional; characters of both say nothing. Where nothing
    tells, the Traditional script of the people that this is for is meant.
    """
    marks = _count(codecs.charmap_encode(sample, "replace", _SPOKEN_BYTES)[0], _MARKS)
    if marks * _SPOKEN >= han or (not marks and han < 2 * _SPOKEN and _CANTONESE_WORDS.search(sample)):
        return "yue"
    simplified, traditional = len(sample.encode("gb2312", "ignore")), len(sample.encode("big5", "ignore"))
    return "zh-Hans" if simplified > traditional else "zh-Hant"
