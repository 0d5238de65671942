import random

import pytest

from sampan.contract.errors import Corrupt
from sampan.decide.estimate.table import Table, packed, unpacked


@pytest.mark.parametrize("columns", [2, 5, 8])
@pytest.mark.parametrize("rows", [0, 1, 7, 700])
def test_sums_are_those_of_plain_arithmetic(columns, rows):
    made = random.Random(columns * 1000 + rows)
    cells = bytes(made.randrange(256) for _ in range(40 * columns))
    scales = [0.5 * (at + 1) for at in range(columns - 1)]
    chosen = [made.randrange(40) for _ in range(rows)]
    sums, length = Table(cells, columns, scales, 0.25).sums(chosen)
    square = 0.25 * sum(cells[row * columns + columns - 1] for row in chosen)
    assert length == pytest.approx(square**0.5 or 1.0)
    for at, scale in enumerate(scales):
        expected = scale * sum(cells[row * columns + at] - 128 for row in chosen) / length
        assert sums[at] == pytest.approx(expected)


def test_extremes_do_not_run_over():
    table = Table(bytes([255, 255, 255, 255]), 4, [1, 1, 1], 1.0)
    sums, _ = table.sums([0] * 1000)
    assert sums == pytest.approx([127 * 1000 / (255 * 1000) ** 0.5] * 3)


def test_packed_there_and_back():
    data = packed({"a": [1, 2]}, b"cells")
    assert unpacked(data) == ({"a": [1, 2]}, b"cells")


@pytest.mark.parametrize(
    "spoil",
    [lambda data: b"", lambda data: data[:-1], lambda data: data[:20] + b"x" + data[21:], lambda data: b"Z" + data],
)
def test_damage_is_said(spoil):
    with pytest.raises(Corrupt, match="damaged"):
        unpacked(spoil(packed({"a": 1}, b"cells" * 50)))
