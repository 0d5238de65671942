"""Labels for the real Cantonese sentences that hold names: what Baidu's LAC (Apache-2.0) says, checked by form.

Run once, in two steps; the output, `lists/ctcpc_labels.txt`, is committed, so that training needs neither LAC nor this file:
`python distil.py lac SENTENCES LAC_OUT` (beside bench/pii/lac_np.py, with opencc and the LAC package), then `python distil.py check LAC_OUT`.
A line is the number of the sentence and its spans: `17 0-3:PERSON 9-11:?`, where `?` is in doubt and teaches nothing.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from sampan.understand import words

OUT = Path(__file__).resolve().parent / "lists/ctcpc_labels.txt"
PLACE_ENDS = "国國市省县縣州岛島山河海洲区區湾灣路街站港镇鎮村湖江城道邨苑"
COMMON = frozenset(words.entries("word"))
ORG_ENDS = "司会會校院团團社局署部厅廳党黨军軍队隊学學行厂廠店所处處馆館台臺报報组組盟心室"


def lac(sentences: Path, out: Path) -> None:
    import opencc  # only this step needs these two
    from lac_np import LacNumpy

    tagger, convert = LacNumpy(), opencc.OpenCC("t2s")
    with out.open("w", encoding="utf-8") as stream:
        for number, sentence in enumerate(json.loads(sentences.read_text(encoding="utf-8"))):
            plain = convert.convert(sentence)
            if 6 <= len(sentence) < 200 and len(plain) == len(sentence) and (spans := tagger.entities(plain)):
                stream.write(json.dumps([number, spans]) + "\n")


def check(said: Path) -> None:
    import generate
    import people

    from sampan.understand.normalise import normalise
    from sampan.understand.tagger import Tagger

    tagger = Tagger()
    sentences = generate.ctcpc()
    places = set(words.entries("place")) | set(words.entries("home"))
    bodies = set(words.entries("body"))
    known = set(people.transliterated()) | generate.names_like()[1]
    surnames = words.surnames()[0]
    lines = ["# Spans of names, places and organisations in CTCPC sentences (CC0), by LAC (Apache-2.0), checked by form; made by distil.py."]
    for record in sorted(json.loads(line) for line in said.read_text(encoding="utf-8").splitlines()):
        number, spans = record
        text = sentences[number]
        normal = normalise(text)
        if len(normal.text) != len(text):
            continue
        folded = words.folded(text)
        mine = {(start, end): label for start, end, label, _ in tagger.spans(normal.text)}
        told = []
        for start, end, kind in spans:
            value = folded[start:end]
            same = mine.get((start, end))
            label = "?"
            if kind == "PER" and (same == "PERSON" or value in known or _person(value, surnames, people.TRANSLIT)):
                label = "PERSON"
            elif kind == "LOC" and len(value) > 1 and (same == "PLACE" or value in places or value[-1] in PLACE_ENDS):
                label = "PLACE"
            elif kind == "ORG" and len(value) > 2 and (same == "ORG" or value in bodies or value[-1] in ORG_ENDS):
                label = "ORG"
            told.append((start, end, label))
        told += [(*span, "?") for span in mine if not any(span[0] < end and start < span[1] for start, end, _ in told)]
        if all(label == "?" for *_, label in told) or any(label == "?" and end - start > 3 for start, end, label in told):
            continue
        lines.append(f"{number} " + " ".join(f"{start}-{end}:{label}" for start, end, label in sorted(told)))
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _person(value: str, surnames: frozenset[str], foreign: str) -> bool:
    if re.search("[意话哋嘅咗唔俾佢我你仲系啲喺嚟冇乜嗰个有说是的了不]", value) or value[:2] in COMMON or value[-2:] in COMMON:
        return False
    if re.fullmatch(rf"[{foreign}·・•]+", value):
        return len(value) > 1
    return 2 <= len(value) <= 4 and (value[0] in surnames or value[:2] in surnames)


if __name__ == "__main__":
    {"lac": lambda: lac(Path(sys.argv[2]), Path(sys.argv[3])), "check": lambda: check(Path(sys.argv[2]))}[sys.argv[1]]()
