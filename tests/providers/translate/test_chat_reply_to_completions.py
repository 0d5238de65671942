import pytest
from openai.types import Completion

from sampan.contract.answer import Frame, Usage
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.contract.request import Dialect
from sampan.providers.translate import Incoming
from tests.providers.translate.vendor import (
    CHAT_USAGE,
    MESSAGE_USAGE,
    chunk,
    completion,
    message,
    message_events,
    streamed,
)

REQUEST = {"model": "m", "prompt": "once", "stream": True}
COUNTED = {**REQUEST, "stream_options": {"include_usage": True}}
END = [chunk(None, usage=CHAT_USAGE)]


def stream(*chunks, request=REQUEST):
    frames, incoming = streamed(Dialect.COMPLETIONS, Dialect.CHAT, request, [*chunks, *END])
    assert incoming.usage == Usage(input=100, output=7, cached=40)
    assert all(frame.data["object"] == "text_completion" for frame in frames)
    return frames


def test_golden_stream():
    frames = stream(
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": "up"}),
        chunk({"content": "on"}),
        chunk({}, "stop"),
    )
    said = [(c["index"], c["text"], c["finish_reason"]) for frame in frames for c in frame.data["choices"]]
    assert said == [(0, "up", None), (0, "on", None), (0, "", "stop")]
    assert all("usage" not in frame.data for frame in frames)


def test_usage_when_asked_for():
    frames = stream(chunk({"content": "x"}, "length"), request=COUNTED)
    assert (frames[-1].data["choices"], frames[-1].data["usage"]) == ([], CHAT_USAGE)
    assert frames[0].data["choices"][0]["finish_reason"] == "length"


def test_whole():
    out = Incoming(Dialect.COMPLETIONS, Dialect.CHAT, REQUEST).whole(completion({"content": "upon"}))
    parsed = Completion.model_validate(out)
    assert (parsed.choices[0].text, parsed.choices[0].finish_reason, parsed.usage.prompt_tokens) == (
        "upon",
        "stop",
        100,
    )
    assert parsed.id.startswith("cmpl_")


def test_echo():
    request = {**REQUEST, "echo": True}
    out = Incoming(Dialect.COMPLETIONS, Dialect.CHAT, request).whole(completion({"content": " upon"}))
    assert out["choices"][0]["text"] == "once upon"
    frames = stream(chunk({"role": "assistant"}), chunk({"content": " upon"}), chunk({}, "stop"), request=request)
    assert "".join(c["text"] for frame in frames for c in frame.data["choices"]) == "once upon"


def test_several_choices():
    body = completion({"content": "a"})
    body["choices"].append({**body["choices"][0], "index": 1, "finish_reason": "length"})
    out = Incoming(Dialect.COMPLETIONS, Dialect.CHAT, REQUEST).whole(body)
    assert [(c["index"], c["finish_reason"]) for c in out["choices"]] == [(0, "stop"), (1, "length")]


def test_logprobs():
    tokens = [
        {"token": "up", "logprob": -0.5, "bytes": None, "top_logprobs": [{"token": "up", "logprob": -0.5}]},
        {"token": "on", "logprob": -0.1, "bytes": None, "top_logprobs": []},
    ]
    body = completion({"content": "upon"})
    body["choices"][0]["logprobs"] = {"content": tokens}
    out = Incoming(Dialect.COMPLETIONS, Dialect.CHAT, REQUEST).whole(body)
    Completion.model_validate(out)
    assert out["choices"][0]["logprobs"] == {
        "tokens": ["up", "on"],
        "token_logprobs": [-0.5, -0.1],
        "top_logprobs": [{"up": -0.5}, {}],
        "text_offset": [0, 2],
    }


def test_from_an_anthropic_model():
    blocks = [({"type": "text", "text": ""}, [{"type": "text_delta", "text": "upon"}])]
    frames, _ = streamed(Dialect.COMPLETIONS, Dialect.MESSAGES, COUNTED, message_events(blocks))
    assert "".join(c["text"] for frame in frames for c in frame.data["choices"]) == "upon"
    assert frames[-1].data["usage"]["prompt_tokens"] == 100
    out = Incoming(Dialect.COMPLETIONS, Dialect.MESSAGES, REQUEST).whole(message([{"type": "text", "text": "upon"}]))
    assert Completion.model_validate(out).choices[0].text == "upon"
    assert MESSAGE_USAGE["input_tokens"] == 50


def test_cut_or_broken_is_no_success():
    with pytest.raises(StreamCut):
        streamed(Dialect.COMPLETIONS, Dialect.CHAT, REQUEST, [chunk({"content": "x"})])
    with pytest.raises(UpstreamDown):
        Incoming(Dialect.COMPLETIONS, Dialect.CHAT, REQUEST).frame(Frame({"error": {"message": "x"}}))
