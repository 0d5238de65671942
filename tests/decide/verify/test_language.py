"""An answer in another language than the question."""

import pytest

from sampan.decide.verify.language import other_language


@pytest.mark.parametrize(
    "question,answer,told",
    [
        ("香港幾時回歸？請簡單講吓。", "Hong Kong was returned to China on 1 July 1997.", 1),
        ("When was Hong Kong returned to China?", "香港在一九九七年七月一日回歸中國。", 1),
        ("香港幾時回歸？請簡單講吓。", "香港喺一九九七年七月一號回歸。", 0),
        ("Who wrote Hamlet and when was it?", "Shakespeare wrote it about 1600.", 0),
        ("幫我翻譯做英文：我今日好攰，想早啲瞓。", "I am very tired today and want to sleep early.", 0),
        ("Translate into Chinese: I am very tired today.", "我今天很累，想早點睡。", 0),
        ("用英文寫一封信俾客人，話佢知個booking取消咗", "Dear customer, your booking has been cancelled.", 0),
        ("呢個 function 點解會 error？", "因為 variable 未 define。", 0),
        ("呢段程式做乜？請解釋一下每一行。", "```python\nfor each in range(10):\n    print(each)\n```", 0),
        ("一加一等於幾多？", "2", 0),
    ],
)
def test_languages(question, answer, told):
    assert other_language(question, answer) == told
