"""How many hard negatives of a Hong Kong set would be masked: `python negatives.py --adapter sampan --data hk-dev`.

A text counts when anything is found in it that is neither an organisation (told, not masked) nor part of a public name.
"""

import argparse
import gzip
import json
import os

import own_set
from adapters import make
from labels import coarse

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.environ.get("PII_DATA", os.path.join(HERE, "..", "..", "data", "pii"))
FILES = {"hk-dev": "hk_pii_dev.jsonl.gz", "hk-dev2": "hk_pii_dev2.jsonl.gz"}


def kept(data):
    """The hard negatives of a set: of `own_set.py`, or in PII_DATA."""
    if data in own_set.HALVES:
        found = [record for record in own_set.records(data) if record.hard]
        return [{"text": each.text, "spans": [{"start": a, "end": b} for a, b, *_ in each.spans]} for each in found]
    with gzip.open(os.path.join(DATA, FILES[data]), "rt", encoding="utf-8") as stream:
        return [record for record in map(json.loads, stream) if record["hard_negative"]]


def own():
    """Those in `sets/hard_negatives.txt`: harder, and looked at while developing."""
    with open(os.path.join(HERE, "sets", "hard_negatives.txt"), encoding="utf-8") as stream:
        lines = [line.rstrip("\n").replace("\\n", "\n") for line in stream if not line.startswith("#")]
    return [{"text": line, "spans": []} for line in lines]


def masked(adapter, data):
    """(texts with a false mask, hard negatives, false masks by class)."""
    hit, total, kinds = 0, 0, {}
    for record in own() if data == "own" else kept(data):
        gold = [(span["start"], span["end"]) for span in record["spans"]]
        false = [
            kind
            for start, end, label, _ in adapter.detect(record["text"])
            if (kind := coarse(label) or label) != "ORG" and not any(start < b and a < end for a, b in gold)
        ]
        total += 1
        hit += bool(false)
        for kind in false:
            kinds[kind] = kinds.get(kind, 0) + 1
    return hit, total, kinds


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--adapter", required=True)
    options.add_argument("--data", default="hk-dev", choices=[*sorted(FILES), *own_set.HALVES, "own"])
    options.add_argument("--json")
    given = options.parse_args()
    hit, total, kinds = masked(make(given.adapter), given.data)
    if given.json:
        with open(given.json, "w") as out:
            json.dump({"hit": hit, "total": total, "kinds": kinds}, out)
    print(f"{given.adapter} {given.data} masked {hit} of {total} hard negatives ({hit / total:.3f}) {kinds}")
