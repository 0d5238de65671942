"""Trains the tagger on one CPU thread and writes `src/sampan/understand/data/tagger.npz`.

`make tagger` calls it. The texts are made on the way: by `generate.py`, and out of half of the templates of presidio-research's
synthetic set and the real sentences of `harvest.py` where these are given.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import generate
import numpy as np
import presidio
import real
import torch
from torch import nn

from sampan.understand import features as seen
from sampan.understand.normalise import normalise
from sampan.understand.tags import DILATIONS, LABELS, TAGS
from sampan.understand.vectors import CHINESE, LATIN, Table, Words

OUT = Path(__file__).resolve().parents[2] / "src/sampan/understand/data/tagger.npz"
CHUNK = 5000
PRESIDIO, HARVESTED = 0.08, 0.3
"""Shares of all texts."""
UNKNOWN, PADDED = -100, -200
KEPT_SHAPES = seen.FLAGS.index("spaced") + 1


class Vectors:
    """What `vectors.py` wrote: the lookup, and both tables in float32."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as kept:
            self.arrays = {name: kept[name] for name in kept.files}
        self.words = Words(self.arrays)
        self.chinese, self.latin = (
            Table(self.arrays[name], self.arrays[f"{name}_scale"])(np.arange(len(self.arrays[name]))) for name in ("chinese", "latin")
        )


class Seen(NamedTuple):
    """What the network reads of a batch: table rows, flags, rows of words."""

    hashed: torch.Tensor
    flags: torch.Tensor
    words: torch.Tensor


class Net(nn.Module):
    """Hashed embeddings and flags, then dilated convolutions with shortcuts."""

    def __init__(self, words: Vectors, width: int = 128, embedding: int = 48) -> None:
        super().__init__()
        self.chinese, self.latin = (nn.Embedding.from_pretrained(torch.from_numpy(each)) for each in (words.chinese, words.latin))
        self.into_chinese = nn.Linear(CHINESE * self.chinese.embedding_dim, width, bias=False)
        self.into_latin = nn.Linear(LATIN * self.latin.embedding_dim, width, bias=False)
        self.table = nn.EmbeddingBag(seen.BUCKETS, embedding, mode="sum", sparse=True, padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.1)
        with torch.no_grad():
            self.table.weight[0] = 0
        self.into = nn.Linear(embedding + seen.WIDTH, width)
        self.convs = nn.ModuleList(nn.Conv1d(width, width, 3, dilation=d, padding=d) for d in DILATIONS)
        for conv in self.convs:
            nn.init.normal_(conv.weight, std=0.6 / math.sqrt(3 * width))
        self.out = nn.Linear(width, len(TAGS))
        self.drop = nn.Dropout(0.1)

    def forward(self, seen: Seen, mask: torch.Tensor) -> torch.Tensor:
        batch, length, slots = seen.hashed.shape
        bag = self.table(seen.hashed.reshape(-1, slots)).reshape(batch, length, -1)
        into = self.into(torch.cat([bag, seen.flags], -1))
        into = into + self.into_chinese(self.chinese(seen.words[..., :CHINESE]).flatten(-2))
        into = into + self.into_latin(self.latin(seen.words[..., CHINESE:]).flatten(-2))
        x = torch.relu(into) * mask
        x = self.drop(x).transpose(1, 2)
        wide = mask.transpose(1, 2)
        for conv in self.convs:
            x = (x + torch.relu(conv(x))) * wide
        return self.out(self.drop(x.transpose(1, 2)))


class Row(NamedTuple):
    """A text as the network reads it."""

    hashed: np.ndarray
    flags: np.ndarray
    words: np.ndarray
    tags: np.ndarray


def encoded(text: generate.Text, words: Words) -> Row | None:
    body, spans = text
    normal = normalise(body)
    if len(normal.text) != len(body):
        return None
    found = seen.features(normal.text)
    if not found.starts:
        return None
    tags = np.zeros(len(found.starts), np.int64)
    starts = np.array(found.starts)
    for start, end, label in spans:
        inside = np.nonzero((starts >= start) & (starts < end))[0]
        if not len(inside):
            continue
        if label == "?":
            tags[inside] = UNKNOWN
            continue
        base = 1 + 4 * LABELS.index(label)
        tags[inside] = base + 1
        tags[inside[0]], tags[inside[-1]] = base, base + 2
        if len(inside) == 1:
            tags[inside[0]] = base + 3
    return Row(found.hashed, found.flags, words.rows(found.keys), tags)


def batches(random: Random, rows: list[Row], tokens: int = 4096) -> Iterator[tuple[Seen, torch.Tensor]]:
    rows.sort(key=lambda r: len(r.tags) + random.random() * 6)
    groups, group, longest = [], [], 0
    for row in rows:
        longest = max(longest, len(row.tags))
        if group and longest * (len(group) + 1) > tokens:
            groups.append(group)
            group, longest = [], len(row.tags)
        group.append(row)
    groups.append(group)
    random.shuffle(groups)
    for group in groups:
        yield batch(group)


def batch(group: list[Row]) -> tuple[Seen, torch.Tensor]:
    """Rows side by side, padded."""
    length = max(len(row.tags) for row in group)
    hashed = np.zeros((len(group), length, seen.SLOTS), np.int64)
    flags = np.zeros((len(group), length, seen.WIDTH), np.float32)
    words = np.zeros((len(group), length, CHINESE + LATIN), np.int64)
    tags = np.full((len(group), length), PADDED, np.int64)
    for index, row in enumerate(group):
        size = len(row.tags)
        hashed[index, :size], flags[index, :size], words[index, :size], tags[index, :size] = row
    return Seen(torch.from_numpy(hashed), torch.from_numpy(flags), torch.from_numpy(words)), torch.from_numpy(tags)


def blurred(shown: Seen) -> Seen:
    """Some features hidden, so that the network leans on none of them."""
    hashed, flags, words = shown
    whole = (torch.rand(hashed.shape[:2]) < 0.06).unsqueeze(-1)
    hashed = hashed.masked_fill(whole | (torch.rand(hashed.shape) < 0.15), 0)
    flags = flags.clone()
    lists = flags[..., KEPT_SHAPES:]
    hide = (torch.rand(flags.shape[:2]) < 0.12).unsqueeze(-1) | (torch.rand(lists.shape) < 0.05)
    lists.masked_fill_(hide, 0)
    words = words.masked_fill((torch.rand(words.shape[:2]) < 0.12).unsqueeze(-1) | (torch.rand(words.shape) < 0.05), 0)
    return Seen(hashed, flags, words)


class Sources(NamedTuple):
    """What else than the generator texts come from: half of presidio-research's set, what `harvest.py` wrote."""

    presidio: list[generate.Text]
    harvested: Path | None

    def text(self, random: Random) -> generate.Text:
        roll = random.random()
        if self.presidio and roll < PRESIDIO:
            return presidio.varied(random, random.choice(self.presidio))
        if self.harvested and roll > 1 - HARVESTED:
            several = [real.text(random, self.harvested) for _ in range(random.choice([1, 1, 1, 2, 3]))]
            return generate.spoiled(random, generate.joined(random, several, random.choice(["\n", " ", " ", "\n\n"])))
        return generate.text(random)


def made(random: Random, count: int, sources: Sources, words: Words) -> list[Row]:
    rows = []
    for _ in range(count):
        row = encoded(sources.text(random), words)
        if row is not None and len(row.tags) <= 400:
            rows.append(row)
    return rows


def train(net: Net, seed: int, texts: int, sources: Sources, words: Words) -> None:
    torch.manual_seed(seed)
    random = Random(seed)
    dense = [p for n, p in net.named_parameters() if not n.startswith("table") and p.requires_grad]
    steps = [
        torch.optim.AdamW(dense, lr=2e-3, weight_decay=0.01),
        torch.optim.SparseAdam(list(net.table.parameters()), lr=4e-3),
    ]
    rates = [2e-3, 4e-3]
    started, done = time.process_time(), 0
    while done < texts:
        rows = made(random, CHUNK, sources, words)
        share, done = done / texts, done + CHUNK
        total, count = 0.0, 0
        net.train()
        for shown, tags in batches(random, rows):
            for step, rate in zip(steps, rates, strict=True):
                step.param_groups[0]["lr"] = rate * (0.02 + 0.98 * (1 + math.cos(math.pi * share)) / 2)
            logits = net(blurred(shown), (tags != PADDED).unsqueeze(-1).float())
            loss = nn.functional.cross_entropy(
                logits.reshape(-1, len(TAGS)), tags.reshape(-1).clamp(min=UNKNOWN), ignore_index=UNKNOWN, label_smoothing=0.02
            )
            for step in steps:
                step.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(dense, 1.0)
            for step in steps:
                step.step()
            total, count = total + loss.item(), count + 1
        print(f"{(time.process_time() - started) / 60:5.1f} min {done} texts loss {total / count:.4f}", flush=True)


def quantised(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 with one scale a row."""
    scale = np.abs(weight).max(1, keepdims=True) / 127 + 1e-12
    return np.round(weight / scale).astype(np.int8), scale.astype(np.float32)


def export(net: Net, vectors: Vectors, out: Path) -> None:
    arrays = dict(vectors.arrays)
    parts = {"table": net.table.weight, "into": net.into.weight, "out": net.out.weight}
    parts |= {"into_chinese": net.into_chinese.weight, "into_latin": net.into_latin.weight}
    parts.update(
        {f"conv{i}": conv.weight.permute(0, 2, 1).reshape(conv.weight.shape[0], -1) for i, conv in enumerate(net.convs)}
    )
    for name, weight in parts.items():
        arrays[name], arrays[f"{name}_scale"] = quantised(weight.detach().numpy())
    arrays["table_scale"] = arrays["table_scale"].astype(np.float16)
    biases = {"into": net.into.bias, "out": net.out.bias, **{f"conv{i}": conv.bias for i, conv in enumerate(net.convs)}}
    arrays.update({f"{name}_bias": bias.detach().numpy() for name, bias in biases.items()})
    np.savez_compressed(out, **arrays)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    print(f"{out.name} {out.stat().st_size} bytes sha256 {digest}")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--texts", type=int, default=70_000, help="a minute of CPU for 25,000")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument(
        "--presidio", type=Path, default=None, help="synth_dataset_v2.json; half of its templates are used"
    )
    options.add_argument("--harvested", type=Path, default=None, help="what harvest.py wrote")
    options.add_argument("--vectors", type=Path, required=True, help="what vectors.py wrote")
    options.add_argument("--out", type=Path, default=OUT)
    given = options.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(given.seed)
    vectors = Vectors(given.vectors)
    net = Net(vectors)
    sources = Sources(presidio.half(given.presidio) if given.presidio else [], given.harvested)
    train(net, given.seed, given.texts, sources, vectors.words)
    export(net, vectors, given.out)


if __name__ == "__main__":
    main()
