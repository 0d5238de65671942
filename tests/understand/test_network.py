"""The network in numpy."""

from importlib.resources import files
from pathlib import Path

import numpy as np

from sampan.understand.features import features
from sampan.understand.network import Network
from sampan.understand.tags import REACH, TAGS

WEIGHTS = Path(str(files("sampan.understand").joinpath("data", "tagger.npz")))


def test_weights_are_small_and_hold_no_objects():
    assert WEIGHTS.stat().st_size <= 12_000_000
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        assert {kept[name].dtype.kind for name in kept.files} <= {"b", "i", "u", "f"}
        assert kept["table"].dtype == np.int8


def test_scores_have_a_row_a_token():
    network = Network(WEIGHTS)
    for text in ("陳", "Chan Tai Man lives here", "一二三四五" * 50):
        found = features(text)
        assert network.scores(found).shape == (len(found.starts), len(TAGS))


def test_what_is_out_of_reach_changes_nothing():
    network = Network(WEIGHTS)
    tail = "我係陳大文，聽日見。"
    far = "天氣好好" * REACH
    alone, after = (
        network.scores(features("。" * REACH + far + tail)),
        network.scores(features("，" * 3 * REACH + far + tail)),
    )
    size = len(features(tail).starts)
    assert np.allclose(alone[-size:], after[-size:], atol=1e-4)
