import math

import msgspec
import pytest

from sampan.contract.errors import StorageFull
from sampan.contract.estimate import Prompt, Trial
from sampan.contract.verdict import Verdict
from sampan.decide.estimate import Estimator
from sampan.decide.learning import _SEEN_KEPT, Learner
from sampan.decide.pace import Paces
from tests.decide.builders import CLOUD, LOCAL
from tests.decide.learned import MODELS, Kept

ASKED = Prompt((("writing", 0.9),), 1)


def learner(store=None, paces=None):
    return Learner(store or Kept(), paces or Paces(), lambda: MODELS)


def taught(one, times=20, outcome=1.0):
    look = one.look("write a letter", "en")
    for _ in range(times):
        one.learn(LOCAL, look, outcome, 1.0)
    return one


def test_nothing_is_loaded_before_a_prompt_is_read(monkeypatch):
    loaded, default = [], Estimator.default
    monkeypatch.setattr(Estimator, "default", lambda: loaded.append(True) or default())
    one = learner()
    one.settle()
    assert (one.drift().outcomes, loaded) == (0, [])
    one.look("write a letter", "en")
    assert one.labels("local") == 0
    assert loaded == [True]


def test_outcomes_move_what_is_expected():
    one = learner()
    before = one.estimate(LOCAL, ASKED).quality
    assert taught(one).estimate(LOCAL, ASKED).quality > before
    assert taught(learner(), outcome=0.0).estimate(LOCAL, ASKED).quality < before
    assert one.labels("local") == 20
    assert one.drift().outcomes == 20


def test_it_outlives_the_process():
    store, paces = Kept(), Paces()
    one = taught(learner(store, paces))
    paces.first("local", 0.5)
    one.settle()
    again = learner(store, fresh := Paces())
    assert again.estimate(LOCAL, ASKED) == one.estimate(LOCAL, ASKED)
    assert again.drift() == one.drift()
    assert again.notice == ""
    assert fresh.of("local").first_s == 0.5


HALF = b'{"version":1,"counters":{"half_life":1,"models":{"m":{"cells":{"":[1,2]}}}}}'


@pytest.mark.parametrize("broken", [b"{", b"\xff\x00", b"null", b'"x"', b'{"version":99}', HALF, b"7"])
@pytest.mark.parametrize("part", ["estimates", "outcomes", "trials", "paces"])
def test_a_corrupted_part_begins_anew_with_a_notice_and_the_rest_stays(part, broken, caplog):
    store = Kept()
    taught(learner(store)).settle()
    store.parts[part] = broken
    one = learner(store)
    assert part in one.notice
    assert "begins anew" in caplog.text
    assert one.labels("local") == (0 if part == "estimates" else 20)
    assert one.drift().outcomes == (0 if part == "outcomes" else 20)
    taught(one, 1).settle()
    assert learner(store).notice == ""


def test_a_full_disk_is_told_and_nothing_is_lost_in_memory():
    store = Kept()
    one = taught(learner(store))
    store.full = True
    with pytest.raises(StorageFull):
        one.settle()
    store.full = False
    one.settle()
    assert learner(store).labels("local") == 20


TRIAL = Trial(0.8, 0.5)


def verdict(score, usable=True, **spoke):
    return Verdict(score, {}, spoke, usable)


def test_a_verdict_counts_a_little_and_only_for_what_was_just_decided():
    one = learner()
    before = one.estimate(LOCAL, ASKED).quality
    look = one.look("write a letter", "en")
    for name, on_trial, score in (
        ("rcp_1", LOCAL, math.nan),
        ("rcp_1", LOCAL, 1.5),
        ("rcp_gone", LOCAL, 1.0),
        ("rcp_1", None, 1.0),
    ):
        one.looked("rcp_1", look, on_trial)
        one.learn_from_verdict(name, verdict(score, empty=1.0), TRIAL)
    assert one.labels("local") == 0
    one.looked("rcp_1", look, LOCAL)
    one.learn_from_verdict("rcp_1", verdict(1.0, code_parses=1.0), TRIAL)
    one.learn_from_verdict("rcp_1", verdict(1.0, code_parses=1.0), TRIAL)
    assert one.labels("local") == 1
    weak = one.estimate(LOCAL, ASKED).quality - before
    assert 0 < weak < taught(learner(), 1).estimate(LOCAL, ASKED).quality - before


def test_both_answers_of_a_comparison_count_a_little():
    one = learner()
    one.looked("rcp_1", one.look("write a letter", "en"), None)
    for name, model, score in (
        ("rcp_1", LOCAL, 0.2),
        ("rcp_1", CLOUD, 0.9),
        ("rcp_gone", CLOUD, 0.9),
        ("rcp_1", CLOUD, 2.0),
    ):
        one.learn_from_comparison(name, model, verdict(score, agreement=1.0))
    one.learn_from_comparison("rcp_1", CLOUD, verdict(0.9))
    assert (one.labels("local"), one.labels("cloud")) == (1, 1)


def test_a_verdict_without_a_check_says_nothing_of_quality_but_the_trial_counts():
    store = Kept()
    one = learner(store)
    assert one.accepted(LOCAL, 0.5) == 0.5
    for number in range(20):
        one.looked(f"rcp_{number}", one.look("x", "en"), LOCAL)
        one.learn_from_verdict(f"rcp_{number}", verdict(0.5), TRIAL)
    assert one.labels("local") == 0
    assert one.accepted(LOCAL, 0.5) == pytest.approx(5 / 30, abs=0.001)
    one.settle()
    assert learner(store).accepted(LOCAL, 0.5) == pytest.approx(5 / 30, abs=0.001)
    for number in range(20):
        one.looked(f"rcp_{number}", one.look("x", "en"), LOCAL)
        one.learn_from_verdict(f"rcp_{number}", verdict(0.9, usable=number % 2 == 0), TRIAL)
    assert one.accepted(LOCAL, 0.5) == pytest.approx(15 / 50, abs=0.001)


def test_only_so_many_prompts_are_remembered_and_none_as_text():
    one = learner()
    look = one.look("very private words", "en")
    for number in range(_SEEN_KEPT + 10):
        one.looked(f"rcp_{number}", look, None)
    assert len(one._seen) == _SEEN_KEPT
    assert one.look_of("rcp_0", ASKED).prompt is ASKED
    assert one.look_of(f"rcp_{_SEEN_KEPT}", ASKED) is look
    assert b"private" not in msgspec.json.encode(taught(one).exported())


def test_what_is_shown():
    one = taught(learner())
    shown = one.shown()
    assert [row["name"] for row in shown["models"]] == ["local", "cloud"]
    row = shown["models"][0]
    assert row["labels"] == 20
    assert 0 <= row["low"] <= row["quality"] <= 1
    assert row["price"] is None
    assert shown["models"][1]["price"] == [2.5, 10.0]
    assert shown["drift"]["outcomes"] == 20
    assert msgspec.json.encode(shown)


def test_reset_forgets_here_and_on_the_disk():
    store, paces = Kept(), Paces()
    one = taught(learner(store, paces))
    paces.first("local", 0.5)
    one.settle()
    assert one.reset() == {"reset": True}
    assert store.parts == {}
    for each in (one, learner(store)):
        assert each.labels("local") == 0
        assert each.drift().outcomes == 0
    assert paces.of("local").seen == 0
    assert one.estimate(CLOUD, ASKED) == learner().estimate(CLOUD, ASKED)
