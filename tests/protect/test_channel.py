"""One text, piece by piece: the same whatever the pieces, and nothing held back longer than it must be."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.labels import Kind
from sampan.protect.channel import Channel, Mode, Way
from sampan.protect.known import Known
from sampan.protect.operators.stand_in import OPERATOR
from tests.protect.builders import pieces

VALUES = {Kind.PERSON: ["陳大文", 'Anne "Nan"\\\n'], Kind.HKID: ["A123456(3)"], Kind.LOOKALIKE: ["[PERSON_1]"]}


def way(sent=(), arguments=True):
    known = Known(OPERATOR)
    for kind, values in VALUES.items():
        for value in values:
            known.stand_in(kind, value)
    return Way(known, OPERATOR, list(sent), arguments=arguments)


def through(parts, mode=Mode.TEXT, **how):
    channel = Channel(way(**how), mode)
    return "".join(map(channel.push, parts)) + channel.flush()


TEXTS = [
    "Dear [PERSON_1], your HKID is [HKID_1].",
    "［ＰＥＲＳＯＮ＿１］ and [person 1] and [PERSON_2]",
    "[LOOKALIKE_1] is what you typed, [PERSON_1]",
    "[HKID_1][HKID_1][PERSON_9] [HKID_",
    "list[0] and [PERSON] and \\[PERSON\\_1\\] end\\",
    '{"name": "[PERSON_2]", "ids": ["[HKID_1]"]}',
    "![x](https://e.example/?q=[HKID_1]) [PERSON_1]",
    '```json\n{"name" : [PERSON_2], "of": {"id": HKID_1,\n"typed": [LOOKALIKE_1]}}\n```',
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_split_gives_the_same(text):
    whole = through([text])
    for cut in range(len(text) + 1):
        assert through([text[:cut], text[cut:]]) == whole, cut
    for size in (1, 2, 3, 5, 7):
        assert through(pieces(text, size)) == whole, size


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*TEXTS, " ", "[", "]", "x", "[PERSON_1]", "\n", "\\", "https://", "](", ")", "{", '"']), max_size=8),
       st.integers(1, 9))  # fmt: skip
def test_any_text_in_any_pieces(texts, size):
    text = "".join(texts)
    assert through(pieces(text, size)) == through([text])


def test_what_cannot_be_a_stand_in_is_given_out_at_once():
    channel = Channel(way(), Mode.TEXT)
    text = "Dear "
    assert channel.push(text) is text
    assert channel.push("[PERSON_") == ""
    assert channel.push("1] and") == "陳大文 and"
    assert channel.push(" [PERSON") == " "
    assert channel.push("ALITY] ") == "[PERSONALITY] "
    assert channel.push("[PHONE_1") == "[PHONE_1"


def test_values_are_written_as_json_where_the_text_is_json():
    text = '{"to": "[PERSON_2]"}'
    assert json.loads(through([text], Mode.JSON)) == {"to": VALUES[Kind.PERSON][1]}
    assert json.loads(through([text], Mode.ARGUMENTS)) == {"to": VALUES[Kind.PERSON][1]}
    for size in (1, 4):
        assert json.loads(through(pieces(text, size))) == {"to": VALUES[Kind.PERSON][1]}
        assert json.loads(through(pieces(f"[{text}]", size))) == [{"to": VALUES[Kind.PERSON][1]}]
        fenced = through(pieces(f"```json\n{text}\n```", size))
        assert json.loads(fenced[8:-4]) == {"to": VALUES[Kind.PERSON][1]}


def test_values_are_written_as_they_are_elsewhere():
    assert through(["Dear [PERSON_2]!"]) == f"Dear {VALUES[Kind.PERSON][1]}!"
    assert through(["[PERSON_2] is here"]) == f"{VALUES[Kind.PERSON][1]} is here"


def test_what_was_put_back_is_not_read_again():
    assert through(["[LOOKALIKE_1]"]) == "[PERSON_1]"


def test_counts_tell_arguments_apart_and_leave_look_alikes_out():
    shared = way()
    for mode, text in ((Mode.TEXT, "[PERSON_1] [LOOKALIKE_1]"), (Mode.ARGUMENTS, '{"a": "[PERSON_1]"}')):
        channel = Channel(shared, mode)
        channel.push(text)
    assert shared.restored == {"PERSON": 2, "arguments:PERSON": 1}


@pytest.mark.parametrize("mode", [Mode.ARGUMENTS, Mode.ARGUMENT])
def test_arguments_stay_as_they_are_where_policy_says_so(mode):
    assert through(['"[PERSON_1]"'], mode, arguments=False) == '"[PERSON_1]"'
    assert through(['"[PERSON_1]"'], Mode.TEXT, arguments=False) == '"陳大文"'


LINK = "![x](https://e.example/?q=[HKID_1]&n=[PERSON_1]) Dear [PERSON_1]"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_nothing_is_put_back_inside_a_link(size):
    said = through(pieces(LINK, size))
    assert said == "![x](https://e.example/?q=[HKID_1]&n=[PERSON_1]) Dear 陳大文"


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_link_that_the_model_was_given_comes_back_whole(size):
    sent = ["open https://intranet.example/p/[HKID_1]?a=1 please"]
    text = "It is https://intranet.example/p/[HKID_1]?a=1 as you said."
    assert through(pieces(text, size), sent=sent) == text.replace("[HKID_1]", "A123456(3)")


@pytest.mark.parametrize(
    "text",
    ["http://[HKID_1].e.example/", "http://[HKID_1]e.example/", "http://x/[HKID_1]", "http://[HKID_1]@e.example"],
)
def test_a_link_that_only_begins_like_one_it_was_given_stays(text):
    sent = ["http://[HKID_1]:8080/ is my host"]
    for size in (1, 100):
        assert through(pieces(text, size), sent=sent) == text
        assert through(pieces("http://[HKID_1]:80/", size), sent=sent) == "http://A123456(3):80/"


def test_a_target_may_begin_far_back():
    for text in (f"https://e.example/{'a' * 100_000}[HKID_1]", f"![x](https://e.example/{'中' * 70_000}[HKID_1])"):
        assert through(pieces(text, 4096)) == text
    prose = f"{'中' * 100_000}[HKID_1]"
    assert through(pieces(prose, 4096)) == prose.replace("[HKID_1]", "A123456(3)")
    after = f"https://e.example/{'a' * 100_000} [HKID_1]"
    assert through(pieces(after, 4096)) == after.replace("[HKID_1]", "A123456(3)")


@pytest.mark.parametrize("before", ["", "```json\n"])
@pytest.mark.parametrize("written", ["[PERSON_2]", "PERSON_2", "【person_2】"])
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_a_value_of_json_that_a_model_left_without_quotes_gets_them(before, written, size):
    answer = f'{before}{{"to": {written}, "of": {{"is" :{written} }}}}'
    said = through(pieces(answer, size)).removeprefix(before)
    assert json.loads(said) == {"to": 'Anne "Nan"\\\n', "of": {"is": 'Anne "Nan"\\\n'}}


@pytest.mark.parametrize(
    ("answer", "sent", "back"),
    [
        # the caller wrote it so
        ('{"id": [HKID_1]}', '{"id": [HKID_1]}', '{"id": A123456(3)}'),
        # what somebody typed comes back as typed
        ('{"x": [LOOKALIKE_1]}', "", '{"x": [PERSON_1]}'),
        # in a string, or in a text that is no JSON
        ('{"x": "id: [HKID_1]"}', "", '{"x": "id: A123456(3)"}'),
        ('{"x": "say \\"id\\": [HKID_1]"}', "", '{"x": "say \\"id\\": A123456(3)"}'),
        ('The "id": [HKID_1].', "", 'The "id": A123456(3).'),
    ],
)
def test_and_only_such_a_value(answer, sent, back):
    assert through([answer], sent=[sent]) == back
