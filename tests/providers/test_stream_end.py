"""How an answer says that it is complete."""

import pytest

from sampan.contract.request import Dialect
from sampan.providers.stream_end import finish_of, watch


def chunk(index=0, finish=None, **delta):
    return {"choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def test_chat_needs_a_reason_for_every_choice():
    seen = watch(Dialect.CHAT)
    assert not seen.closed()
    for value in (chunk(0), chunk(1), chunk(0, "stop")):
        assert seen.see(value) is False
        assert not seen.closed()
    seen.see(chunk(1, "length"))
    assert seen.closed() and seen.finish == "length"
    seen.see({"choices": [], "usage": {}})
    assert seen.closed()


def test_a_choice_that_speaks_on_is_open_again():
    seen = watch(Dialect.CHAT)
    seen.see(chunk(0, "stop"))
    seen.see(chunk(1, content="more"))
    assert not seen.closed()


@pytest.mark.parametrize("value", [{}, {"choices": None}, {"choices": 5}, {"choices": [None, "x", {"index": []}]}])
def test_garbage_ends_nothing(value):
    for dialect in (Dialect.CHAT, Dialect.MESSAGES, Dialect.RESPONSES):
        seen = watch(dialect)
        assert not seen.see(value) and not seen.closed()


def test_messages_and_responses_end_by_event():
    seen = watch(Dialect.MESSAGES)
    assert not seen.see({"type": "message_delta", "delta": {"stop_reason": "tool_use"}})
    assert not seen.closed() and seen.see({"type": "message_stop"}) and seen.finish == "tool_use"
    for kind in ("completed", "incomplete", "failed"):
        seen = watch(Dialect.RESPONSES)
        assert not seen.see({"type": "response.created"}) and not seen.closed()
        assert seen.see({"type": f"response.{kind}"}) and seen.finish == kind


def test_whole_replies():
    assert finish_of({"choices": [{"finish_reason": "length"}]}) == "length"
    assert finish_of({"stop_reason": "end_turn"}) == "end_turn"
    assert finish_of({"object": "response", "status": "incomplete"}) == "incomplete"
    assert finish_of({"choices": []}) == finish_of({"choices": [3]}) == finish_of({}) == "stop"
