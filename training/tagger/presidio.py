"""presidio-research's synthetic set (MIT): half of its templates train, the other half only measures."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path
from random import Random

import addresses
import generate
import orgs
import people
import slots

KINDS = {"PERSON": "PERSON", "ORGANIZATION": "ORG", "STREET_ADDRESS": "ADDRESS", "GPE": "PLACE", "ZIP_CODE": "ADDRESS"}
MAKES = {"PERSON": people.english_full, "ORG": orgs.english, "ADDRESS": addresses.english, "PLACE": slots.place_e}


def template_of(record: dict) -> str:
    text, at, out = record["full_text"], 0, []
    for span in sorted(record["spans"], key=lambda s: s["start_position"]):
        out += [text[at : span["start_position"]], f"<{span['entity_type']}>"]
        at = span["end_position"]
    return re.sub(r"\W+", " ", "".join([*out, text[at:]])).strip().lower()


def trains(record: dict) -> bool:
    """Whether the record's template belongs to the half that trains."""
    return zlib.crc32(template_of(record)[:60].encode()) % 2 == 0


def joined(record: dict) -> generate.Text:
    """One span for an address whose parts stand next to each other."""
    spans: list[tuple[int, int, str]] = []
    text = record["full_text"]
    for span in sorted(record["spans"], key=lambda s: s["start_position"]):
        label = KINDS.get(span["entity_type"])
        if label is None:
            continue
        start, end = span["start_position"], span["end_position"]
        both = {label, spans[-1][2]} if spans else set()
        if (
            spans
            and both <= {"ADDRESS", "PLACE"}
            and "ADDRESS" in both
            and re.fullmatch(r"[\s,]{0,8}", text[spans[-1][1] : start])
        ):
            spans[-1] = (spans[-1][0], end, "ADDRESS")
        else:
            spans.append((start, end, label))
    return text, spans


def half(path: Path) -> list[generate.Text]:
    return [joined(r) for r in json.loads(path.read_text(encoding="utf-8")) if trains(r)]


def varied(random: Random, text: generate.Text) -> generate.Text:
    """Other names in the same sentence, more often than not."""
    return text if random.random() < 0.25 else generate.respelled(text, lambda old, label: _other(random, old, label))


def _other(random: Random, old: str, label: str) -> str:
    """Another value of the same kind; a quarter stays."""
    if random.random() < 0.25:
        return old
    if label == "PERSON" and " " not in old:
        return people.first_name(random)
    return MAKES[label](random)
