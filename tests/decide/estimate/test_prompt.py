import pytest

from sampan.decide.estimate.prompt import PromptReader


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Write a python function that reverses a list.", "code"),
        ("Tom has 3 apples and buys 4 more. How many apples does he have?", "word_problem"),
        ("幫我將呢段翻譯做英文：聽日見。", "translation"),
    ],
)
def test_domains(text, domain):
    domains = PromptReader.default().read(text, "en").domains
    assert domains[0][0] == domain
    assert 0 < sum(share for _, share in domains) <= 1 + 1e-9


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00" * 50, "a" * 200_000, "🙂" * 3000])
def test_anything_can_be_read(text):
    prompt, _ = PromptReader.default().look(text, "other")
    assert prompt.language == "other"
    assert 0 <= prompt.difficulty <= 4


def test_what_lies_between_the_ends_is_not_looked_at():
    reader = PromptReader.default()
    assert reader.look("a " * 5000 + "def f(): python" + "a " * 5000, "en") == reader.look("a " * 10007, "en")
