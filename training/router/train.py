"""Trains the router's reader and writes `src/sampan/decide/estimate/data/reader.bin`.

`python training/router/train.py TABLES`. TABLES: the folder of outcome tables. Topics come from the tables' subjects and
tasks and from our own prompts; hardness from the outcomes of the many-model tables (never from RouteLLM's, which are for
measuring) and, lightly, from what `EASE` expects of our own prompts.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path

import numpy as np
from fit import BY_LENGTH, BY_NEGATION, CUE_SHARE, encode, pack, ridge, softmax, standard, values, weights_of
from prompts import generated
from rows import Row, question, read
from topics import DOMAINS, FAMILIES

from sampan.decide.estimate.cues import NAMES
from sampan.decide.estimate.priors import EASE

OUT = Path(__file__).resolve().parents[2] / "src/sampan/decide/estimate/data/reader.bin"
TABLES = ("routellm_mmlu_dev", "routellm_gsm8k_dev", "llmrouter9_dev", "routerbench3_train")
JUDGED_BY = ("llmrouter9", "routerbench3")
OWN = 500
"""Prompts of our own for each domain."""


def examples(tables: dict[str, list[Row]], seed: int) -> tuple[list[str], list[str | None], np.ndarray, np.ndarray]:
    """Texts, topics, ease (nan where unknown) and how much the ease counts."""
    texts: list[str] = []
    topics: list[str | None] = []
    ease: list[float] = []
    counts: list[float] = []
    for rows in tables.values():
        for row in rows:
            texts.append(question(row.prompt))
            topics.append(row.topic)
            judged = row.table in JUDGED_BY
            ease.append(sum(row.outcomes.values()) / len(row.outcomes) if judged and row.outcomes else np.nan)
            counts.append(1.0)
    for domain in DOMAINS:
        for text in generated(domain, OWN, seed):
            texts.append(text)
            topics.append(f"{domain}/own")
            ease.append(EASE[domain])
            counts.append(0.15)
    return texts, topics, np.array(ease), np.array(counts)


def reader(tables: dict[str, list[Row]], seed: int = 7, epochs: int = 14) -> bytes:
    """The reader's file, made from these rows and our own prompts."""
    texts, topics, ease, counts = examples(tables, seed)
    encoded = encode(texts)
    weights = weights_of(encoded)
    names = sorted({each for each in topics if each})
    told = np.array([at for at, each in enumerate(topics) if each])
    target = np.array([names.index(topics[at] or "") for at in told])
    share = np.bincount(target)
    importance = np.clip(np.sqrt(200 / share), 0.5, 3)[target]
    found = softmax(encoded.take(told), weights, target, importance.astype(np.float32), epochs, seed)
    known = np.nonzero(~np.isnan(ease))[0]
    hardness = ridge(encoded.take(known), weights, 1 - ease[known], counts[known], strength=20.0)
    told_hard = values(encoded, weights), standard(encoded, weights)
    edges = _edges(encoded, told_hard, hardness)
    return pack(weights, found, hardness, names, edges, {"domains": list(DOMAINS), "families": FAMILIES})


def _edges(encoded, told, hardness) -> list[float]:
    value, cues = told
    text = np.repeat(np.arange(len(encoded.ends)), np.diff(np.r_[0, encoded.ends]))
    sums = np.bincount(text, value * hardness[encoded.rows], len(encoded.ends))
    found = sums + CUE_SHARE * cues @ hardness[-1 - cues.shape[1] : -1] + hardness[-1]
    found += BY_LENGTH * cues[:, NAMES.index("length")] + BY_NEGATION * cues[:, NAMES.index("not")]
    return [round(float(each), 4) for each in np.quantile(found, (0.2, 0.4, 0.6, 0.8))]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    start = time.process_time()
    data = reader({name: read(given.tables / f"{name}.csv.gz") for name in TABLES}, given.seed)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(data)
    print(
        f"{given.out.name}: {len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}, {time.process_time() - start:.0f} s of CPU"
    )


if __name__ == "__main__":
    main()
