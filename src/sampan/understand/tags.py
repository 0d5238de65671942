"""From the network's scores to spans: the likeliest legal sequence of B-I-E-S tags."""

from typing import Any

import numpy as np

LABELS = ("PERSON", "ADDRESS", "ORG", "PLACE")
TAGS = ("O", *(f"{side}-{label}" for label in LABELS for side in "BIES"))
"""For each label: begin, inside, end, single."""
DILATIONS = (1, 2, 4, 8, 16, 1)
REACH = sum(DILATIONS)
"""How many tokens on each side can change a token's tag."""

Array = np.ndarray[Any, np.dtype[Any]]
Tagged = tuple[int, int, str, float]
_SURE = 3.5
"""A token whose O leads all other tags by this much ends a stretch: the likeliest tags are the same with 6, at twice the time."""


_CLOSING = (0, *(1 + 4 * each + side for each in range(len(LABELS)) for side in (2, 3)))
"""Tags behind which O or a new span may stand."""
_GOING = tuple(1 + 4 * each + side for each in range(len(LABELS)) for side in (1, 2))
"""Tags that go on with a span: only its begin or inside may stand before."""


def spans_of(logits: Array, lean: float | Array = 0.0) -> list[Tagged]:
    """(first token, after last token, label, score). lean: how much likelier than told anything but O is taken, for all or for each token."""
    scores = logits - logits.max(1, keepdims=True)
    scores = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    scores[:, 0] -= lean
    open_ = scores[:, 1:].max(1) > scores[:, 0] - _SURE
    found: list[Tagged] = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], open_.astype(np.int8), [0]])))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        found.extend(_stretch(scores, start, end))
    return found


def _stretch(scores: Array, start: int, end: int) -> list[Tagged]:
    """The likeliest legal tags from `start` to `end`; a token outside is O."""
    rows = scores[start:end].tolist()
    best = [value if _opens(tag) else -1e9 for tag, value in enumerate(rows[0])]
    back: list[list[int]] = []
    for row in rows[1:]:
        closed = max(_CLOSING, key=best.__getitem__)
        from_ = [closed] * len(row)
        for tag in _GOING:
            first = tag - (tag - 1) % 4
            from_[tag] = first if best[first] >= best[first + 1] else first + 1
        best = [best[before] + value for before, value in zip(from_, row, strict=True)]
        back.append(from_)
    tag = max(_CLOSING, key=best.__getitem__)
    path = [tag]
    for from_ in reversed(back):
        tag = from_[tag]
        path.append(tag)
    path.reverse()
    return _read(path, rows, start)


def _opens(tag: int) -> bool:
    return tag == 0 or (tag - 1) % 4 in {0, 3}


def _read(path: list[int], rows: list[list[float]], offset: int) -> list[Tagged]:
    found: list[Tagged] = []
    begin = 0
    for at, tag in enumerate(path):
        if not tag:
            continue
        side = (tag - 1) % 4
        if side in {0, 3}:
            begin = at
        if side in {2, 3}:
            sure = float(np.exp(sum(rows[k][path[k]] for k in range(begin, at + 1)) / (at + 1 - begin)))
            found.append((offset + begin, offset + at + 1, LABELS[(tag - 1) // 4], min(sure, 0.99)))
    return found
