"""How sure the engine was, told to the verifier alone."""

import pytest

from sampan.providers.local.sureness import Sureness, asked_for

CHUNK = {
    "choices": [{"index": 0, "delta": {"content": "a"}, "logprobs": {"content": [{"token": "a", "logprob": -0.5}]}}]
}


def test_a_chunk_is_noted_and_hidden():
    sure = Sureness(hidden=True)
    ((told),) = sure.chunk(CHUNK)
    assert told["choices"][0]["logprobs"] is None
    assert CHUNK["choices"][0]["logprobs"] is not None
    assert sure.logprobs == [-0.5]


def test_a_caller_who_asked_for_them_gets_them():
    sure = Sureness(hidden=False)
    assert sure.chunk(CHUNK) == [CHUNK]
    assert sure.logprobs == [-0.5]


@pytest.mark.parametrize(
    "data",
    [{}, {"choices": []}, {"choices": [{"logprobs": None}]}, {"choices": [{"logprobs": {"content": None}}]},
     {"choices": [{"logprobs": {"content": [None, {}, {"logprob": "x"}]}}]}, {"choices": [{"logprobs": 3}]}],
)  # fmt: skip
def test_nothing_to_note(data):
    sure = Sureness(hidden=True)
    sure.chunk(data)
    assert sure.logprobs == []


def test_so_many_and_no_more():
    sure = Sureness(hidden=True)
    sure.whole({"choices": [{"logprobs": {"content": [{"logprob": 0.0}] * 9000}}]})
    assert len(sure.logprobs) == 4096


@pytest.mark.parametrize(
    "body,native,more",
    [({}, False, {"logprobs": True, "top_logprobs": 1}), ({}, True, {"logprobs": 1}), ({"logprobs": True, "top_logprobs": 5}, False, {}),
     ({"tools": [{}], "stream": True}, False, {}), ({"tools": [{}]}, False, {"logprobs": True, "top_logprobs": 1})],
)  # fmt: skip
def test_what_the_engine_is_asked(body, native, more):
    assert asked_for(body, native=native) == more
