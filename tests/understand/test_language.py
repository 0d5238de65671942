"""What language a text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.understand.language import among

KNOWN = {"en", "zh-Hant", "zh-Hans", "yue", "mixed", "other"}


def of(text):
    found = among((text,))
    return found[0] if len(found) == 1 else "mixed"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Please translate this letter to Mr Chan."),
        ("en", "def f(x):\n    return x + 1"),
        ("en", "I'm at the café in Zürich — “hello” 😀"),
        ("en", "42"),
        ("en", ""),
        ("zh-Hant", "請幫我翻譯這個句子。"),
        ("zh-Hant", "關係很好，請聯絡他們。"),
        ("zh-Hant", "翻譯"),
        ("zh-Hant", "你好"),
        ("zh-Hant", "優の良品買零食，請問哪裡有分店"),
        ("zh-Hans", "请帮我翻译这个句子。"),
        ("zh-Hans", "于是他们说：这件事不对。"),
        ("yue", "幫我用英文覆呢個客：陳大文 (HKID A123456(3)，電話 9123 4567) 想取消6月3號嘅booking。"),
        ("yue", "佢哋嘅经济点样？"),
        ("yue", "點解今日落雨"),
        ("mixed", "我聽日有個 meeting 要同 client present 個 proposal"),
        ("mixed", "请用 Python 写一个函数 sort(list) 排序"),
        ("other", "東京の天気はどうですか"),
        ("other", "안녕하세요 반갑습니다"),
        ("other", "Привет, как дела?"),
        ("other", "สวัสดีครับ"),
        ("other", "Können Sie mir bitte sagen, wie das Wetter ist?"),
        ("other", "¿Cuál es la capital de España y por qué?"),
        ("other", "Bonjour, je voudrais savoir pourquoi le ciel est bleu"),
    ],
)
def test_examples(language, text):
    assert of(text) == language


def test_a_mixture_names_both_heaviest_first():
    assert among(["我聽日有個 meeting"]) == ("yue", "en")
    assert among(["please explain the word 物理學 to my students and their parents"]) == ("en",)
    assert among(["the proposal and the slides for the meeting", "幾時要交俾你哋呢"]) == ("en", "yue")


def test_texts_that_belong_together_are_one():
    assert among(["你好", "唔該晒你哋"]) == ("yue",)


def test_a_quoted_word_of_cantonese_does_not_make_a_text_cantonese():
    assert (
        of("這篇文章討論粵語裏的「嘅」字，並與現代漢語比較。" + "學者認為兩者來源不同，值得進一步研究。" * 5)
        == "zh-Hant"
    )


def test_a_long_text_is_judged_all_over():
    assert of("x" * 300 + "請幫我翻譯這個句子。" * 1000) == "zh-Hant"
    assert of("the house of the people " * 500 + "請幫我翻譯這個句子。" * 2000) == "mixed"


@given(st.text())
def test_any_text_has_one(text):
    assert of(text) in KNOWN


@given(st.lists(st.text(st.sampled_from("嘅咗們们aé の가д\ud800😀 "), max_size=2000), min_size=1, max_size=3))
def test_any_texts_have_some(texts):
    found = among(texts)
    assert found and set(found) <= KNOWN and len(set(found)) == len(found) <= 2
