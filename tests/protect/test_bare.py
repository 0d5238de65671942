"""Stand-ins that a model wrote without their brackets."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Kind
from sampan.protect.bare import Bare
from sampan.protect.channel import Channel, Mode, Way
from sampan.protect.known import Known
from sampan.protect.operators.stand_in import OPERATOR
from tests.protect import builders as b


def way(said=(), arguments=True):
    known = Known(OPERATOR)
    for kind, value in ((Kind.PERSON, "陳大文"), (Kind.PERSON, 'Anne "Nan"'), (Kind.BANK_ACCOUNT, "012-345678-9")):
        known.stand_in(kind, value)
    return Way(known, OPERATOR, ["[PERSON_1] [PERSON_2] [BANK_ACCOUNT_1]"], arguments=arguments, said=said)


def restored(text, size=1000, mode=Mode.TEXT, **how):
    channel = Channel(way(**how), mode)
    return "".join(channel.push(text[at : at + size]) for at in range(0, len(text), size)) + channel.flush()


@pytest.mark.parametrize(
    ("answer", "back"),
    [
        ("PERSON_1", "陳大文"), ("Person_1", "陳大文"), ("Dear PERSON_1,", "Dear 陳大文,"), ("答：PERSON_1。", "答：陳大文。"),
        ("VALUES ('PERSON_1', 'BANK_ACCOUNT_1');", "VALUES ('陳大文', '012-345678-9');"), ("Bank_Account_1!", "012-345678-9!"),
        ("PERSON\\_1 said: PERSON_2.", '陳大文 said: Anne "Nan".'), ("| PERSON_1 | x |", "| 陳大文 | x |"), ("(PERSON_1)", "(陳大文)"),
        ("PERSON_1: hello", "陳大文: hello"), ("[PERSON_1] and PERSON_1", "陳大文 and 陳大文"),
        ('{"name": "PERSON_2"}', '{"name": "Anne \\"Nan\\""}'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_one_that_was_given_out_comes_back(answer, back, size):
    assert restored(answer, size) == back


@pytest.mark.parametrize(
    "answer",
    ["person 1", "PERSON 1", "person_1", "PERSON1", "PERSON_3", "PERSON_0", "PERSON_", "XPERSON_1", "PERSON_1X", "PERSON_1_2", "PERSON_12",
     "self.PERSON_1", "PERSON_1 = 5", "PERSON_1=5", "PERSON_1 := 5", "PERSON_1(x)", "PERSON_1.name", "{PERSON_1}", "$PERSON_1",
     "<PERSON_1>", "--PERSON_1", "/PERSON_1", "#PERSON_1", "PERSON_1[0]", "[PERSON_1", "PHONE_1", "LOOKALIKE_1", "https://x.example/?q=PERSON_1"],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_what_is_a_name_in_code_or_was_not_given_out_stays(answer, size):
    assert restored(answer, size) == answer


@pytest.mark.parametrize("said", ["see PERSON_1 there", "person_1", "const Person_1;"])
def test_what_the_request_says_itself_is_not_put_back(said):
    assert restored("PERSON_1, PERSON_2", said=["nothing", said]) == 'PERSON_1, Anne "Nan"'


def test_what_the_request_says_in_brackets_is_another_thing():
    # a look-alike has a stand-in of its own
    assert restored("PERSON_1", said=["[PERSON_1]"]) == "陳大文"


def test_the_arguments_of_a_tool_call():
    written = json.dumps({"to": "PERSON_2", "n": 1})
    assert json.loads(restored(written, 3, Mode.ARGUMENTS))["to"] == 'Anne "Nan"'
    assert restored(written, 3, Mode.ARGUMENTS, arguments=False) == written


PIECES = st.lists(
    st.sampled_from(["PERSON_1", "Person_", "PER", "BANK", "_ACCOUNT_1", "BANK\\_ACCOUNT\\_1", "[", "]", "[PERSON_1]", " ", "\n", ".", ",", "=",
                     ":", "a", "中", "1", "2", "_", "\\", '"', "{", "(", "https://x.example/"])
)  # fmt: skip


@given(PIECES, st.integers(1, 6))
def test_a_stream_says_what_the_whole_says(pieces, size):
    text = "".join(pieces)
    assert restored(text, size) == restored(text)


@given(PIECES)
def test_the_quick_look_is_never_wrongly_false(pieces):
    text = "".join(pieces)
    bare = Bare({Kind.PERSON: 2, Kind.BANK_ACCOUNT: 1}, ())
    if list(bare.read("", text, len(text))) or bare.pending("", text) < len(text):
        assert bare.opens(text)


def test_a_long_text_without_one_takes_no_time():
    bare = Bare({Kind.PERSON: 2}, ())
    long = "PERSON_" * 100_000 + "A" * 100_000 + "\\" * 1000
    assert list(bare.read("", long, len(long))) == []


def test_nothing_given_out_nothing_found():
    assert not Bare({}, ()).opens("PERSON_1")
    assert list(Bare({}, ()).read("", "PERSON_1", 8)) == []


def test_the_whole_stage():
    _, restorer = b.protected(b.chat("HKID A123456(3), call 9123 4567 about PHONE_1"))
    assert restorer.whole({"x": "HKID_1 and PHONE_1"}) == {"x": "A123456(3) and PHONE_1"}
