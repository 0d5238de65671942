"""What is gathered for one receipt."""

import asyncio

import pytest

from sampan.contract.answer import End, Usage
from sampan.contract.errors import PolicyRefused, StorageFull, StreamCut
from sampan.contract.models import Realm
from sampan.contract.request import Form, Route
from sampan.flow.journey import Journey
from tests.flow.stages import FakeCleared, Records, model, request


def journey(realm=Realm.PUBLIC, sent=(b"one",)):
    records, asked = Records(), request()
    made = FakeCleared(asked, Route(model("cloud", realm), Form()))
    made.sent, made.masked = list(sent), {"HKID": 1}
    return Journey(records.open(asked), asked), made, records


END = End(Usage(5, 7), bytes_out=3, bytes_in=99)


def test_every_attempt_is_a_crossing_of_its_own():
    way, cleared, _ = journey(sent=(b"one", b"three"))
    way.crossed(cleared, END)
    first, last = way.crossings
    assert (first.attempt, first.bytes_out, first.bytes_in, first.error) == (1, 3, 0, "retried")
    assert (last.attempt, last.bytes_out, last.bytes_in, last.error) == (2, 5, 99, "")
    assert (last.to, last.model, last.body, last.masked) == ("public", "cloud", "hmac:5", {"HKID": 1})
    assert [each.usage for each in way.paid] == [Usage(5, 7)]


def test_what_stand_ins_told_is_noted():
    way, cleared, _ = journey()
    cleared.hints, cleared.guided = {"PERSON": 2}, True
    way.crossed(cleared, END)
    assert (way.crossings[0].hints, way.crossings[0].guided) == ({"PERSON": 2}, True)


def test_the_personal_realm_is_no_crossing():
    way, cleared, _ = journey(Realm.PERSONAL)
    way.crossed(cleared, END)
    assert (way.crossings, way.paid[0].usage) == ([], Usage(5, 7))


def test_what_was_not_sent_did_not_cross():
    way, cleared, _ = journey(sent=())
    way.crossed(cleared, END, "upstream_down")
    assert way.crossings == []


def test_it_closes_once():
    way, _, records = journey()
    first = way.close("complete")
    assert way.close("client_left") is first
    way.fail(StreamCut("x"))
    assert [facts.end for _, facts in records.closed] == ["complete"]


@pytest.mark.parametrize(
    ("error", "end", "code"),
    [
        (PolicyRefused("no"), "refused", "refused_by_policy"),
        (StorageFull("full"), "error", "storage_full"),
        (StreamCut("cut"), "error", "stream_cut"),
        (asyncio.CancelledError(), "client_left", ""),
        (GeneratorExit(), "client_left", ""),
        (ValueError("a value: A123456(3)"), "error", "internal_error"),
    ],
)
def test_how_it_ended(error, end, code):
    way, _, records = journey()
    way.fail(error)
    ((_, facts),) = records.closed
    assert (facts.end, facts.error) == (end, code)
    assert "A123456" not in str(facts)


def test_an_expected_error_names_the_receipt():
    way, _, _ = journey()
    error = StreamCut("x")
    way.fail(error)
    assert error.receipt == way.request.id


def test_times():
    way, _, records = journey()
    way.spent(0.0)
    way.first_frame()
    first = way._first
    way.first_frame()
    way.close("complete")
    ((_, facts),) = records.closed
    assert way._first == first
    assert facts.ms["total"] >= facts.ms["first_token"] > 0
    assert facts.ms["sampan"] > 0
