"""Many receipts in few numbers."""

from sampan.serve.web.summary import NOTHING, choices, main_label, masked_in, matches, rules_in, summed, where
from tests.serve.web.receipts_made import made

ALL = [
    made("1", found={"HKID": 1, "PHONE": 2}, masked={"HKID": 1, "PHONE": 2}),
    made("2", "personal", "home"),
    made("3", "enterprise", "campus", app="openai-python"),
    made("4", "refused", found={"API_KEY": 1}),
    {"v": 1, "type": "tombstone", "id": "tmb_1"},
]


def test_lanes_and_totals():
    summary = summed(ALL)
    assert (summary.total, summary.refused, summary.left) == (4, 1, 2)
    lane = summary.lanes["public"]
    assert (lane.count, lane.bytes_out, lane.bytes_in, lane.masked) == (1, 100, 50, 3)
    assert [summary.lanes[realm].count for realm in ("personal", "enterprise")] == [1, 1]
    assert sum(summary.flows.values()) == 4


def test_a_fallback_counts_where_each_part_went():
    both = made("5")
    both["crossings"] = [*made("x", "enterprise", "campus")["crossings"], *both["crossings"]]
    summary = summed([both])
    assert (summary.lanes["enterprise"].count, summary.lanes["public"].count, summary.total) == (1, 1, 1)
    assert where(both) == ("public", "cloud")


def test_one_receipt():
    assert where(ALL[1]) == ("personal", "home")
    assert where(ALL[3]) == ("refused", "")
    assert main_label(ALL[0]) == "HKID"
    assert main_label(ALL[1]) == NOTHING
    assert rules_in(ALL[0]) == ["hk-id-stays-home"]
    assert rules_in(ALL[3]) == ["hk-id-stays-home", "x-rule"]
    assert masked_in(ALL[1]) == {}


def test_filters():
    assert matches(ALL[0], {})
    assert matches(
        ALL[0], {"place": "public", "model": "cloud", "kind": "PHONE", "rule": "hk-id-stays-home", "app": "sampan-web"}
    )
    for name, value in {"place": "personal", "model": "home", "kind": "EMAIL", "rule": "y", "app": "x"}.items():
        assert not matches(ALL[0], {name: value})


def test_what_filters_may_be_set_to():
    offered = choices(ALL[:4])
    assert offered["place"] == ["enterprise", "personal", "public", "refused"]
    assert offered["app"] == ["openai-python", "sampan-web"]
    assert "" not in offered["model"]


def test_what_was_chosen_and_never_reached_went_nowhere():
    unused = {"crossings": [], "tokens": {"in": 0, "out": 0}}
    for end in ("error", "stopped", "client_left"):
        assert where(made("6", end=end, **unused)) == ("refused", "")
    assert where(made("7", "personal", "home", end="stopped")) == ("personal", "home")


def test_of_an_interrupted_request_no_place_is_claimed():
    receipt = made("8", end="interrupted", crossings=[], tokens={"in": 0, "out": 0})
    assert where(receipt) == ("interrupted", "cloud")
    summary = summed([receipt])
    assert (summary.total, summary.left, summary.refused, summary.lanes["personal"].count) == (1, 0, 0, 0)
