import string

import pytest

from sampan.cli.words import WORDS, language


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_the_same_things(key):
    english, chinese = WORDS[key]
    assert english and chinese
    fields = [sorted(f for _, f, _, _ in string.Formatter().parse(text) if f) for text in (english, chinese)]
    assert fields[0] == fields[1]


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
