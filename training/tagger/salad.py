"""Sentences of real words in no real order, with names among them: they teach which neighbours are words, not which come next."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

import jieba
import orgs
import people
import wordninja

Text = tuple[str, list[tuple[int, int, str]]]
GROUPS = {
    "n": "n vn an nz",
    "v": "v vd",
    "a": "a ad b z",
    "d": "d",
    "p": "p",
    "c": "c",
    "m": "m",
    "q": "q",
    "t": "t",
    "r": "r",
    "i": "i l",
    "ns": "ns",
}
SHAPES = (
    "n v n|d v n|t n v n|m q n v|r v n|p ns v n|n d a|n 的 n v|v 了 n|v 了 m q n|a 的 n|n 和 n|p n 中 v|在 n 上 v n|n 是 a 的|i|n 把 n v|被 n v|n v n 的 n|t 在 ns v|"
    "ns n v|ns 的 n|将 v n|n 对 n v|从 n 到 n|c n v|n 等 n|据 n v|n 于 t v|v n n|n n n|不 v n|也 v|就 v 了|还 d v|v 着 n|有 m q n|没有 n|这 q n|那 q n|我们 v n|他 v n|她 的 n"
).split("|")  # fmt: skip
AROUND_Z = (
    "X v|X v n|X 的 n|n X|n X v n|X 、 X 和 X v|由 X v|对 X v|与 X v|和 X 一起 v|X 是 n|X 在 ns v|X 说|X 表示|被 X v|请 X v|v X|给 X v n|n n X|X n|X n v|以 X 为 n|X （ n ）|《 n 》 X|，X ，|ns n X|叫 X 的 n|X 等 n|X 也 v|见 到 X|"
    "X 把 n v|让 X v|跟 X v|X 你 v|X 们|同 X v|X 于 t v|据 X v|X 与 X|X 认为|X 今天 v"
).split("|")  # fmt: skip
STOPS = "，，，，。。、；！？：“”（）"


@cache
def words() -> dict[str, tuple[list[str], list[float]]]:
    kinds = {tag: group for group, tags in GROUPS.items() for tag in tags.split()}
    found: dict[str, tuple[list[str], list[int]]] = {group: ([], []) for group in GROUPS}
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split()
        group = kinds.get(tag)
        if group and int(count) > 2 and "\u3400" <= word[0] <= "\u9fff" and len(word) < 6:
            found[group][0].append(word)
            found[group][1].append(int(int(count) ** 0.7) + 1)
    return {group: (names, list(accumulate(counts))) for group, (names, counts) in found.items()}


def _word(random: Random, group: str) -> str:
    names, weights = words()[group]
    return random.choices(names, cum_weights=weights)[0]


def thing(random: Random) -> str:
    """Some noun."""
    return _word(random, "n") + (_word(random, "n") if random.random() < 0.3 else "")


def _entity_z(random: Random) -> tuple[str, str]:
    roll = random.random()
    if roll < 0.34:
        return people.chinese(random), "PERSON"
    if roll < 0.44:
        return people.transliteration(random), "PERSON"
    if roll < 0.52:
        return people.chinese_titled(random), "PERSON"
    if roll < 0.57:
        return people.nickname(random), "PERSON"
    if roll < 0.60:
        return random.choice(people.PUBLIC_Z), "PERSON"
    if roll < 0.80:
        return orgs.chinese(random), "ORG"
    return _word(random, "ns"), "PLACE"


def chinese(random: Random) -> Text:
    out: list[str] = []
    spans: list[tuple[int, int, str]] = []
    size = 0

    def put(piece: str, label: str = "") -> None:
        nonlocal size
        out.append(piece)
        if label:
            spans.append((size, size + len(piece), label))
        size += len(piece)

    for _ in range(random.choice([1, 2, 3, 4, 6])):
        shape = random.choice(AROUND_Z if random.random() < 0.38 else SHAPES)
        for part in shape.split(" "):
            if "X" in part:
                before, after = part.split("X")
                put(before)
                put(*_entity_z(random))
                put(after)
            elif part in GROUPS:
                put(_word(random, part), "PLACE" if part == "ns" else "")
            else:
                put(part)
        put(random.choice(STOPS) if random.random() < 0.9 else "")
    return "".join(out), spans


def thing_e(random: Random) -> str:
    """Some English words, at times with capitals."""
    pool = common()
    words = [pool[int(len(pool) * random.random() ** 1.8)] for _ in range(random.choice([1, 1, 2, 3]))]
    return " ".join(w.capitalize() for w in words) if random.random() < 0.6 else " ".join(words)


GLUE_E = "the a of to and in for on with is was by at from that this it be as are not or an has had will can we you they he she his her their our".split()
AROUND_E = "X said|X and|with X|by X|to X|for X|X is|X was|X has|from X|X's|, X ,|the X|about X|, X|between X and X|dear X|of X|at X|in X|X ,|X .|(X)|X :|thanks X|X will|X did|called X|met X|asked X|X told".split(
    "|"
)


COUNTRIES = frozenset(
    "china japan india america france germany england london york paris russia australia canada britain europe africa asia california texas david john james william george michael robert thomas charles henry peter richard paul mary".split()
)


@cache
def common() -> list[str]:
    names = {*people.lines("first_names.txt"), *people.lines("last_names.txt")}
    ranked = list(wordninja.DEFAULT_LANGUAGE_MODEL._wordcost)  # noqa: SLF001
    names.update(people.lines("places_en.txt"))
    return [
        w
        for i, w in enumerate(ranked[:30000])
        if w.isascii() and w.isalpha() and len(w) > 1 and ((i < 1500 and w not in COUNTRIES) or w not in names)
    ]


def english(random: Random, entity: object) -> Text:
    out: list[str] = []
    spans: list[tuple[int, int, str]] = []
    size, fresh = 0, True
    title = random.random() < 0.12

    def put(piece: str, label: str = "") -> None:
        nonlocal size, fresh
        if out and piece not in {",", ".", "?", ")", ":", "'s"} and not out[-1].endswith("("):
            out.append(" ")
            size += 1
        out.append(piece)
        if label:
            spans.append((size, size + len(piece), label))
        size += len(piece)
        fresh = piece in {".", "?"}

    pool = common()
    for _ in range(random.choice([8, 14, 25])):
        roll = random.random()
        if roll < 0.14:
            for part in random.choice(AROUND_E).replace("(X)", "( X )").replace("X's", "X 's").split(" "):
                put(*entity(random)) if part == "X" else put(part)
            continue
        if roll < 0.2:
            put(random.choice(",,,.?"))
            continue
        word = random.choice(GLUE_E) if roll < 0.5 else pool[int(len(pool) * random.random() ** 2.5)]
        if random.random() < 0.03:
            put(
                " ".join(
                    pool[int(len(pool) * random.random() ** 1.8)].capitalize()
                    for _ in range(random.choice([1, 2, 2, 3]))
                )
            )
            continue
        if (fresh and random.random() < 0.8) or (title and len(word) > 3) or random.random() < 0.02:
            word = word.upper() if random.random() < 0.06 else word.capitalize()
        put(word)
    return "".join(out), spans
