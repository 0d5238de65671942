"""Where nothing is put back."""

import pytest

from sampan.protect.targets import target_before


@pytest.mark.parametrize(
    "before",
    ["https://elsewhere.example/?q=", "see http://", "ftp://host/", "http://a.example/x y=http://b.example/", "www.",
     "elsewhere.example/", "elsewhere.example:8080/a/", "//elsewhere.example/", "![x](", "![x](/local?", "[x](<a b ",
     "[x]( ", "[x](a(b)c", '<img src="', "<img src='a", "<a href=", '<a class="x" href="/p?', "[ref]: //",
     "background: url(//", "(https://elsewhere.example/?a=b&c=", "電話https://elsewhere.example/？名="],
)  # fmt: skip
def test_inside_a_target(before):
    assert target_before(before)


@pytest.mark.parametrize(
    "before",
    ["", "Dear ", "Tel:", "電話：", "mailto:", "http is a protocol: ", "https://elsewhere.example/ and ", "[x](/y) ",
     "[x](/y \"title ", "(", "[", "a/b ", "e.g. ", "1/2/", "x = f(", "print(", '{"id": "', "<b>", '<p class="',
     '<img src="x">', "// ", "url(x) ", "[note]: ", "src = '", "and/or "],
)  # fmt: skip
def test_outside_of_one(before):
    assert target_before(before) is None


def test_the_target_is_told_from_its_beginning():
    assert target_before("see (https://a.example/?q=") == "https://a.example/?q="
