"""How a command was called wrongly, in both languages."""

import json

import pytest


@pytest.mark.parametrize(
    ("arguments", "english", "ours"),
    [
        (("ask", "--nothing"), "No such option '--nothing'.", "沒有 '--nothing' 這個選項。"),
        (("askk",), "No such command 'askk'. Did you mean 'ask'?", "沒有 'askk' 這個指令。你是指 'ask' 嗎？"),
        (("models", "use"), "Missing argument 'NAME'.", "欠缺參數 'NAME'。"),
        (("up", "--port", "x"), "Invalid value for '--port': 'x' is not a valid integer range.", "'--port' 的值無效：'x' 不是整數。"),
        (("status", "more"), "Got unexpected extra argument (more)", "多出參數（more）"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_mistake_is_one_line_and_a_way_on(sampan, monkeypatch, arguments, english, ours):
    for language, said in (("en", english), ("zh-HK", ours)):
        monkeypatch.setenv("SAMPAN_LANG", language)
        found = sampan(*arguments)
        first, second = found.err.splitlines()
        assert (found.code, found.out) == (2, "")
        assert first.split(": ", 1)[1] == said
        assert "--help`" in second


def test_with_json_it_is_an_object(sampan):
    found = sampan("models", "use", "--json")
    assert found.code == 2
    assert json.loads(found.err)["error"]["message"] == "Missing argument 'NAME'."
