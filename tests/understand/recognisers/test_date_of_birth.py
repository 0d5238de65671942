"""Positives and negatives of `date_of_birth`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.date_of_birth import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("2019.7.15生，插班", ["2019.7.15"]),
    ("佢哋2018年12月25日聖誕節出世㗎", ["2018年12月25日"]),
    ("出世日期？\n客：八三年十月十九，", ["八三年十月十九"]),
    ("出生日期 0 8 / 1 1 / 1 9 9 1", ["0 8 / 1 1 / 1 9 9 1"]),
    ("2019.7.15生產線", []),
    ("2018年12月25日開幕，出世", []),
    ("DOB: 1990-05-03", ["1990-05-03"]),
    ("出生日期：1990年5月3日", ["1990年5月3日"]),
    ("佢生日2001年4月9日", ["2001年4月9日"]),
    ("生於1972-10-15", ["1972-10-15"]),
    ("born on 3 May 1990 in Hong Kong", ["3 May 1990"]),
    ("born in Hong Kong on May 3, 1990", ["May 3, 1990"]),
    ("Date of Birth 03/05/1990", ["03/05/1990"]),
    ("D.O.B. 3.5.1990", ["3.5.1990"]),
    ("1990年5月3日出生", ["1990年5月3日"]),
    ("3rd May 1990 (DOB)", ["3rd May 1990"]),
    ("dob=19900503", ["19900503"]),
    ('"dateOfBirth": "1990-05-03"', ["1990-05-03"]),
    ("birthdate 03-May-1990", ["03-May-1990"]),
    ("生日係5月3號", ["5月3號"]),
    ("my birthday is 3 May", ["3 May"]),
    ("出生年月日：民國79年5月3日", ["民國79年5月3日"]),
    ("生於一九九零年五月三日", ["一九九零年五月三日"]),
    ("我1990.05.03出世", ["1990.05.03"]),
    ("出生日期１９９０－０５－０３", ["１９９０－０５－０３"]),
    ("name,dob\nA,1990-05-03\nB,03/05/1991\n", ["1990-05-03", "03/05/1991"]),
    ("陳大文（男，1965-07-14）", ["1965-07-14"]),
    ("病歷AE49315404C：蕭婉儀，13-11-2007，過敏", ["13-11-2007"]),
    ("the meeting is on 3 May 2026", []),
    ("born in 1990", []),
    ("生於1990年", []),
    ("birthday party on 12 December 2025", []),
    ("生日飯訂咗2025年12月3日", []),
    ("出生證明書 issued 2020-01-02", []),
    ("1990-05-03", []),
    ("發票日期（2010-05-03）", []),
    ("1990年5月3日生", ["1990年5月3日"]),
    ("民國79年5月3日生於台北", ["民國79年5月3日"]),
    ("DOB 2199-01-01", []),
    ("2020年5月3日生效", []),
    ("Founded 3 May 1990", []),
    ("version 19.05.1990.3 born", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
