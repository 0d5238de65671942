"""Fits the reader on numpy alone: weights of rows, a softmax over topics, a ridge for hardness; all seeds fixed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sampan.decide.estimate.cues import NAMES, cues_of
from sampan.decide.estimate.ngrams import BUCKETS, rows_of, tokens_of, window
from sampan.decide.estimate.table import packed

CUE_SHARE = 0.25
"""How much cues weigh beside words for the classifier."""
BY_LENGTH = 0.2
"""Hardness added for a standard deviation of length: in every set that was looked at, longer prompts are harder."""
BY_NEGATION = 0.2
"""The same for negations (not, except, least, false): language models stumble over them (Truong et al. 2023, Language models are
not naysayers), and what the many-model tables tell of it is too little."""


class Encoded(NamedTuple):
    """rows: distinct rows of all texts, one after another. ends: where each text's rows end. cues: (texts, cues)."""

    rows: np.ndarray
    ends: np.ndarray
    cues: np.ndarray

    def take(self, which: np.ndarray) -> Encoded:
        starts = np.r_[0, self.ends[:-1]]
        parts = [self.rows[starts[i] : self.ends[i]] for i in which]
        return Encoded(np.concatenate(parts), np.cumsum([len(each) for each in parts]), self.cues[which])


def encode(texts: list[str]) -> Encoded:
    rows, cues = [], []
    for text in texts:
        seen = window(text)
        tokens = tokens_of(seen)
        rows.append(np.array(rows_of(tokens), np.int32))
        cues.append(cues_of(seen, tokens))
    return Encoded(np.concatenate(rows), np.cumsum([len(each) for each in rows]), np.array(cues, np.float32))


class Weights(NamedTuple):
    """idf: weight of each row (0 to 15.9). mean, spread: of the cues."""

    idf: np.ndarray
    mean: np.ndarray
    spread: np.ndarray


def weights_of(texts: Encoded) -> Weights:
    many = len(texts.ends)
    seen = np.bincount(texts.rows, minlength=BUCKETS)
    idf = np.log((1 + many) / (1 + seen)) + 1
    idf[seen < 2] = 0  # a row seen once says nothing
    return Weights(idf.astype(np.float32), texts.cues.mean(0), texts.cues.std(0) + 1e-3)


def values(texts: Encoded, weights: Weights) -> np.ndarray:
    """One value for each entry of `rows`: its weight, each text of length one."""
    found = weights.idf[texts.rows]
    starts = np.r_[0, texts.ends[:-1]]
    length = np.sqrt(np.add.reduceat(found**2, starts)) + 1e-6
    return found / np.repeat(length, np.diff(np.r_[0, texts.ends]))


def standard(texts: Encoded, weights: Weights) -> np.ndarray:
    return np.clip((texts.cues - weights.mean) / weights.spread, -3, 3)


def _dense(texts: Encoded, value: np.ndarray, cues: np.ndarray, which: np.ndarray) -> np.ndarray:
    block = np.zeros((len(which), BUCKETS + cues.shape[1]), np.float32)
    starts = np.r_[0, texts.ends[:-1]]
    for at, i in enumerate(which):
        block[at, texts.rows[starts[i] : texts.ends[i]]] = value[starts[i] : texts.ends[i]]
    block[:, BUCKETS:] = CUE_SHARE * cues[which]
    return block


def softmax(
    texts: Encoded, weights: Weights, target: np.ndarray, importance: np.ndarray, epochs: int = 14, seed: int = 7
) -> tuple[np.ndarray, np.ndarray]:
    """(BUCKETS + cues, topics) weights and a bias: multinomial logistic regression, AdaGrad, a little decay."""
    random = np.random.default_rng(seed)
    value, cues = values(texts, weights), standard(texts, weights)
    many, topics = len(target), int(target.max()) + 1
    table = np.zeros((BUCKETS + cues.shape[1], topics), np.float32)
    bias = np.log(np.bincount(target, importance, topics) / importance.sum() + 1e-4).astype(np.float32)
    seen = np.full_like(table, 1e-4)
    for epoch in range(epochs):
        order = random.permutation(many)
        rate = 0.5 * (1 - epoch / epochs) + 0.05
        for first in range(0, many, 256):
            which = order[first : first + 256]
            block = _dense(texts, value, cues, which)
            logits = block @ table + bias
            logits -= logits.max(1, keepdims=True)
            chance = np.exp(logits)
            chance /= chance.sum(1, keepdims=True)
            chance[np.arange(len(which)), target[which]] -= 1
            chance *= importance[which][:, None]
            slope = block.T @ chance / 256 + 2e-6 * table
            seen += slope**2
            table -= rate * slope / np.sqrt(seen)
            bias -= 0.02 * chance.mean(0)
    return table, bias


def ridge(texts: Encoded, weights: Weights, target: np.ndarray, importance: np.ndarray, strength: float) -> np.ndarray:
    """(BUCKETS + cues + 1) weights, the last a constant: least squares by conjugate gradients."""
    value, cues = values(texts, weights), standard(texts, weights)
    text = np.repeat(np.arange(len(target)), np.diff(np.r_[0, texts.ends]))
    width = BUCKETS + cues.shape[1] + 1

    def ahead(w: np.ndarray) -> np.ndarray:
        return np.bincount(text, value * w[texts.rows], len(target)) + CUE_SHARE * cues @ w[BUCKETS:-1] + w[-1]

    def back(u: np.ndarray) -> np.ndarray:
        u = u * importance
        rows = np.bincount(texts.rows, value * u[text], BUCKETS)
        return np.r_[rows, CUE_SHARE * cues.T @ u, u.sum()]

    penalty = np.full(width, strength)
    penalty[-1] = 1e-3
    found = np.zeros(width)
    residual = back(target)
    step, size = residual.copy(), float(residual @ residual)
    for _ in range(60):
        image = back(ahead(step)) + penalty * step
        along = size / float(step @ image)
        found += along * step
        residual -= along * image
        new = float(residual @ residual)
        if new < 1e-10:
            break
        step = residual + new / size * step
        size = new
    return found.astype(np.float32)


def pack(
    weights: Weights, topic: tuple[np.ndarray, np.ndarray], hardness: np.ndarray, names: list[str], edges: list[float],
    facts: dict[str, object],
) -> bytes:  # fmt: skip
    """The file that `PromptReader` reads. edges: of hardness, between the five bins."""
    table, bias = topic
    hardness = hardness.copy()
    hardness[BUCKETS + NAMES.index("length")] += BY_LENGTH / CUE_SHARE
    hardness[BUCKETS + NAMES.index("not")] += BY_NEGATION / CUE_SHARE
    all_columns = np.c_[table, hardness[:-1]]
    rows = all_columns[:BUCKETS] * weights.idf[:, None]
    scales = np.abs(rows).max(0) / 127 + 1e-12
    weigh = float(weights.idf.max() ** 2 / 255)
    square = np.clip(np.round(weights.idf**2 / weigh), 0, 255)
    cells = np.c_[np.round(rows / scales) + 128, square].astype(np.uint8)
    head = {
        "version": 1,
        "topics": names,
        "scales": [float(f"{each:.6g}") for each in scales],
        "weigh": float(f"{weigh:.8g}"),
        "bias": [float(f"{each:.5g}") for each in bias],
        "hard": float(f"{hardness[-1]:.6g}"),
        "edges": edges,
        "cues": list(NAMES),
        "mean": [float(f"{each:.5g}") for each in weights.mean],
        "spread": [float(f"{each:.5g}") for each in weights.spread],
        "by_cue": [[float(f"{CUE_SHARE * each:.4g}") for each in row] for row in all_columns[BUCKETS:]],
        **facts,
    }
    return packed(head, cells.tobytes())
