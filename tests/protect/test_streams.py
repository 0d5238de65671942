"""Streams of every dialect, split anywhere."""

import json

import pytest

from sampan.contract.answer import Frame
from sampan.contract.request import Dialect
from tests.protect import builders as b

TEXT = f"HKID {b.HKID}, call 陳大文"
MASKED = "HKID [HKID_1], call [PERSON_1]"
SIZES = [1, 2, 3, 4, 5, 7, 50]


def restorer(dialect=Dialect.CHAT, text=TEXT, **more):
    body = {**b.chat(text), "stream": True, **more}
    if dialect is Dialect.RESPONSES:
        body = {"model": "cloud", "input": text, "stream": True, **more}
    return b.protected(body, dialect)[1]


@pytest.mark.parametrize("size", SIZES)
def test_chat(size):
    frames = [b.chunk(role="assistant", content=""), *(b.chunk(content=p) for p in b.pieces(MASKED, size))]
    frames.append(b.chunk(finish="stop"))
    out = b.streamed(restorer(), frames)
    assert b.said(out) == TEXT
    assert out[-1].data["choices"][0]["finish_reason"] == "stop"
    assert sum(1 for f in out if f.data["choices"][0]["finish_reason"]) == 1


def test_what_is_held_back_comes_before_the_end():
    frames = [b.chunk(content="see [HKID"), b.chunk(finish="length"), Frame({"choices": [], "usage": {"x": 1}})]
    out = b.streamed(restorer(), frames)
    assert b.said(out) == "see [HKID"
    assert [bool(f.data["choices"]) for f in out] == [True, True, True, False]
    assert out[2].data["choices"][0]["finish_reason"] == "length"


def test_a_last_chunk_with_text_of_its_own_keeps_the_order():
    out = b.streamed(restorer(), [b.chunk(content="a [HK"), b.chunk(finish="stop", content="ID_1] b [HKID_")])
    assert b.said(out) == f"a {b.HKID} b [HKID_"
    assert out[-1].data["choices"][0]["finish_reason"] == "stop"


def test_a_stream_without_an_end_gives_out_what_it_held():
    assert b.said(b.streamed(restorer(), [b.chunk(content="see [HKID")])) == "see [HKID"


def test_choices_and_members_are_texts_of_their_own():
    frames = []
    for piece in b.pieces(MASKED, 3):
        frames += [b.chunk(0, content=piece), b.chunk(1, content=piece), b.chunk(0, reasoning_content=piece)]
    out = b.streamed(restorer(), frames)
    for index in (0, 1):
        mine = [f for f in out if f.data["choices"][0]["index"] == index]
        assert b.said(mine) == TEXT
    assert b.said(out, "reasoning_content") == TEXT


@pytest.mark.parametrize("size", SIZES)
def test_arguments_of_parallel_tool_calls(size):
    arguments = json.dumps({"id": "[HKID_1]", "n": {"who": "[PERSON_1]"}})
    frames = []
    for piece in b.pieces(arguments, size):
        frames += [b.chunk(tool_calls=[{"index": at, "function": {"arguments": piece}}]) for at in (0, 1)]
    frames.append(b.chunk(finish="tool_calls"))
    out = b.streamed(restorer(), frames)
    for index in (0, 1):
        said = ""
        for frame in out:
            for call in frame.data["choices"][0]["delta"].get("tool_calls", []):
                said += call["function"]["arguments"] if call["index"] == index else ""
        assert json.loads(said) == {"id": b.HKID, "n": {"who": "陳大文"}}


def test_a_name_with_quotes_stays_json_in_arguments_and_in_json_answers():
    name = 'Anne "Nan" O\'Neil'
    arguments = '{"who": "[PERSON_1]"}'
    out = b.streamed(
        restorer(text=f"to {name}"), [b.chunk(function_call={"arguments": p}) for p in b.pieces(arguments, 4)]
    )
    said = "".join(f.data["choices"][0]["delta"]["function_call"]["arguments"] for f in out)
    assert json.loads(said) == {"who": name}
    wish = {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}
    out = b.streamed(
        restorer(text=f"to {name}", response_format=wish), [b.chunk(content=p) for p in b.pieces('"[PERSON_1]"', 3)]
    )
    assert json.loads(b.said(out)) == name


def test_a_frame_without_a_stand_in_is_the_very_same():
    frame = b.chunk(content="hello")
    assert restorer().frame(frame)[0] is frame


@pytest.mark.parametrize("size", SIZES)
def test_completions(size):
    def text(piece, finish=None):
        return Frame({"choices": [{"index": 0, "text": piece, "finish_reason": finish}]})

    out = b.streamed(restorer(Dialect.COMPLETIONS), [*map(text, b.pieces(MASKED, size)), text("", "stop")])
    assert "".join(f.data["choices"][0]["text"] for f in out) == TEXT


def block(index, kind, **delta):
    return Frame(
        {"type": "content_block_delta", "index": index, "delta": {"type": kind, **delta}}, "content_block_delta"
    )


def stop(index):
    return Frame({"type": "content_block_stop", "index": index}, "content_block_stop")


@pytest.mark.parametrize("size", SIZES)
def test_messages(size):
    arguments = json.dumps({"id": "[HKID_1]"})
    frames = [Frame({"type": "message_start", "message": {"content": []}}, "message_start")]
    frames += [block(0, "thinking_delta", thinking=p) for p in b.pieces(MASKED, size)] + [stop(0)]
    frames += [block(1, "text_delta", text=p) for p in b.pieces(MASKED + " [HKID", size)] + [stop(1)]
    frames += [block(2, "input_json_delta", partial_json=p) for p in ["", *b.pieces(arguments, size)]] + [stop(2)]
    out = b.streamed(restorer(Dialect.MESSAGES), frames)
    deltas = [f.data["delta"] for f in out if f.data["type"] == "content_block_delta"]
    assert "".join(d.get("thinking", "") for d in deltas) == TEXT
    assert "".join(d.get("text", "") for d in deltas) == TEXT + " [HKID"
    assert json.loads("".join(d.get("partial_json", "") for d in deltas)) == {"id": b.HKID}
    kinds = [(f.data["type"], f.data.get("index"), f.event) for f in out]
    assert all(event == kind for kind, _, event in kinds)
    last = max(at for at, (kind, index, _) in enumerate(kinds) if (kind, index) == ("content_block_delta", 1))
    assert kinds[last + 1][:2] == ("content_block_stop", 1)


def event(kind, number, **facts):
    return Frame({"type": f"response.{kind}", "sequence_number": number, **facts}, f"response.{kind}")


@pytest.mark.parametrize("size", SIZES)
def test_responses(size):
    place = {"item_id": "m", "output_index": 0, "content_index": 0}
    texts = b.pieces(MASKED + " [HK", size)
    frames = [event("output_text.delta", n, delta=p, **place) for n, p in enumerate(texts)]
    frames.append(event("output_text.done", len(texts), text=MASKED + " [HK", **place))
    arguments = json.dumps({"id": "[HKID_1]"})
    call = {"item_id": "f", "output_index": 1}
    for piece in b.pieces(arguments, size):
        frames.append(event("function_call_arguments.delta", len(frames), delta=piece, **call))
    frames.append(event("function_call_arguments.done", len(frames), arguments=arguments, **call))
    output = [{"type": "message", "content": [{"type": "output_text", "text": MASKED}]},
              {"type": "function_call", "arguments": arguments}]  # fmt: skip
    frames.append(event("completed", len(frames), response={"object": "response", "output": output}))
    out = b.streamed(restorer(Dialect.RESPONSES), frames)
    said = "".join(f.data["delta"] for f in out if f.data["type"] == "response.output_text.delta")
    assert said == TEXT + " [HK"
    assert next(f.data["text"] for f in out if f.data["type"].endswith("text.done")) == TEXT + " [HK"
    parts = "".join(f.data["delta"] for f in out if f.data["type"] == "response.function_call_arguments.delta")
    assert json.loads(parts) == {"id": b.HKID}
    whole = out[-1].data["response"]["output"]
    assert whole[0]["content"][0]["text"] == TEXT
    assert json.loads(whole[1]["arguments"]) == {"id": b.HKID}
    assert [f.data["sequence_number"] for f in out] == list(range(len(out)))
