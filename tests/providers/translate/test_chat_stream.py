"""The order in which parts open, grow and close, whatever is written from them."""

import pytest

from sampan.contract.answer import Frame
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.providers.translate.chat_stream import FromChat, Part, first_choice
from tests.providers.translate.vendor import CHAT_USAGE, call_chunk, chunk, completion


class Notes(FromChat):
    """Writes down what it is told."""

    def begin(self):
        return [Frame({"note": "begin"})]

    def opened(self, part: Part):
        part.place = len(self.parts)
        return [Frame({"note": f"open {part.kind}{part.name}"})]

    def grown(self, part: Part, text: str):
        return [Frame({"note": f"{part.kind}{part.name} {text}"})]

    def closed(self, part: Part):
        return [Frame({"note": f"close {part.kind}{part.name}"})]

    def ended(self):
        return [Frame({"note": f"end {self.finish_reason} {self.tokens.prompt}"})]

    def reply(self, body):
        return {"parts": [(part.kind, part.text) for part in self.parts], "end": self.finish_reason}


def notes(*chunks):
    writer = Notes()
    frames = [out for data in chunks for out in writer.frame(Frame(data))] + writer.finish()
    return [frame.data["note"] for frame in frames]


def test_parts_come_one_after_the_other():
    assert notes(
        chunk({"role": "assistant", "content": None}),
        chunk({"reasoning": "r"}),
        chunk({"content": "a"}),
        chunk({"content": "b"}),
        call_chunk(0, "{}", "x", "c1"),
        chunk({"content": "c"}),
        chunk({}, "stop"),
        chunk(None, usage=CHAT_USAGE),
    ) == [
        "begin",
        "open reasoning",
        "reasoning r",
        "close reasoning",
        "open text",
        "text a",
        "text b",
        "close text",
        "open toolx",
        "toolx {}",
        "close toolx",
        "open text",
        "text c",
        "close text",
        "end stop 100",
    ]


def test_an_unfinished_call_stays_open():
    told = notes(call_chunk(0, "{", "x", "c1"), call_chunk(1, "{}", "y", "c2"), call_chunk(0, "}"), chunk({}, "stop"))
    assert told[1:-1] == ["open toolx", "toolx {", "open tooly", "tooly {}", "toolx }", "close toolx", "close tooly"]


def test_other_choices_are_not_mixed_in():
    second = chunk({"content": "other"})
    second["choices"][0]["index"] = 1
    assert "text other" not in notes(chunk({"content": "a"}), second, chunk({}, "stop"))


def test_arguments_that_are_an_object_already():
    assert 'toolx {"q":1}' in notes(call_chunk(0, {"q": 1}, "x", "c1"), chunk({}, "stop"))


def test_whole():
    body = completion({"content": "a", "reasoning_content": "r"}, "length")
    assert Notes().whole(body) == {"parts": [("reasoning", "r"), ("text", "a")], "end": "length"}


def test_what_is_no_answer():
    with pytest.raises(StreamCut):
        Notes().finish()
    with pytest.raises(UpstreamDown):
        Notes().whole({"choices": None})
    with pytest.raises(UpstreamDown):
        first_choice({"error": "x"})
    assert first_choice({"choices": ["x", {"index": 2}]}) == {}
