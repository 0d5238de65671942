"""Real sentences that `harvest.py` labelled: often with other names in them, so that their words are learned and not their people."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from random import Random

import generate
import orgs
import people

from sampan.understand import words as lists

SHARES = {"tweets": 17, "gum": 9, "wiki": 12, "talks": 20, "prompts": 5, "KdConv": 28, "CrossWOZ": 6, "cc0-sentences": 13}
SWAPPED = 0.45


@cache
def sets(path: Path) -> dict[str, list[generate.Text]]:
    """The texts of each set."""
    found: dict[str, list[generate.Text]] = {name: [] for name in SHARES}
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            found[row["set"]].append((row["text"], [tuple(span) for span in row["spans"] if span[2]]))
    return found


def _other(random: Random, old: str, label: str) -> str:
    """Another value of the same kind and script."""
    if label == "ORG":
        return orgs.english(random) if old.isascii() else old
    if label != "PERSON":
        return old
    if old.isascii():
        return people.english_full(random) if " " in old else people.first_name(random) if random.random() < 0.6 else people.last_name(random)
    folded = lists.folded(old)
    if len(folded) < 2 or not "\u3400" <= folded[0] <= "\u9fff":
        return old
    if "·" in folded or sum(c in people.TRANSLIT for c in folded) >= len(folded) - 1:
        return people.transliteration(random)
    return people.chinese(random)


def text(random: Random, path: Path) -> generate.Text:
    """One of them."""
    body, spans = random.choice(sets(path)[random.choices(list(SHARES), list(SHARES.values()))[0]])
    if random.random() > SWAPPED:
        return body, spans
    return generate.respelled((body, spans), lambda old, label: _other(random, old, label))
