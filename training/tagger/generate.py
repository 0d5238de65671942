"""Makes labelled texts: templates filled with invented people, addresses and organisations; real sentences around them.

`python generate.py 20` prints twenty. A text is `(text, [(start, end, label)])` with labels PERSON, ADDRESS, ORG and
PLACE (a bare city, district or street: told apart from addresses, never reported as one).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import eponyms
import jieba
import machine
import orgs
import people
import pycantonese
import salad
import slots

from sampan.understand import words as lists

HERE = Path(__file__).resolve().parent
Text = tuple[str, list[tuple[int, int, str]]]
ALTERNATIVE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
SLOT = re.compile(r"\{\{|\}\}|\{([A-Za-z_]+)\}")


@cache
def templates(name: str) -> list[str]:
    text = (HERE / "templates" / f"{name}.txt").read_text(encoding="utf-8")
    return [
        line.replace("\\n", "\n").replace("\\t", "\t")
        for line in text.splitlines()
        if line and not line.startswith("# ")
    ]


def filled(random: Random, template: str, *, english: bool = False) -> Text:
    while ALTERNATIVE.search(template):
        template = ALTERNATIVE.sub(lambda m: random.choice(m[1].split("|")), template)
    out, spans, at, size = [], [], 0, 0
    last: dict[str, str] = {}
    for match in SLOT.finditer(template):
        piece = template[at : match.start()]
        out.append(piece)
        size += len(piece)
        at = match.end()
        if match[1] is None:
            out.append(match[0][0])
            size += 1
            continue
        make, label = slots.SLOTS["pube" if english and match[1] == "pub" else match[1]]
        value = last[match[1]] if match[1] in last and label == "PERSON" and random.random() < 0.08 else make(random)
        last[match[1]] = value
        out.append(value)
        if label:
            spans.append((size, size + len(value), label))
        size += len(value)
    out.append(template[at:])
    return "".join(out), spans


@cache
def ctcpc() -> list[str]:
    """The sentences as they are (CTCPC, CC0)."""
    path = Path(pycantonese.__file__).parent / "data/ctcpc/sents.json"
    sentences: list[str] = json.loads(path.read_text(encoding="utf-8"))
    return sentences


@cache
def labelled() -> list[Text]:
    """Those that hold names, with the labels that `distil.py` made; `?` is in doubt."""
    found: list[Text] = []
    for line in people.local("ctcpc_labels.txt"):
        number, *spans = line.split(" ")
        parts = [re.fullmatch(r"(\d+)-(\d+):(.+)", span) for span in spans]
        found.append((ctcpc()[int(number)], [(int(p[1]), int(p[2]), p[3]) for p in parts if p]))
    return found


def respelled(text: Text, other: Callable[[str, str], str], around: Callable[[str], str] = str) -> Text:
    """Other values in the same sentence. other: what stands for (value, label); around: what the words between become."""
    body, spans = text
    out: list[str] = []
    moved: list[tuple[int, int, str]] = []
    at = size = 0
    for start, end, label in spans:
        between, value = around(body[at:start]), other(body[start:end], label)
        out += [between, value]
        size += len(between)
        moved.append((size, size + len(value), label))
        size += len(value)
        at = end
    return "".join([*out, around(body[at:])]), moved


def renamed(random: Random) -> Text:
    """A real sentence with names; often with other names, often half in Mandarin."""
    text = random.choice(labelled())
    mandarin, fresh = random.random() < 0.5, random.random() < 0.5

    def other(value: str, label: str) -> str:
        if fresh and label == "PERSON":
            foreign = sum(c in people.TRANSLIT for c in lists.folded(value)) >= len(value) - 1
            return people.transliteration(random) if foreign else people.chinese(random) if len(value) > 1 else value
        return orgs.chinese(random) if fresh and label == "ORG" and random.random() < 0.3 else value

    return respelled(text, other, in_mandarin if mandarin else str)


@cache
def carriers() -> list[str]:
    """Real Cantonese sentences (CTCPC, CC0) that hold no name that their own words do not show."""
    odd = re.compile(
        r"·|•|先生|小姐|太太|阿[^媽爸公婆仔女姨叔伯哥嫂嫲爺]|[A-Za-z]{2,}|博士|醫生$|教授|主席|《|（|小[明強美]"
    )
    places = set(people.lines("places_zh.txt"))
    kept = []
    for sentence in ctcpc():
        text = re.sub(r"\s+", "", sentence) if re.search(r"[\u4e00-\u9fff]", sentence) else ""
        if 4 <= len(text) <= 60 and not odd.search(text) and not _namelike(text, places):
            kept.append(text)
    return kept


@cache
def names_like() -> tuple[frozenset[str], frozenset[str]]:
    words, odd = set(), set()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split()
        (odd if tag in {"nrt", "nrfg", "ns", "nt"} and len(word) > 1 else words).add(word)
    return frozenset(words), frozenset(odd)


def _namelike(text: str, places: set[str]) -> bool:
    """Whether a name, place or organisation may stand in `text`."""
    folded = lists.folded(text)
    _, odd = names_like()
    for start in range(len(folded)):
        for size in (2, 3, 4, 5):
            piece = folded[start : start + size]
            if piece in odd or piece in places:
                return True
    return False


TO_MANDARIN = [("唔係", "不是"), ("係咪", "是不是"), ("有冇", "有沒有"), ("而家", "現在"), ("點解", "為甚麼"), ("邊度", "哪裏"), ("乜嘢", "甚麼"), ("佢哋", "他們"), ("我哋", "我們"), ("你哋", "你們"), ("呢個", "這個"), ("嗰個", "那個"),
               ("今日", "今天"), ("聽日", "明天"), ("尋日", "昨天"), ("嘅", "的"), ("喺", "在"), ("唔", "不"), ("咗", "了"), ("啲", "些"), ("冇", "沒有"), ("係", "是"), ("佢", "他"), ("嚟", "來"), ("睇", "看"), ("食", "吃"), ("俾", "給"), ("畀", "給"), ("嘢", "東西"),
               ("邊個", "誰"), ("㗎", ""), ("喇", "了"), ("囉", ""), ("喎", ""), ("吖", ""), ("同埋", "和"), ("返", "回"), ("搵", "找"), ("話", "說"), ("呢", "這"), ("嗰", "那")]  # fmt: skip


def in_mandarin(text: str) -> str:
    """The commonest Cantonese words as Mandarin has them."""
    for cantonese, plain in TO_MANDARIN:
        text = text.replace(cantonese, plain)
    return text


def carried(random: Random) -> Text:
    """A real sentence; often a pronoun in it becomes a person, or a person is set before it."""
    text = random.choice(carriers())
    mandarin = random.random() < 0.45
    if mandarin:
        text = in_mandarin(text)
    places = [m.start() for m in re.finditer("他(?!們|人)" if mandarin else "佢(?!哋)", text)]
    if places and random.random() < 0.75:
        at = random.choice(places)
        name = (
            slots.person_m(random)
            if not mandarin
            else (people.transliteration(random) if random.random() < 0.25 else slots.person_z(random))
        )
        return text[:at] + name + text[at + 1 :], [(at, at + len(name), "PERSON")]
    if random.random() < 0.12:
        name = slots.person_m(random)
        glue = random.choice(["，", ",", "：", ": ", "話", "，", " ", "！", "\n"])
        if random.random() < 0.7:
            return name + glue + text, [(0, len(name), "PERSON")]
        text = text.rstrip("。！？?!") + random.choice(["，", " ", ", "])
        return text + name, [(len(text), len(text) + len(name), "PERSON")]
    return text, []


SHARES = {"yue": 20, "zh": 20, "en": 24, "prompts": 14, "mix": 10, "structured": 10, "negative": 9, "letters": 17}


def one(random: Random) -> Text:
    roll = random.random()
    if roll < 0.17:
        return carried(random)
    if roll < 0.24:
        return renamed(random)
    if roll < 0.34:
        return salad.chinese(random)
    if roll < 0.40:
        return salad.english(random, slots.entity_e)
    if roll < 0.46:
        return machine.text(random)
    if roll < 0.54:
        return eponyms.framed(random)
    name = random.choices(list(SHARES), list(SHARES.values()))[0]
    return filled(random, random.choice(templates(name)), english=name in {"en", "prompts"} or random.random() < 0.4)


def joined(random: Random, texts: list[Text], glue: str) -> Text:
    out, spans, size = [], [], 0
    for text, found in texts:
        if out:
            out.append(glue)
            size += len(glue)
        out.append(text)
        spans += [(start + size, end + size, label) for start, end, label in found]
        size += len(text)
    return "".join(out), spans


def spoiled(random: Random, text: Text) -> Text:
    """How OCR, phones and haste write it. Length is kept, except that Chinese may be spaced out."""
    body, spans = text
    roll = random.random()
    if roll < 0.05:
        lower = body.lower()
        return (lower, spans) if len(lower) == len(body) else text
    if roll < 0.07:
        upper = body.upper()
        return (upper, spans) if len(upper) == len(body) else text
    if roll < 0.13:
        return body.translate(str.maketrans("，。？！、：；", random.choice([" " * 7, ",.?!,:;"]))), spans
    if roll < 0.15 and body:
        places = [0]
        for before, char in zip(body, body[1:] + " ", strict=True):
            places.append(places[-1] + (2 if before > "\u3400" and char > "\u3400" else 1))
        chars = list(" " * places[-1])
        for at, char in zip(places, body, strict=False):
            chars[at] = char
        moved = [(places[s], places[e - 1] + 1, label) for s, e, label in spans]
        return "".join(chars), moved
    return text


def text(random: Random) -> Text:
    """One training text: one snippet, or several together."""
    count = random.choices([1, 2, 3, 5], [60, 22, 12, 6])[0]
    glue = random.choice(["\n", "\n", " ", "。", "\n\n", "，", " | "])
    return spoiled(random, joined(random, [one(random) for _ in range(count)], glue))


def main() -> None:
    random = Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for _ in range(int(sys.argv[1])):
        body, spans = text(random)
        for start, end, label in sorted(spans, reverse=True):
            body = f"{body[:start]}⟦{label[:2]} {body[start:end]}⟧{body[end:]}"
        print(repr(body))  # noqa: T201


if __name__ == "__main__":
    main()
