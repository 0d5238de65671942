"""The word lists in `data/`, read once, when first needed."""

import unicodedata
from functools import cache
from importlib.resources import files

_UNITS = "座樓室號邨苑閣街道路里巷徑村園臺台廈庭居軒邸層舖地下期"
_TITLES = "生太姐哥仔嫂伯叔婆姨Sir總師"
_SUFFIXES = "司行店局署處會校院團社廠所館廳部"
_KIN = "爸媽爺嫲公婆仔女哥姐弟妹叔伯姑姨舅嬸嫂表堂"
_FUNCTION = "嘅的係是喺在咗了唔不冇有我你佢他她哋們同和與俾畀給話說叫個啲呢嗰這那啦呀喎㗎囉咩嗎吖吧啊喇"
_STREET = (
    "road street avenue lane drive terrace path close crescent way boulevard square court place strand rd st ave ln blvd "
    "bazaar alley highway circuit walk"
)
_ROOM = (
    "flat room rm unit block blk tower floor flr fl f house shop suite apt apartment building bldg estate mansion mansions garden gardens "
    "court centre center plaza phase villa villas village chuen tsuen lau g lg ug building level workshop po box"
)
_COMPANY = (
    "limited ltd co company inc llp llc corporation corp group holdings bank school college university hospital clinic "
    "association foundation institute society department bureau committee council church centre partners solutions "
    "technologies technology international consulting studio trading services agency logistics engineering enterprises "
    "plc gmbh restaurant cafe bakery pharmacy academy kindergarten union authority club laboratory labs capital industries"
)
_HONORIFIC = "mr mrs ms miss mx dr prof professor sir madam mdm auntie aunt uncle sister brother rev fr ah dear hi hello"
_PINYIN_ONSETS = "b p m f d t n l g k h j q x zh ch sh r z c s y w".split() + [""]
_PINYIN_RIMES = (
    "a o e ai ei ao ou an en ang eng ong i ia ie iao iu ian in iang ing iong u ua uo uai ui uan un uang ue v ve er".split()
)
_UNLIKELY = frozenset("in on an or he she we me be to so no do go you the men sun man can long fan fun ten pen bin sin".split())


def _lines(name: str) -> list[str]:
    text = files("sampan.understand").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def plain(word: str) -> str:
    """Small letters without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).lower()


@cache
def fold() -> dict[int, str]:
    """Each Traditional character or variant and the Simplified one it is read as."""
    return {ord(line[0]): line[1] for line in _lines("fold.txt")}


def folded(text: str) -> str:
    """`text` in Simplified characters, of the same length."""
    return text.translate(fold())


@cache
def surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Chinese surnames (folded), and how they are spelled in Latin letters (small)."""
    chinese, latin = set(), set()
    for line in _lines("surnames.txt"):
        name, *spelled = line.split()
        chinese.add(folded(name))
        latin.update(part for each in spelled for part in each.lower().split("-"))
    return frozenset(chinese), frozenset(latin)


@cache
def given() -> tuple[frozenset[str], frozenset[str]]:
    """Characters of given names (folded), and their government spellings (small)."""
    pairs = [line.split() for line in _lines("given.txt")]
    return frozenset(folded(pair[0]) for pair in pairs), frozenset(pair[1].lower() for pair in pairs if len(pair) > 1)


def characters(name: str) -> frozenset[str]:
    """The characters (folded) that carry one flag."""
    if name == "surname":
        return frozenset(each for each in surnames()[0] if len(each) == 1)
    if name == "given":
        return given()[0]
    lists = {"unit": _UNITS, "title": _TITLES, "suffix": _SUFFIXES, "kin": _KIN, "function": _FUNCTION}
    return frozenset(folded(lists[name]))


def _places() -> list[str]:
    return [folded(line.split("|")[0]) for line in _lines("districts.txt")]


def entries(name: str) -> list[str]:
    """The Chinese entries (folded) of one list."""
    if name == "word":
        return _lines("words_zh.txt")
    if name == "place":
        return [*_lines("places_zh.txt"), *_places()]
    if name == "home":
        return [folded(line.split("|")[0]) for each in ("estates.txt", "streets.txt") for line in _lines(each)]
    if name == "body":
        return _lines("orgs_zh.txt")
    return [each for each in surnames()[0] if len(each) > 1]


@cache
def _latin() -> dict[str, tuple[str, ...]]:
    """Small Latin words and the flags each carries."""
    lists: dict[str, set[str]] = {
        "first": set(_lines("first_names.txt")),
        "last": set(_lines("last_names.txt")),
        "hk_last": set(surnames()[1]),
        "hk_syllable": set(given()[1]) | {"szeto", "sze"},
        "pinyin": {a + b for a in _PINYIN_ONSETS for b in _PINYIN_RIMES if len(a + b) > 1},
        "common": set(_lines("words_en.txt")),
        "place": set(_lines("places_en.txt")),
        "street": set(_STREET.split()),
        "room": set(_ROOM.split()),
        "company": set(_COMPANY.split()),
        "honorific": set(_HONORIFIC.split()),
    }
    for line in [*_lines("districts.txt"), *_lines("estates.txt"), *_lines("streets.txt")]:
        lists["place"].update(line.split("|")[1].lower().replace("'", " ").split())
    flags: dict[str, tuple[str, ...]] = {}
    for name, members in lists.items():
        for word in members:
            flags[word] = (*flags.get(word, ()), name)
    return flags


def flags_of(word: str) -> tuple[str, ...]:
    """The flags of a small Latin word."""
    return _latin().get(word, ())
