"""The flow picture: sources, labels, places and models, joined by bands as wide as their share. Drawn here, as SVG."""

from collections import Counter
from collections.abc import Callable

import msgspec
from markupsafe import Markup

from sampan.serve.web.summary import Summary

WIDTH, ROW, TOP = 900, 44, 30
_BOX = 150
_MOST = 8
OTHERS = "…"


class _Node(msgspec.Struct):
    name: str
    count: int
    y: float = 0.0
    height: float = 0.0
    out: float = 0.0
    into: float = 0.0


def picture(summary: Summary, say: Callable[[str, str], str], heads: tuple[str, str, str, str], told: str) -> Markup:
    """An SVG of the flows; empty when there are none.

    Args:
        summary: what to draw.
        say: (column name, value) -> how it is called. Columns: `source`, `label`, `place`, `model`.
        heads: the columns' titles.
        told: what the picture is, for those who do not see it.
    """
    if not summary.flows:
        return Markup("")
    flows = _few(summary.flows)
    columns = [_column(Counter(_sums(flows, at))) for at in range(4)]
    height = TOP + max(sum(node.height + 10 for node in column.values()) for column in columns)
    parts = [
        Markup('<svg class="flows" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, round(height), told)
    ]
    gap = (WIDTH - 4 * _BOX) / 3
    for at in range(3):
        parts += _bands(flows, at, columns, at * (_BOX + gap) + _BOX, gap)
    for at, name in enumerate(("source", "label", "place", "model")):
        x = at * (_BOX + gap)
        parts.append(Markup('<text class="head" x="{}" y="16">{}</text>').format(round(x), heads[at]))
        parts += [_box(node, x, name, say) for node in columns[at].values()]
    return Markup("").join([*parts, Markup("</svg>")])


def _few(flows: Counter[tuple[str, str, str, str]]) -> Counter[tuple[str, str, str, str]]:
    """The same flows; in each column what is rare is drawn as one."""
    kept = [{name for name, _ in Counter(_sums(flows, at)).most_common(_MOST)} for at in range(4)]
    made: Counter[tuple[str, str, str, str]] = Counter()
    for flow, count in flows.items():
        source, label, place, model = (name if name in kept[at] else OTHERS for at, name in enumerate(flow))
        made[source, label, place, model] += count
    return made


def _sums(flows: Counter[tuple[str, str, str, str]], at: int) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for flow, count in flows.items():
        sums[flow[at]] += count
    return sums


def _column(counts: Counter[str]) -> dict[str, _Node]:
    total, y = sum(counts.values()), float(TOP)
    made: dict[str, _Node] = {}
    for name, count in counts.most_common():
        node = _Node(name, count, y, max(ROW, ROW * len(counts) * count / total))
        made[name] = node
        y += node.height + 10
    return made


def _bands(
    flows: Counter[tuple[str, str, str, str]], at: int, columns: list[dict[str, _Node]], x: float, gap: float
) -> list[Markup]:
    pairs: Counter[tuple[str, str]] = Counter()
    for flow, count in flows.items():
        pairs[flow[at], flow[at + 1]] += count
    bands = []
    for (left, right), count in sorted(
        pairs.items(), key=lambda pair: (columns[at][pair[0][0]].y, columns[at + 1][pair[0][1]].y)
    ):
        here, there = columns[at][left], columns[at + 1][right]
        thick, wide = here.height * count / here.count, there.height * count / there.count
        y1, y2 = here.y + here.out, there.y + there.into
        here.out, there.into = here.out + thick, there.into + wide
        m, end = x + gap / 2, x + gap
        path = (
            f"M{x:.0f} {y1:.1f}C{m:.0f} {y1:.1f} {m:.0f} {y2:.1f} {end:.0f} {y2:.1f}V{y2 + wide:.1f}"
            f"C{m:.0f} {y2 + wide:.1f} {m:.0f} {y1 + thick:.1f} {x:.0f} {y1 + thick:.1f}Z"
        )
        kind = right if at == 1 else left if at == 2 else ""
        bands.append(Markup('<path class="band {}" d="{}"/>').format(kind if kind.isalpha() else "", path))
    return bands


def _box(node: _Node, x: float, name: str, say: Callable[[str, str], str]) -> Markup:
    text, middle = say(name, node.name), node.y + node.height / 2
    shown = text if len(text) <= 18 else text[:17] + "…"
    return Markup(
        '<g><rect class="box {}" x="{}" y="{}" width="{}" height="{}" rx="8"/><text x="{}" y="{}">{}</text>'
        '<text class="count" x="{}" y="{}">{}</text></g>'
    ).format(
        node.name if name == "place" and node.name.isalpha() else "", round(x), round(node.y, 1), _BOX,
        round(node.height, 1), round(x) + 10, round(middle + 5, 1), shown, round(x) + _BOX - 10, round(middle + 5, 1), node.count,
    )  # fmt: skip
