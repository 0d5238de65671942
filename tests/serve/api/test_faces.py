"""Shapes of bodies, events and errors, per vendor."""

import json

import pytest

from sampan.contract.answer import Frame
from sampan.contract.errors import (
    BadRequest,
    NotOffered,
    PolicyRefused,
    StreamCut,
    Unauthenticated,
    UnknownModel,
    UpstreamAuth,
    UpstreamDown,
    UpstreamRefused,
)
from sampan.serve.api.faces import FACES, check_shape, error_event, error_value, event_bytes, shape_of

CHAT, MESSAGES, RESPONSES = (FACES[f"/v1/{path}"] for path in ("chat/completions", "messages", "responses"))


@pytest.mark.parametrize(("path", "body"), [
    ("chat/completions", {"messages": [{"role": "user", "content": "x"}], "stream": None}),
    ("chat/completions", {"messages": [{"role": "assistant", "content": None, "tool_calls": []}, {"role": "developer"}]}),
    ("completions", {"prompt": "x"}), ("completions", {"prompt": ["x", "y"]}),
    ("responses", {"input": "x"}), ("responses", {"input": []}),
    ("embeddings", {"input": [[1, 2], [3]]}), ("embeddings", {"input": "x", "stream": False}),
    ("messages", {"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}]}]}),
    ("messages/count_tokens", {"messages": [{"role": "user", "content": "x"}]}),
])  # fmt: skip
def test_good_bodies(path, body):
    check_shape(FACES[f"/v1/{path}"], {"model": "m", **body})


@pytest.mark.parametrize(("path", "body", "param"), [
    ("completions", {"prompt": 5}, "prompt"), ("completions", {}, "prompt"), ("responses", {"input": {}}, "input"),
    ("embeddings", {"input": None}, "input"), ("messages/count_tokens", {"messages": {}}, "messages"),
    ("responses", {"input": "x", "stream": "true"}, "stream"), ("responses", {"input": "x", "model": []}, "model"),
])  # fmt: skip
def test_bad_bodies_name_the_member(path, body, param):
    with pytest.raises(BadRequest) as caught:
        check_shape(FACES[f"/v1/{path}"], {"model": "m", **body})
    assert caught.value.param == param


@pytest.mark.parametrize(("error", "openai", "anthropic"), [
    (BadRequest("x"), "invalid_request_error", "invalid_request_error"),
    (Unauthenticated("x"), "authentication_error", "authentication_error"),
    (PolicyRefused("x"), "permission_error", "permission_error"),
    (UnknownModel("x"), "invalid_request_error", "not_found_error"),
    (NotOffered("x"), "server_error", "not_supported_error"),
    (UpstreamRefused("x", status=429), "rate_limit_error", "rate_limit_error"),
    (UpstreamRefused("x", status=422), "invalid_request_error", "invalid_request_error"),
    (UpstreamDown("x", status=529), "server_error", "overloaded_error"),
    (UpstreamDown("x"), "server_error", "api_error"), (UpstreamAuth("x", status=502), "server_error", "api_error"),
])  # fmt: skip
def test_types_are_the_vendor_s(error, openai, anthropic):
    assert error_value(CHAT, error)["error"]["type"] == openai
    assert error_value(None, error)["error"]["type"] == openai
    assert error_value(MESSAGES, error)["error"]["type"] == anthropic
    assert error_value(MESSAGES, error)["type"] == "error"


def test_extras_are_the_same_for_both():
    error = PolicyRefused("It may not.", rules=("r1",), ways_on=("mask it", "ask local"))
    error.receipt = "rcp_1"
    for face in (CHAT, MESSAGES):
        value = error_value(face, error)
        assert value["sampan"] == {
            "code": "refused_by_policy", "ways_on": ["mask it", "ask local"], "receipt": "rcp_1", "rules": ["r1"],
        }  # fmt: skip
        assert value["error"]["message"] == "It may not. Mask it. Ask local."
    assert error_value(MESSAGES, error)["request_id"] == "rcp_1"
    assert error_value(CHAT, error)["error"]["code"] == "refused_by_policy"
    assert "docs/reference/http.md" in error_value(CHAT, NotOffered("x"))["error"]["message"]


@pytest.mark.parametrize(
    "upstream", [None, [1], "text", {}, {"error": "text"}, {"error": None}, {"error": []}, {"detail": 1}]
)
@pytest.mark.parametrize("face", [CHAT, MESSAGES])
def test_an_upstream_body_of_any_shape(face, upstream):
    value = error_value(face, UpstreamRefused("cloud answered 400.", status=400, upstream=upstream))
    assert value["error"]["message"].startswith("cloud answered 400.")
    assert value["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("inner", [{}, {"message": None}, {"message": {"a": 1}}, {"message": "", "type": 5}])
@pytest.mark.parametrize("face", [CHAT, MESSAGES])
def test_what_an_upstream_s_error_lacks_is_filled(face, inner):
    value = error_value(face, UpstreamRefused("cloud answered 400.", status=400, upstream={"error": inner}))
    assert value["error"]["message"] == "cloud answered 400."
    assert value["error"]["type"] == "invalid_request_error"


def test_openai_s_error_told_to_an_anthropic_client_has_anthropic_s_type():
    upstream = {"error": {"message": "slow", "type": "requests", "code": "rate_limit_exceeded", "param": None}}
    error = UpstreamRefused("x", status=429, upstream=upstream)
    assert error_value(MESSAGES, error)["error"]["type"] == "rate_limit_error"
    assert error_value(CHAT, error)["error"] == upstream["error"]


def test_anthropic_s_new_types_are_kept():
    upstream = {"type": "error", "error": {"message": "x", "type": "brand_new_error", "details": {"a": 1}}}
    kept = error_value(MESSAGES, UpstreamRefused("x", status=400, upstream=upstream))["error"]
    assert (kept["type"], kept["details"]) == ("brand_new_error", {"a": 1})


def test_the_upstream_s_error_is_not_changed_in_place():
    upstream = {"error": {"message": None}}
    error_value(CHAT, UpstreamRefused("x", status=400, upstream=upstream))
    assert upstream == {"error": {"message": None}}


def test_events():
    assert event_bytes(CHAT, Frame({"a": "陳"})) == 'data: {"a":"陳"}\n\n'.encode()
    assert event_bytes(MESSAGES, Frame({"type": "ping"})) == b'event: ping\ndata: {"type":"ping"}\n\n'
    assert event_bytes(RESPONSES, Frame({"type": "a"}, "b")) == b'event: b\ndata: {"type":"a"}\n\n'


@pytest.mark.parametrize("frame", [Frame({"type": "x\ndata: {}"}), Frame({"type": "x"}, "y\r\nid: 1")])
def test_a_name_with_a_line_break_adds_no_field(frame):
    lines = event_bytes(MESSAGES, frame).split(b"\n")
    assert [line[:5] for line in lines if line] == [b"data:"]


def test_error_events():
    error = StreamCut("It ended in the middle.")
    assert error_event(CHAT, error).startswith(b'data: {"error":')
    assert error_event(MESSAGES, error).startswith(b'event: error\ndata: {"type":"error"')
    value = json.loads(error_event(RESPONSES, error, 7).split(b"data: ")[1])
    assert (value["type"], value["code"], value["sequence_number"]) == ("error", "stream_cut", 7)
    assert value["message"].startswith("It ended in the middle.")


@pytest.mark.parametrize(("path", "headers", "anthropic"), [
    ("/v1/messages", {}, True), ("/v1/messages/batches", {}, True), ("/v1/models", {"anthropic-version": "x"}, True),
    ("/v1/models", {}, False), ("/nothing", {}, False), ("/v1/chat/completions", {"anthropic-version": "x"}, False),
])  # fmt: skip
def test_whose_shape_an_error_has(path, headers, anthropic):
    shape = shape_of(path, headers)
    assert (shape is not None and shape.anthropic) == anthropic
