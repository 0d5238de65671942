"""By kind, on a Hong Kong set: `python kinds.py --adapter sampan --data hk-dev2 [--json FILE]`.

Of every label of the set: spans, recall (same kind for Sampan, same class for a tool with other names, IoU of at least one
half), leak (a token stays visible, whatever it was taken for); precision where the tool has Sampan's kinds.
"""

import argparse
import json

from adapters import make
from labels import coarse
from own_set import HALVES
from pii_bench import SETS, WORD, dedupe, iou

KINDS = {
    "STUDENT_ID": {"STUDENT_ID", "STAFF_ID"},
    "API_KEY": {"API_KEY", "PASSWORD", "PRIVATE_KEY", "URL_WITH_TOKEN"},
    "URL_WITH_TOKEN": {"URL_WITH_TOKEN", "API_KEY"},
    "BR_NUMBER": {"BUSINESS_REGISTRATION"},
}
"""A label of the sets -> Sampan's kinds for it, where it is not the kind of that name."""
PROVABLE = ("HKID", "CN_ID", "CREDIT_CARD", "PASSPORT", "OCTOPUS", "API_KEY", "URL_WITH_TOKEN")
"""Labels with a checksum or a prefix."""


def same(label, kind, own):
    return kind in KINDS.get(label, {label}) if own else coarse(label) == coarse(kind)


def covered(text, span, marks):
    tokens = [m.start() for m in WORD.finditer(text, span[0], span[1])]
    return all(marks[at] for at in tokens)


def one(text, gold, found, own, rows, wrong):
    marks = bytearray(len(text))
    for start, end, *_ in found:
        marks[start:end] = b"\1" * (end - start)
    used = set()
    for span in gold:
        row = rows.setdefault(span[2], {"spans": 0, "hit": 0, "leak": 0, "false": 0})
        row["spans"] += 1
        row["leak"] += not covered(text, span, marks)
        fits = [i for i, p in enumerate(found) if i not in used and same(span[2], p[2], own) and iou(span, p) >= 0.5]
        if fits:
            row["hit"] += 1
            used.add(max(fits, key=lambda i: iou(span, found[i])))
    for at, each in enumerate(found):
        if at not in used:
            wrong[each[2]] = wrong.get(each[2], 0) + 1


def measure(name, data):
    adapter, rows, wrong = make(name), {}, {}
    own = name.startswith("sampan")
    for text, gold, _ in SETS[data]():
        one(text, gold, dedupe(adapter.detect(text)), own, rows, wrong)
    for label, row in rows.items():
        row["false"] = wrong.pop(label, 0) + sum(wrong.pop(k, 0) for k in KINDS.get(label, ()) if k not in rows)
    leaks = [(row["leak"], row["spans"]) for label, row in rows.items() if label in PROVABLE]
    return {
        "adapter": name, "data": data, "kinds": rows, "other": wrong,
        "provable_leak": sum(a for a, _ in leaks) / sum(b for _, b in leaks),
    }  # fmt: skip


def table(result):
    yield "| kind | spans | precision | recall | leak |"
    yield "|---|--:|--:|--:|--:|"
    for label, row in sorted(result["kinds"].items(), key=lambda item: -item[1]["spans"]):
        found = row["hit"] + row["false"]
        precision = f"{row['hit'] / found:.2f}" if found else "-"
        n = row["spans"]
        yield f"| {label} | {n} | {precision} | {row['hit'] / n:.2f} | {row['leak'] / n:.2f} |"


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--adapter", default="sampan")
    options.add_argument("--data", default="hk-dev2", choices=["hk-dev", "hk-dev2", *HALVES])
    options.add_argument("--json")
    given = options.parse_args()
    result = measure(given.adapter, given.data)
    if given.json:
        with open(given.json, "w") as out:
            json.dump(result, out)
    print("\n".join(table(result)))
    print("found where the set has nothing of that kind:", result["other"])
    print(f"leak of what a checksum or a prefix proves: {result['provable_leak']:.3f}")
