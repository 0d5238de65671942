"""Whether a name says that somebody is a woman or a man: titles, and given names that are plainly one or the other.

Romanised Cantonese names do not tell. Source of the names: `given_names.txt`.
"""

import re
from functools import cache, lru_cache
from importlib import resources

_TITLES = (
    (re.compile(r"(?:小姐|女士|太太|夫人|姑娘|師奶|婆婆|伯母|阿姨)\Z|\A[\u3400-\u9fff]{1,2}(?:太|嫂|姐)\Z"), "f"),
    (re.compile(r"\A(?:mrs|ms|miss|mdm|madam)\b", re.IGNORECASE), "f"),
    (re.compile(r"(?:先生|伯伯|叔叔)\Z|\A[\u3400-\u9fff](?:生|伯|叔)\Z"), "m"),
    (re.compile(r"\A(?:mr|sir)\b", re.IGNORECASE), "m"),
)
_COMPOUND = ("歐陽", "司徒", "上官", "諸葛", "司馬", "皇甫", "尉遲", "公孫")
_HAN = re.compile(r"[\u3400-\u9fff]{2,4}\Z")
_WORD = re.compile(r"[A-Za-z]+")


@lru_cache(4096)
def gender_of(name: str) -> str:
    """`f`, `m`, or nothing when the name does not say, or says both."""
    said = name.strip()
    titled = {gender for title, gender in _TITLES if title.search(said)}
    return _only(titled or _given(said))


def _given(name: str) -> set[str]:
    known = _known()
    if _HAN.match(name):
        return {known[sign] for sign in name[2 if name.startswith(_COMPOUND) else 1 :] if sign in known}
    return {known[word] for word in map(str.lower, _WORD.findall(name)) if word in known}


@cache
def _known() -> dict[str, str]:
    """Given name in small letters, or character of one -> `f` or `m`."""
    lines = resources.files("sampan.protect").joinpath("given_names.txt").read_text("utf-8").splitlines()
    return {name: line[0] for line in lines if not line.startswith("#") for name in line[2:].split()}


def _only(said: set[str]) -> str:
    return next(iter(said)) if len(said) == 1 else ""
