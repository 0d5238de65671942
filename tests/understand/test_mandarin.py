"""Simplified Chinese by LAC's weights."""

from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.understand import mandarin
from sampan.understand.features import features
from sampan.understand.mandarin import Read, instead, leaning
from sampan.understand.network import Network
from sampan.understand.tagger import Tagger


@pytest.fixture(scope="module")
def reader():
    return Network(Path(str(files("sampan.understand").joinpath("data", "tagger.npz")))).mandarin


def told(reader, text):
    found = features(text)
    return [(text[found.starts[a] : found.ends[b - 1]], label) for a, b, label, _ in reader.read(text, found).spans]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("今天天气很好，我们见了面。", 1),
        ("这是张伟写的", 1),
        ("今日天氣很好，我們見了面。", -1),
        ("山水人", 0),
        ("plain", 0),
        ("", 0),
    ],
)
def test_which_script_a_text_leans_to(text, sign):
    assert np.sign(leaning(text)) == sign


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昨天王小明在北京大学听了钱学森教授的报告。", [("王小明", "PERSON"), ("北京大学", "ORG"), ("钱学森", "PERSON")]),
        ("记者张志强从上海报道。", [("张志强", "PERSON"), ("上海", "PLACE")]),
        ("外交部发言人华春莹说，这没有道理。", [("外交部", "ORG"), ("华春莹", "PERSON")]),
        ("他喜欢在周末看书和爬山。", []),
    ],
)  # fmt: skip
def test_names_places_and_organisations(reader, text, expected):
    assert told(reader, text) == expected


@pytest.mark.parametrize("text", ["我哋去揾张志强啦", "Dear Sir, 张志强", "张志强"])
def test_what_is_no_sentence_of_mandarin_is_left_to_the_tagger(reader, text):
    assert reader.read(text, features(text)) == Read([], [])


def test_sentences_read_together_are_read_as_alone(reader):
    sentences = [
        f"{name}在{place}工作了{count}年。"
        for count, (name, place) in enumerate([("张志强", "上海"), ("李娜", "北京大学"), ("王小明", "中国银行")] * 9)
    ]
    alone = [span for sentence in sentences for span in told(reader, sentence)]
    assert told(reader, "".join(sentences)) == alone
    assert len(alone) > 40


def test_a_layer_is_what_its_steps_say(reader):
    random = np.random.default_rng(1)
    layer, lengths = reader._layers[0], [5, 3, 1]
    x = random.normal(size=(sum(lengths), 128)).astype(np.float32)
    done = layer(x, mandarin._Layout.of(lengths))
    at = 0
    for length in lengths:
        part = x[at : at + length] @ layer._into + layer._bias
        for way, order in enumerate((range(length), range(length - 1, -1, -1))):
            state = np.zeros(128)
            for step in order:
                given_ = part[step, 384 * way : 384 * way + 384]
                gates = 0.5 + np.tanh(state @ layer._gates[way] + given_[:256]) / 2
                new = np.tanh((gates[128:] * state) @ layer._new[way] + given_[256:])
                state = (1 - gates[:128]) * state + gates[:128] * new
                assert np.allclose(done[at + step, 128 * way : 128 * way + 128], state, atol=1e-4)
        at += length


def test_the_likeliest_path_is_the_best_of_all():
    reader = object.__new__(mandarin.Mandarin)
    random = np.random.default_rng(2)
    reader._first, reader._last, reader._into = random.normal(size=3), random.normal(size=3), random.normal(size=(3, 3))
    lengths = [4, 2, 1]
    scores = random.normal(size=(7, 3))
    at = 0
    for length, path in zip(lengths, reader._likeliest(scores, mandarin._Layout.of(lengths)), strict=True):
        every = np.ndindex(*[3] * length)

        def worth(labels, at=at):
            sums = (
                reader._first[labels[0]]
                + reader._last[labels[-1]]
                + sum(scores[at + k, label] for k, label in enumerate(labels))
            )
            return sums + sum(reader._into[now, before] for before, now in pairwise(labels))

        assert tuple(path) == max(every, key=worth)
        at += length


def test_addresses_and_what_is_not_chinese_stay():
    found = features("张志强住在北京路八号，John也是。")
    own = [(0, 2, "PERSON", 0.9), (5, 10, "ADDRESS", 0.9), (11, 12, "PERSON", 0.9)]
    read = Read([(0, 15)], [(0, 3, "PERSON", 0.75), (5, 7, "PLACE", 0.75)])
    assert instead(own, read, found) == [(0, 3, "PERSON", 0.75), (5, 10, "ADDRESS", 0.9), (11, 12, "PERSON", 0.9)]


def test_what_was_not_read_stays():
    found = features("张志强。")
    assert instead([(0, 3, "PERSON", 0.9)], Read([], []), found) == [(0, 3, "PERSON", 0.9)]


def test_simplified_sentences_alone_are_read_and_neutral_ones_as_the_whole_is(reader):
    traditional, neutral, plain = "記者張志強從上海報道。", "李小明在上海工作。", "记者张志强从上海报道。"
    for sentences, expected in (
        ([traditional, neutral], []),
        ([plain, neutral], [plain, neutral]),
        ([traditional, plain, plain, neutral], [plain, plain, neutral]),
    ):
        text = "".join(sentences)
        found = features(text)
        stretches = reader.read(text, found).stretches
        assert [text[found.starts[a] : found.ends[b - 1]] for a, b in stretches] == expected


def test_the_tagger_takes_what_was_read():
    assert (2, 5, "PERSON", mandarin._SCORE) in Tagger().spans("记者张志强从上海报道，市民反映良好。")
    assert (2, 5, "PERSON", mandarin._SCORE) not in Tagger().spans("記者張志強從上海報道，市民反映良好。")


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="张志强北京大学在的。，！\n aB1說这们\x1e—", max_size=400))
def test_any_text_is_read_within_its_bounds(reader, text):
    found = features(text)
    if not found.starts:
        return
    read = reader.read(text, found)
    before = 0
    for start, end, *_ in read.spans:
        assert before <= start < end <= len(found.starts)
        before = end
