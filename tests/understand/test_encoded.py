"""Stretches in another spelling."""

import base64
import itertools

import pytest

from sampan.understand.encoded import ENCODED, spans
from sampan.understand.normalise import to_bytes
from sampan.understand.patterns import pure_places


def test_each_decoded_character_knows_where_it_stands():
    text = "a %41%E9%99%B3b z"
    (span,) = spans(text, [2, 5])
    assert (span.start, span.end, span.decoded) == (2, 15, "A陳b")
    assert text[slice(*span.covering(1, 2))] == "%E9%99%B3"
    assert text[slice(*span.covering(0, 3))] == "%41%E9%99%B3b"


def test_each_stretch_once():
    assert len(list(spans("%41%42 %43", [0, 3, 7]))) == 2


def test_a_stretch_is_bounded():
    text = "%41" * 5000
    found = list(spans(text, list(range(0, len(text), 3))))
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(each.end - each.start <= 4096 for each in found)
    assert all(one.start < two.start <= one.end for one, two in itertools.pairwise(found))


@pytest.mark.parametrize("before", [4087, 4090, 4096, 3584, 3590])
def test_a_value_at_the_border_of_two_parts_is_whole_in_one_of_them(before):
    text = "x" * (before - 3) + "%20" + "%41123456%283%29" + "%20" + "y" * 3000
    places = [place for place, _ in pure_places([ENCODED], to_bytes(text))]
    assert any(" A123456(3) " in span.decoded for span in spans("%20" + text, [0, *(3 + each for each in places)]))


def test_not_a_data_url():
    assert not list(spans("data: none", [0]))
    assert not list(spans("data:text", [0]))


def test_a_data_url_of_text_says_where_each_character_stands():
    text = "see data:text/plain;charset=utf-8,Chan%20Tai%20Man"
    (span,) = spans(text, [4])
    assert span.decoded == "Chan Tai Man"
    assert text[slice(*span.covering(0, 12))] == "Chan%20Tai%20Man"


def test_a_data_url_in_base64_only_counts_whole():
    text = "data:;base64,QTEyMzQ1NigzKQ=="
    (span,) = spans(text, [0])
    assert (span.decoded, span.covering(0, 1)) == ("A123456(3)", (0, len(text)))


def test_what_is_not_text_is_not_read():
    assert [each.decoded for each in spans("data:image/png,%89PNG", [0])] == [None]
    assert [each.decoded for each in spans("data:image/png;base64,iVBORw0K", [0])] == [None]


BASE64 = [
    ("QTEyMzQ1NigzKQ==", "A123456(3)"),
    ("6Zmz5aSn5paH6Zmz5aSn5paH", "陳大文陳大文"),
    ("eOmZs-Wkp-aWhyA5MTIzNDU2Nw", "x陳大文 91234567"),
]


@pytest.mark.parametrize(("written", "said"), BASE64)
@pytest.mark.parametrize("around", ["{}", "see {} there", "k={}&x", "/api/{}/x", "https://h.example/a-b/{}"])
def test_plain_base64_of_text_is_read(written, said, around):
    text = around.format(written)
    (span,) = spans(text, [place for place, _ in pure_places([ENCODED], to_bytes(text))])
    assert span.decoded.startswith(said)
    assert written.rstrip("=") in text[slice(*span.covering(0, 1))]


def test_base64_in_lines_is_read_as_one():
    written = base64.encodebytes(b"nothing to see here, " * 4 + b"HKID A123456(3)" * 4).decode()
    (span,) = spans(
        f"mail:\n{written}\nbye", [place for place, _ in pure_places([ENCODED], to_bytes(f"mail:\n{written}"))][:1]
    )
    assert span.decoded.count("A123456(3)") == 4


@pytest.mark.parametrize(
    "sign", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"%PDF-1.7 ", b"PK\x03\x04\x14\0", b"RIFF\x24\0\0\0WAVE"]
)
def test_files_in_base64_cannot_be_read(sign):
    written = base64.b64encode(sign + bytes(range(256))).decode()
    for text in (written, f"see {written} end", base64.encodebytes(sign + bytes(range(256))).decode()):
        assert None in [
            span.decoded for span in spans(text, [place for place, _ in pure_places([ENCODED], to_bytes(text))])
        ]
    assert [span for span in spans(written[:40], [0]) if span.decoded is None] == []


def test_utf_16_in_base64_is_read():
    written = base64.b64encode("id A123456(3)".encode("utf-16-le")).decode()
    (span,) = spans(written, [0])
    assert span.decoded == "id A123456(3)"


def test_ordinary_long_words_are_no_base64():
    for text in (
        "internationalisation",
        "/usr/share/dictionaries/words",
        "AbstractSingletonProxyFactoryBean",
        "some_snake_case_name",
    ):
        assert not list(spans(text, [0]))
