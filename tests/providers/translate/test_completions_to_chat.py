import pytest

from sampan.contract.errors import BadRequest
from sampan.contract.request import Dialect
from sampan.providers.translate import outgoing
from tests.providers.translate.vendor import sent


def to_chat(**body):
    return sent(Dialect.COMPLETIONS, Dialect.CHAT, {"model": "m", "prompt": "once", **body})


def test_plain():
    assert to_chat() == {"model": "m", "messages": [{"role": "user", "content": "once"}]}
    assert to_chat(prompt=["once"]) == to_chat()


def test_options():
    out = to_chat(max_tokens=5, temperature=0.1, stop=["x"], seed=1, user="u", logprobs=2, echo=False, best_of=1)
    assert out == {
        "model": "m",
        "messages": [{"role": "user", "content": "once"}],
        "max_tokens": 5,
        "temperature": 0.1,
        "stop": ["x"],
        "seed": 1,
        "user": "u",
        "logprobs": True,
        "top_logprobs": 2,
    }
    assert to_chat(stream=True)["stream_options"] == {"include_usage": True}


def test_to_messages():
    out = sent(Dialect.COMPLETIONS, Dialect.MESSAGES, {"model": "m", "prompt": "once", "max_tokens": 5})
    assert out == {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "once"}]}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"prompt": ["a", "b"]}, "prompt"),
        ({"prompt": [1, 2]}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"suffix": "x"}, "suffix"),
        ({"best_of": 2}, "best_of"),
    ],
)
def test_refused_by_name(body, named):
    with pytest.raises(BadRequest, match=named):
        outgoing(Dialect.COMPLETIONS, Dialect.CHAT, {"model": "m", "prompt": "once", **body})
