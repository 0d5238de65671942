"""A condition tied to a person: "佢確診糖尿病", "the patient has asthma". A condition by itself is nobody's.

Source: conditions as the Hospital Authority's and the NHS's pages for patients list them.
"""

import re
from collections.abc import Iterator

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from sampan.contract.labels import Finding, Kind
from sampan.understand.normalise import SEPARATOR

NAME, VERSION = "medical", "1.0"

_LATIN = (
    "diabetes, diabetic, type 1 diabetes, type 2 diabetes, hypertension, high blood pressure, hypotension, asthma, copd, cancer, "
    "breast cancer, lung cancer, colon cancer, liver cancer, leukaemia, leukemia, lymphoma, tumour, tumor, stroke, heart attack, "
    "heart failure, heart disease, angina, arrhythmia, atrial fibrillation, epilepsy, seizures, depression, major depressive disorder, "
    "bipolar disorder, schizophrenia, anxiety disorder, panic disorder, ptsd, ocd, adhd, autism, dyslexia, dementia, alzheimer's, "
    "alzheimer's disease, parkinson's, parkinson's disease, multiple sclerosis, hiv, hiv positive, aids, hepatitis b, hepatitis c, "
    "hepatitis, tuberculosis, pneumonia, covid-19, covid, influenza, dengue, shingles, syphilis, gonorrhoea, gonorrhea, chlamydia, "
    "herpes, kidney failure, renal failure, chronic kidney disease, gout, arthritis, rheumatoid arthritis, osteoporosis, lupus, eczema, "
    "psoriasis, thyroid disease, hyperthyroidism, hypothyroidism, anaemia, anemia, thalassaemia, thalassemia, haemophilia, glaucoma, "
    "cataract, gastric ulcer, crohn's disease, ulcerative colitis, ibs, appendicitis, gallstones, fatty liver, cirrhosis, endometriosis, "
    "pcos, miscarriage, abortion, pregnant, pregnancy, infertility, obesity, anorexia, bulimia, migraine, insomnia, sleep apnoea, "
    "penicillin allergy, peanut allergy, allergic to penicillin, concussion, fracture, slipped disc, scoliosis, g6pd deficiency"
)
_HAN = (
    "糖尿病 一型糖尿 二型糖尿 高血壓 低血壓 高血脂 膽固醇過高 哮喘 肺氣腫 慢阻肺 癌症 乳癌 肺癌 腸癌 "
    "大腸癌 肝癌 胃癌 子宮頸癌 前列腺癌 鼻咽癌 淋巴癌 血癌 白血病 腫瘤 中風 心臟病 冠心病 心肌梗塞 "
    "心臟衰竭 心律不正 癲癇 羊癇 抑鬱症 抑鬱 躁鬱症 精神分裂 思覺失調 焦慮症 驚恐症 強迫症 創傷後壓力症 "
    "過度活躍症 專注力不足 自閉症 讀寫障礙 認知障礙症 認知障礙 老人癡呆 腦退化症 腦退化 柏金遜 帕金森 "
    "多發性硬化 愛滋病 愛滋 乙型肝炎 乙肝 丙型肝炎 丙肝 肝炎 肺結核 肺癆 肺炎 新冠 流感 登革熱 生蛇 "
    "帶狀疱疹 梅毒 淋病 疱疹 腎衰竭 腎病 洗腎 痛風 關節炎 類風濕 骨質疏鬆 紅斑狼瘡 濕疹 牛皮癬 銀屑病 "
    "甲亢 甲狀腺 貧血 地中海貧血 血友病 青光眼 白內障 胃潰瘍 腸易激 盲腸炎 闌尾炎 膽石 脂肪肝 肝硬化 "
    "子宮內膜異位 多囊卵巢 流產 墮胎 懷孕 不育 厭食症 暴食症 偏頭痛 失眠 睡眠窒息 盤尼西林敏感 藥物敏感 "
    "花生敏感 腦震盪 骨折 椎間盤突出 脊柱側彎 蠶豆症"
)
_SENTENCE = re.compile(r"[。！？!?\n]|\.\s|" + SEPARATOR)
_WHO = re.compile(
    r"佢|我(?!哋)|你(?!哋)|您|他(?!們)|她(?!們)|阿[一-龥]|[爸媽婆公嫲爺哥姐弟妹仔女]{2}|老公|老婆|太太|先生|小姐|女士|病人|患者|長者|同事|院友|學生|院舍|"
    r"\[[A-Z]{2,20}_\d|[一-龥](?:生|太|伯)(?![一-龥]?[活意產日])|\b(?:[Pp]atient|[Pp]t|[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Mm]y|I|I'm|I've|[Mm]um|[Mm]om|[Dd]ad|"
    r"[Ww]ife|[Hh]usband|"
    r"[Ss]on|[Dd]aughter|[Gg]rand(?:ma|pa|mother|father)|[Ss]ister|[Bb]rother|[Cc]olleague|[Cc]lient|"
    r"Mr|Mrs|Ms|Miss|Dr|[Mm]other|[Ff]ather|[Ss]tudent|[Ee]mployee)\b|"
    r"\b(?:[A-Z][a-z]+ ){1,2}(?=(?:was|is|has|had|suffers|diagnosed)\b)"
)
_HAS = re.compile(
    r"確診|診斷|患有|患上|患咗|患過|罹患|有|驗出|發現|病歷|病史|曾經?|得咗|得過|懷疑|對|因為?|食緊|"
    r"\b(?:diagnos\w*|suffer\w*|has|had|have|having|with|history|hx|dx|pmh|tested|got|get|"
    r"living|known|being|is|was|am|i'm|for|due|allerg\w*|condition|on leave|treated|treatment)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"乜嘢係|咩係|什麼是|何謂|點樣預防|預防|點樣醫|症狀有|有咩症狀|嘅症狀|的症狀|嘅成因|"
    r"研究|講座|論文|文章|統計|市民|人口|基金會|協會|病房|"
    r"\b(?:what (?:is|are|causes)|how (?:is|does|to)|symptoms of|prevent\w*|research|awareness|prevalence|population|"
    r"essay|study|studies|statistics|"
    r"people with|patients with|patients who|adults|children with|risk of|causes of|explain|write)\b",
    re.IGNORECASE,
)
_WINDOW = 60


class Medical:
    """Finds conditions, and keeps those that are said of somebody."""

    def __init__(self) -> None:
        self.name, self.version = NAME, VERSION
        latin = [word.strip() for word in _LATIN.split(",")]
        words = [word.encode() for word in (*latin, *_HAN.split())]
        self._search = BytesAhoCorasick(
            words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
        )  # every text passes here whole; the table of states takes more room and a third of the time

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into `text`."""
        raw = text.encode("utf-8", "surrogatepass").lower()  # bytes become small ten times as quickly as characters
        return [
            Finding(start, end, Kind.MEDICAL, 0.7, text[start:end])
            for start, end in _in_characters(raw, self._search.find_matches_as_indexes(raw))
            if _whole(text, start, end) and _of_somebody(text, start, end)
        ]


def _in_characters(raw: bytes, matches: list[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """Where the matches are in the text, one after the other: each byte is looked at once."""
    at = end = 0
    for _, first, last in matches:
        start = end + len(raw[at:first].decode("utf-8", "surrogatepass"))
        end = start + len(raw[first:last].decode("utf-8", "surrogatepass"))
        at = last
        yield start, end


def _whole(text: str, start: int, end: int) -> bool:
    if not text[start].isascii():
        return True
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _of_somebody(text: str, start: int, end: int) -> bool:
    before = _SENTENCE.split(text[max(0, start - _WINDOW) : start])[-1]
    after = _SENTENCE.split(text[end : end + _WINDOW // 2], maxsplit=1)[0]
    if _ABOUT.search(before) or _ABOUT.search(after):
        return False
    return bool(_WHO.search(before) and _HAS.search(before)) or bool(_WHO.search(after) and _HAS.search(before[-8:]))


RECOGNISER = Medical()
