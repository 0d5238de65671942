"""Names, addresses and organisations by a small model of our own: `data/tagger.npz`, made by `training/tagger`."""

import re
import threading
from importlib.resources import as_file, files
from itertools import pairwise

from ahocorasick_rs import AhoCorasick, MatchKind

from sampan.contract.labels import Finding, Kind
from sampan.understand import words
from sampan.understand.features import FLAGS, Features, features
from sampan.understand.network import Network
from sampan.understand.normalise import SEPARATOR
from sampan.understand.settle import settled
from sampan.understand.tags import Array, Tagged, spans_of

NAME, VERSION = "tagger", "0.4"

_WINDOW, _BESIDE = 4096, 640
"""Characters looked at together, and how many more on both sides: further away than any token's tag depends on."""
_LEAN = 1.4
"""How much likelier than told anything but nothing is taken for what is not Chinese; raised, it finds more and is wrong more often."""
_HAN = FLAGS.index("han")
_DOUBT, _DOUBT_ORG = 0.55, 0.4
"""Persons in Chinese characters, and organisations, that the network is less sure of than this are more often words."""
_SURE_ADDRESS = 0.8
_ADDRESS_FLAGS = frozenset({"street", "room"})
_ONE_UNIT = re.compile(
    r"(?:\d{1,3}|[A-Z]{1,2}|[LU]?G|[一二三四五六七八九十]{1,3})[ ]?(?:/[ ]?F|F|樓|楼|層|层|字樓|座|期|室|號|号|號室|号室)|地下|閣樓|天台|大堂|"
    r"(?:\d{1,2}(?:st|nd|rd|th)|ground|first|second|third|fourth|fifth|top|basement)[ ](?:floor|level)|"
    r"(?:room|rm\.?|flat|unit|level|floor|block|tower|gate|hall|shop|phase|platform|suite)[ ]"
    r"(?:\d{1,4}[A-Za-z]?|[A-Z]\d{0,3})",
    re.IGNORECASE,
)
"""One floor, room or block alone is no address."""
_BETWEEN = frozenset(["", " ", ", ", ",", "，", "側", "旁", "旁邊", "對面", "内", "內", "近"])
_WORD = re.compile("[a-z]+")
_TELLING, _MOST = 0.8, 5000
_KINDS = {"PERSON": Kind.PERSON, "ADDRESS": Kind.ADDRESS, "ORG": Kind.ORG}
_OPEN = " \t\n,.;:，。、；：!?！？\"'()"


class Tagger:
    """Finds PERSON, ADDRESS and ORG. Reads its weights when first asked; safe to use from many threads."""

    name, version = NAME, VERSION

    def __init__(self) -> None:
        self._network: Network | None = None
        self._lock = threading.Lock()

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into `text`, which is already normalised."""
        found = [
            Finding(start, end, _KINDS[label], score, text[start:end])
            for start, end, label, score in self.spans(text)
            if label in _KINDS and score > _doubt(label, text[start])
        ]
        found = settled(text, found)
        return found + _again(text, found)

    def spans(self, text: str) -> list[Tagged]:
        """The same with labels of the model: PLACE too, a bare city, district or street."""
        network = self._loaded()
        spans: list[Tagged] = []
        for first in range(0, len(text), _WINDOW):
            low, last = max(0, first - _BESIDE), first + _WINDOW
            found = features(text[low : last + _BESIDE])
            for start, end, label, score in spans_of(network.scores(found), _lean(found)) if found.starts else ():
                span = low + found.starts[start], low + found.ends[end - 1]
                if first <= span[0] < last:
                    spans.extend(_placed(text, span, label, score))
        return _joined(text, spans)

    def _loaded(self) -> Network:
        network = self._network
        if network is None:
            with self._lock:
                network = self._network
                if network is None:
                    with as_file(files("sampan.understand").joinpath("data", "tagger.npz")) as path:
                        network = self._network = Network(path)
        return network


def _doubt(label: str, first: str) -> float:
    if label == "ORG":
        return _DOUBT_ORG
    return _DOUBT if label == "PERSON" and not first.isascii() else 0.0


def _lean(found: Features) -> Array:
    lean: Array = _LEAN * (1.0 - found.flags[:, _HAN])
    return lean


def _again(text: str, found: list[Finding]) -> list[Finding]:
    """The same persons where the network did not see them: a name told once is told everywhere."""
    sure = {each.text: each for each in found if each.kind is Kind.PERSON and _telling(each)}
    if not sure or len(sure) > _MOST:
        return []
    taken = {each.start for each in found}
    search = AhoCorasick(list(sure), matchkind=MatchKind.LeftmostLongest)
    names = list(sure.values())
    return [
        Finding(start, end, Kind.PERSON, names[which].score, names[which].text)
        for which, start, end in search.find_matches_as_indexes(text)
        if start not in taken and not _inside(text, start) and not _inside(text, end)
    ]


def _telling(each: Finding) -> bool:
    """Whether the text is a name wherever it stands: a full one, not Grace or 阿明."""
    size = len(each.text)
    return each.score > _TELLING and (size > 6 and " " in each.text if each.text.isascii() else size > 2)


def _placed(text: str, span: tuple[int, int], label: str, score: float) -> list[Tagged]:
    """The span without signs at its edges; in two where texts that were joined meet."""
    start, end = span
    seams = [start - 1, *(at for at in range(start, end) if text[at] == SEPARATOR), end]
    placed: list[Tagged] = []
    for before, after in pairwise(seams):
        part = text[before + 1 : after]
        left = before + 1 + len(part) - len(part.lstrip(_OPEN))
        right = left + len(part.strip(_OPEN))
        if right > left and _plausible(text, left, right, (label, score)):
            placed.append((left, right, label, score))
    return placed


def _plausible(text: str, start: int, end: int, said: tuple[str, float]) -> bool:
    """Not a part of a longer run of ASCII letters and digits (a key, an identifier); a doubtful address has a word of one."""
    label, score = said
    if _inside(text, start) or _inside(text, end):
        return False
    inside = text[start:end]
    if label != "ADDRESS":
        return True
    if _ONE_UNIT.fullmatch(inside):
        return False
    if not inside.isascii():
        return True
    if inside.isalnum():
        return False
    flags = {flag for word in _WORD.findall(inside.lower()) for flag in words.flags_of(word)}
    return score > _SURE_ADDRESS or not flags.isdisjoint(_ADDRESS_FLAGS)


def _joined(text: str, spans: list[Tagged]) -> list[Tagged]:
    """Two addresses with nothing between but 側, 旁 or a comma are one."""
    joined: list[Tagged] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and last[2] == span[2] == "ADDRESS" and text[last[1] : span[0]] in _BETWEEN:
            joined[-1] = (last[0], span[1], "ADDRESS", max(last[3], span[3]))
        else:
            joined.append(span)
    return joined


def _inside(text: str, at: int) -> bool:
    pair = text[at - 1 : at + 1] if at else ""
    return len(pair) == 2 and pair.isascii() and pair.isalnum()
