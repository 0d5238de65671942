from types import SimpleNamespace

import pytest

from sampan.cli.words import language, read, reason_of, term, word


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, "en"), ({"LANG": "zh_HK.UTF-8"}, "zh-HK"), ({"LANG": "en_HK"}, "en"), ({"LANG": "C", "LC_ALL": "zh_TW"}, "zh-HK"),
     ({"SAMPAN_LANG": "en", "LANG": "zh_HK"}, "en"), ({"SAMPAN_LANG": "yue"}, "zh-HK")],
)  # fmt: skip
def test_language(environ, expected):
    assert language(environ) == expected


def test_talk_follows_the_language(sampan, monkeypatch):
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")
    assert "未有運行" in sampan("status").out


def test_words_take_values(monkeypatch):
    monkeypatch.setenv("SAMPAN_LANG", "en")
    assert word("removed", name="x") == "Removed x."
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")
    assert word("removed", name="x") == "已移除 x。"


def test_terms_are_listed_and_names_stay(monkeypatch):
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")
    assert (term("ready"), term("qwen"), term(None)) == ("就緒", "qwen", "")


def test_errors_are_read(monkeypatch):
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")
    assert read("No model is called `x`.") == "沒有名為 `x` 的模型。"
    monkeypatch.setenv("SAMPAN_LANG", "en")
    assert read("No model is called `x`.") == "No model is called `x`."


@pytest.mark.parametrize(("tongue", "said"), [("en", "HKIDs stay home"), ("zh-HK", "身份證號碼留在家")])
def test_a_rule_says_why_in_the_person_s_language(monkeypatch, tongue, said):
    monkeypatch.setenv("SAMPAN_LANG", tongue)
    assert reason_of(SimpleNamespace(reason="HKIDs stay home", reason_zh="身份證號碼留在家")) == said
