"""Rules of one's own say why in Chinese where the person reads Chinese."""

import pytest

from sampan.cli.reasons import in_text, reasons
from sampan.cli.words import read

RULE = '@id("work")\n@reason("work stays here")\n@reason_zh("工作資料留喺度")\nforbid (principal, action, resource);\n'


@pytest.fixture(autouse=True)
def _fresh():
    reasons.cache_clear()
    yield
    reasons.cache_clear()


def test_a_rule_s_two_reasons_are_found():
    english_only = '@id("x")\n@reason("no")\npermit (principal, action, resource);\n'
    assert in_text(f"// @reason(\"a\")\n{english_only}{RULE}") == {"work stays here": "工作資料留喺度"}  # fmt: skip
    assert in_text('@reason_zh("乙")\n@reason("b (\\"c\\")")\npermit(') == {'b (\\"c\\")': "乙"}
    assert in_text("") == in_text('@reason("a') == {}


@pytest.mark.parametrize(("language", "said"), [("en", "work stays here"), ("zh-HK", "工作資料留喺度")])
def test_a_sentence_of_the_server_is_read(home, monkeypatch, language, said):
    monkeypatch.setenv("SAMPAN_LANG", language)
    folder = home.config / "policies"
    folder.mkdir(parents=True)
    (folder / "own.cedar").write_text(RULE)
    assert read("work stays here") == said
    assert said in read("`cloud` may not have this request: work stays here.")


def test_settings_that_cannot_be_read_say_nothing(home, monkeypatch):
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")
    (home.config / "sampan.toml").write_text("[broken")
    assert reasons() == {}
    assert read("No model is called `x`.") == "沒有名為 `x` 的模型。"
