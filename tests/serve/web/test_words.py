"""Which language a page speaks."""

import re

import pytest

from sampan.serve.web.words import WORDS, language, word


@pytest.mark.parametrize(("accepted", "spoken"), [
    ("", "en"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("fr,de;q=0.5", "en"), ("*", "en"), ("zh", "zh-Hant-HK"),
    ("zh-HK", "zh-Hant-HK"), ("ZH-hant-hk", "zh-Hant-HK"), ("yue-HK", "zh-Hant-HK"), ("zh-TW,en;q=0.8", "zh-Hant-HK"),
    ("en;q=0.8,zh-HK;q=0.9", "zh-Hant-HK"), ("en,zh-HK", "en"), ("fr, zh;q=0.1", "zh-Hant-HK"), ("zh;q=0, en;q=0.1", "en"),
    ("zh;q=0", "en"), ("zh;q=nonsense", "en"), (";;;,,,", "en"), ("zh" * 5000, "en"),
])  # fmt: skip
def test_the_best_of_ours(accepted, spoken):
    assert language(accepted) == spoken


@pytest.mark.parametrize("name", WORDS)
def test_both_languages_are_complete_and_name_the_same(name):
    english, chinese = (word(name, tongue) for tongue in ("en", "zh-Hant-HK"))
    assert english
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert re.findall(r"{\w+}|`[^`]+`", english) == re.findall(r"{\w+}|`[^`]+`", chinese)
