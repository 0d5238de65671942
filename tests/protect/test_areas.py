"""Which region of Hong Kong an address is in."""

import pytest

from sampan.protect.areas import area_of


@pytest.mark.parametrize(
    ("address", "english", "chinese"),
    [
        ("九龍觀塘裕民坊 88 號 12 樓 B 室", "Kowloon", "九龍"), ("新界沙田大圍道 25 號", "New Territories", "新界"),
        ("Flat B, 12/F, 18 Harcourt Road, Admiralty", "Hong Kong Island", "香港島"),
        ("8 Wo Che Street, Shatin, N.T.", "New Territories", "新界"),
        ("MONG KOK, 8 Nelson St", "Kowloon", "九龍"), ("上環文咸東街 1 號", "Hong Kong Island", "香港島"),
        # Tai Po Road begins in Kowloon; the places name two regions, or none
        ("88 Tai Po Road, Sham Shui Po", "Kowloon", "九龍"), ("大埔道 100 號", "", ""), ("1 Tai Po Road", "", ""),
        ("中環德輔道, N.T.", "", ""), ("10 Downing Street, London", "", ""), ("Hong Kong", "", ""), ("Tai Pong", "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_the_region_or_nothing(address, english, chinese):
    assert (area_of(address, "en"), area_of(address, "zh")) == (english, chinese)
