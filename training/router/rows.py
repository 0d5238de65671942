"""The outcome tables (see their README), read into prompts with topics and outcomes. Each prompt once."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import NamedTuple

from topics import topic_of

_NOT_MODELS = {"prompt", "subject", "dataset", "split", "sample_id", "weak_response", "strong_response"}


class Row(NamedTuple):
    """One prompt. topic: None when its set covers many. outcomes: model -> 0 to 1. answer: the weak model's, if kept."""

    table: str
    prompt: str
    topic: str | None
    name: str
    outcomes: dict[str, float]
    answer: str


def read(path: Path) -> list[Row]:
    """A table in the order of its file, repeated prompts left out."""
    table = path.name.split(".")[0].removesuffix("_dev").removesuffix("_train")
    found: dict[str, Row] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        csv.field_size_limit(1 << 24)
        for each in csv.DictReader(file):
            name = each.get("subject") or each.get("dataset") or ""
            outcomes = {
                key: float(value or 0)
                for key, value in each.items()
                if key not in _NOT_MODELS and not key.startswith("cost:")
            }
            prompt = each["prompt"]
            found.setdefault(
                prompt, Row(table, prompt, topic_of(name), name, outcomes, each.get("weak_response") or "")
            )
    return list(found.values())


def question(prompt: str) -> str:
    """The last block of a few-shot prompt, the whole of another one."""
    return prompt.rsplit("\n\n", 1)[-1] if prompt.count("Answer:\n") > 1 or prompt.count("\nAnswer") > 2 else prompt
