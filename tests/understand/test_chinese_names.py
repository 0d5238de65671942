"""Chinese names by form: what is one, with its edges, and what only looks like one."""

import time

import pytest

from sampan.understand.chinese_names import spans

TABLE = [
    ("我係陳生，唔該", ["陳生"]),
    ("貴客盛振邦閣下：", ["盛振邦"]),
    ("練惠芳老師及校工權叔。", ["練惠芳", "權叔"]),
    ("村長強叔介紹", ["強叔"]),
    ("兒子費宗翰及女兒費宗妍。", ["費宗翰", "費宗妍"]),
    ("業主：應國偉 裝修", ["應國偉"]),
    ("寫「招惠玲」啦", ["招惠玲"]),
    ("小朋友「豆豆」喊", ["豆豆"]),
    ("師奶「阿芳」遲交", ["阿芳"]),
    ("多謝曉晴媽咪幫手", ["曉晴"]),
    ("等，家朗會遲少少", ["家朗"]),
    ("导游小霍人挺好", ["小霍"]),
    ("4B,阮氏梅,5617", ["阮氏梅"]),
    ("電話打俾阿強，唔該", ["阿強"]),
    ("歐陽先生你好", ["歐陽先生"]),
    ("出席：農乜物、馬溫馨", ["農乜物"]),
    ("關東煮、時效性", []),
    ("司徒偉明副主席", []),
    ("高生產力", []),
    ("黃太陽", []),
    ("墨西哥、摩洛哥", []),
    ("老公同大哥食飯", []),
    ("班主任：今日", []),
    ("群主：新成員", []),
    ("小巴站、小時候", []),
    ("「一帶一路」好長", []),
    ("葉子落晒", []),
    ("施工期間，方程式", []),
    ("溫馨提示", []),
    ("成立於1911年", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_these(text, expected):
    found = sorted({(start, end) for start, end, _ in spans(text)})
    assert [text[start:end] for start, end in found] == expected


@pytest.mark.parametrize("piece", ["陳", "阿", "先生", "司機", "「", "姓名", "小陳", "陳家家"])
def test_time_grows_with_the_text_only(piece):
    def took(count):
        text = piece * count
        began = time.process_time()
        list(spans(text))
        return time.process_time() - began

    took(50)
    assert took(4000) < 80 * max(took(400), 0.002)
