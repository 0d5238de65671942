"""Languages, and numbers as people write them."""

import pytest

from sampan.serve.web.language import LANGUAGES, language, tongue


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("", "en"), ("en-GB,en;q=0.9", "en"), ("zh-HK", "zh-Hant-HK"), ("zh-CN,en;q=0.5", "zh-Hant-HK"), ("yue", "zh-Hant-HK"),
        ("fr,en;q=0.3,zh;q=0.8", "zh-Hant-HK"), ("zh;q=0,en;q=0.1", "en"), ("*", "en"), (";;,,q=", "en"), ("fr", "en"),
        ("zh" * 5000, "en"),
    ],
)  # fmt: skip
def test_the_best_of_ours(accepted, tag):
    assert language(accepted) == tag


def test_an_unknown_tag_is_english():
    assert tongue("xx").tag == "en"
    assert {tongue(tag).tag for tag in LANGUAGES} == set(LANGUAGES)


def test_numbers_sizes_and_money():
    en = tongue("en")
    assert en.number(1234567) == "1,234,567"
    assert [en.size(n) for n in (0, 999, 1500, 1_234_567)] == ["0 B", "999 B", "1.5 KB", "1.2 MB"]
    assert en.money(0) == "US$0.00"
    assert en.money(0.0011) == "US$0.0011"
    assert en.money(0.00002) == "< US$0.0001"


def test_times():
    assert "2026" in tongue("en").time("2026-11-23T06:12:09.113Z")
    assert "2026年11月23日" in tongue("zh-Hant-HK").time("2026-11-23T06:12:09.113Z")
    assert tongue("en").ago(0.0).endswith("ago")
