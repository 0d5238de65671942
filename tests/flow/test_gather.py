"""Earlier turns of the Responses API."""

import pytest

from sampan.contract.answer import Frame
from sampan.contract.errors import BadRequest
from sampan.contract.request import Dialect
from sampan.flow.gather import Turns, as_items
from tests.flow import stages as s


def ask(**body):
    return s.request(stream=False, dialect=Dialect.RESPONSES, body={"model": "m", "input": "hi", **body})


REPLY = {"id": "resp_1", "object": "response", "output": [{"type": "message", "role": "assistant", "content": []}]}


def test_a_turn_is_kept_and_put_before_the_next():
    turns = Turns(s.Kept())
    seen = turns.keep(ask(), Frame(REPLY))
    assert seen.data["store"] is True
    body = turns.gather(ask(previous_response_id="resp_1", input="and now")).body
    assert [item.get("role") for item in body["input"]] == ["user", "assistant", "user"]
    assert "previous_response_id" not in body
    assert turns.kept("u/", "resp_1")["id"] == "resp_1"


def test_store_false_keeps_nothing():
    kept = s.Kept()
    assert Turns(kept).keep(ask(store=False), Frame(REPLY)).data["store"] is False
    assert kept.states == {}


def test_a_stream_is_kept_at_its_end():
    kept = s.Kept()
    turns = Turns(kept)
    request = s.request(dialect=Dialect.RESPONSES, body={"model": "m", "input": "hi", "stream": True})
    turns.keep(request, Frame({"type": "response.created", "response": {**REPLY, "output": []}}))
    assert kept.states == {}
    seen = turns.keep(request, Frame({"type": "response.completed", "response": REPLY}))
    assert seen.data["response"]["store"] is True
    assert list(kept.states) == [("u/", "resp_1")]


def test_other_dialects_pass():
    request = s.request()
    assert Turns(s.Kept()).gather(request) is request


def test_a_wrong_id_is_said():
    with pytest.raises(BadRequest):
        Turns(s.Kept()).gather(ask(previous_response_id=5))


@pytest.mark.parametrize("value", [None, 5, {}])
def test_odd_inputs_are_left_to_the_model(value):
    assert as_items(value) == []
