"""JSON text read as it is written."""

import json

import pytest

from sampan.contract.labels import Kind
from sampan.protect import escapes
from sampan.protect.channel import Channel, Mode, Way
from sampan.protect.known import Known
from sampan.protect.operators.stand_in import OPERATOR
from tests.protect.builders import pieces

VALUES = {Kind.HKID: "A123456(3)", Kind.PASSWORD: 'a "q" \\ b'}
TEXTS = [
    "x [HKID_1] y", "\\[HKID_1\\]", "\\[HKID\\_1\\] and [PASSWORD_1]", "C:\\[HKID_1]\\new", "a\\\\[HKID_1]", '"[PASSWORD_1]"',
    "\\\\\\[HKID_1\\]",
    "https://a.example/x\n[HKID_1]", "https://a.example\t[PASSWORD_1]", "(https://a.example/x)\n\n[HKID_1]", "![a](//e.example/\n)[HKID_1]",
    '<img src="//e.example/[HKID_1]">', '<img src="//e.example/"> [HKID_1]', "see\nhttps://e.example/[HKID_1]", "e\\n[HKID_1]",
    "https://e.example/\\n[HKID_1]", '{[HKID_1] "x"', "end \\",
]  # fmt: skip


def through(parts, mode):
    known = Known(OPERATOR)
    for kind, value in VALUES.items():
        known.stand_in(kind, value)
    channel = Channel(Way(known, OPERATOR, [], arguments=True), mode)
    return "".join(map(channel.push, parts)) + channel.flush()


@pytest.mark.parametrize("text", TEXTS)
def test_a_string_in_json_is_restored_like_the_string_by_itself(text):
    wanted = through([text], Mode.TEXT)
    written = json.dumps({"a": ["[HKID_1]", text]})
    everything = written.replace("[HKID", "\\u005bHKID").replace("_1", "\\u005f1")
    for size in (1, 2, 3, 5, 1000):
        assert json.loads(through(pieces(written, size), Mode.ARGUMENTS))["a"][1] == wanted
        assert json.loads(through(pieces(everything, size), Mode.ARGUMENTS))["a"][1] == wanted
        assert json.loads(through(pieces(written, size), Mode.JSON))["a"][1] == wanted


@pytest.mark.parametrize("text", [text for text in TEXTS if "\\_" not in text])
def test_json_inside_a_string_stays_json(text):
    wanted = through([text], Mode.TEXT)
    inner = json.dumps({"b": text})
    for size in (1, 2, 3, 1000):
        said = json.loads(through(pieces(json.dumps({"a": inner}), size), Mode.ARGUMENTS))["a"]
        assert json.loads(said)["b"] == wanted
        assert json.loads(through(pieces(inner, size), Mode.ARGUMENT))["b"] == wanted


def test_where_the_string_begins_out_of_sight_no_reading_may_be_a_target():
    for text in ('{"a": "' + "x " * 20_000 + 'https://e.example/\\\\n[HKID_1]"}',
                 '{"a": "' + "x " * 20_000 + '<img src=\\"//e.example/[HKID_1]\\">"}'):  # fmt: skip
        assert through(pieces(text, 1000), Mode.ARGUMENTS) == text
    assert "A123456(3)" in through(['{"a": "' + "x " * 20_000 + '[HKID_1]"}'], Mode.ARGUMENTS)


def test_escapes_that_have_to_stay_stay():
    for text in ('"\\u0022 \\u005c \\u0000 \\u001f \\ud83d\\ude00"', '"\\\\u005b"', '"\\n\\t\\/"'):
        assert escapes.plain(text) == (text, "")
    assert escapes.plain('"\\u9673') == ('"陳', "")
    for cut in ("\\", "\\u", "\\u0", "\\u00", "\\u005"):
        assert escapes.plain(f'"x\\\\{cut}') == ('"x\\\\', cut)


def test_a_long_run_of_backslashes_is_not_held():
    channel = Channel(Way(Known(OPERATOR), OPERATOR, [], arguments=True), Mode.ARGUMENTS)
    given = "".join(channel.push("\\") for _ in range(10_001))
    assert len(given) > 9_900
    assert len(given + channel.flush()) == 10_001


def test_the_next_character_is_read_as_it_is_meant():
    assert [escapes.following(text, 0) for text in ("x", "", "\\n", '\\"', "\\u0041", "\\", "\\u00")] == [
        "x",
        "",
        "\n",
        '"',
        "A",
        None,
        None,
    ]
