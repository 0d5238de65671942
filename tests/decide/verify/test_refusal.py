"""Refusals in English, 繁體, 粵語 and 简体; and words of refusal that are none."""

import pytest

from sampan.decide.verify.refusal import refusal


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, but I can’t assist with this request.",
        "I am unable to answer without the file. I cannot access the internet.",
        "As an AI language model, I do not have opinions.",
        "I don't have access to real-time data.",
        "I need more information about the table.",
        "抱歉，我無法提供這方面的資料。",
        "對不起，我不能回答這個問題。",
        "唔好意思，呢個問題我答唔到。",
        "我係一個AI，冇辦法睇到你部電腦。",
        "作為一個語言模型，我沒有個人意見。",
        "我幫唔到你呢個忙。",
        "很抱歉，我无法访问该网址。",
        "作为一个人工智能，我不能提供医疗建议。",
    ],
)
def test_a_refusal(answer):
    assert refusal(answer) == 1.0


@pytest.mark.parametrize(
    "answer",
    [
        "Dear Ms Chan, thank you for your letter. We are sorry for the delay with your booking.",
        "The answer is 42.",
        "You cannot divide by zero, so the function is not defined there.",
        "Use `try` and `except`; otherwise the program cannot help crashing.",
        "你好，你嘅預約已經改咗去星期三。唔好意思要你等。",
        "對不起三個字，英文係 sorry。",
        "香港嘅夏天好熱，出街記得帶水。",
        "他無法入睡，因為天氣太熱。",
        "",
    ],
)
def test_no_refusal(answer):
    assert refusal(answer) == 0.0


def test_only_the_beginning_counts():
    assert refusal("Here is the letter. " * 20 + "I'm sorry, but I can't help with that.") == 0.0
