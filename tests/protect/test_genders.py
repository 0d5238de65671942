"""What a name tells of a gender."""

import pytest

from sampan.protect.genders import gender_of


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Margaret Leung", "f"), ("CHAN Tai Man, Peter", "m"), ("Ms Wong", "f"), ("Mr. Kim Lee", "m"), ("黃小姐", "f"), ("陳太", "f"),
        ("何先生", "m"), ("陳生", "m"), ("李美玲", "f"), ("梁志偉", "m"), ("歐陽嘉慧", "f"), ("张丽", "f"), ("陳女士", "f"),
        # the name does not say, or says both
        ("Chan Tai Man", ""), ("Leslie Cheung", ""), ("Mary Thomas", ""), ("李志玲", ""), ("陳文", ""), ("偉", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_what_is_plain(name, gender):
    assert gender_of(name) == gender


def test_a_title_says_more_than_a_name():
    assert gender_of("Mrs Peter Chan") == "f"
    assert gender_of("李美玲先生") == "m"


def test_a_surname_alone_says_nothing():
    # 雷 and 武 are surnames too: the first character of a Chinese name is never read as a given name
    assert gender_of("武文") == gender_of("雪心") == ""
