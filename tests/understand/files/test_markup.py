"""Text of XML."""

import pytest

from sampan.understand.files.markup import by_a_person, xml_text
from sampan.understand.files.reading import CannotRead


def text(xml):
    return xml_text(xml.encode())[0]


def test_what_flows_stays_together():
    assert text("<p><r><t>A12</t></r><r><rPr><b/></rPr><t>3456(3)</t></r></p>") == "A123456(3)"


def test_what_does_not_stays_apart():
    assert text("<c><v>91234567</v><v>61234567</v></c>").split() == ["91234567", "61234567"]
    assert text("<d><p><t>a</t></p><p><t>b</t></p></d>").split() == ["a", "b"]
    assert text("<p><t>a</t><tab/><t>b</t><br/><t>c</t></p>").split() == ["a", "b", "c"]


def test_layout_is_no_text():
    assert text("<a><posOffset>91234567</posOffset><t>x</t></a>") == "x"


def test_attributes_and_comments():
    xml = '<a author="Chan" rsidR="00A12345" cx="91234567" descr="A123456(3)" color="left"><!-- 9123 4567 --></a>'
    said, attributes = xml_text(xml.encode())
    assert (said, attributes) == ("9123 4567", "author: Chan\ndescr: A123456(3)")


@pytest.mark.parametrize(
    ("name", "value", "counts"),
    [
        ("val", "24062061", False), ("v", "91234567", True), ("title", "Lotus", True), ("w", "9144000", False),
        ("target", "mailto:ann@example.com", True), ("id", "{A1B2C3D4-0000}", False), ("descr", "", False),
    ],
)  # fmt: skip
def test_what_a_person_wrote(name, value, counts):
    assert by_a_person(name, value) is counts


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "xml", ["<a>", "", "<a></b>", "\0", BOMB, '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "<a>&x;</a>"]
)
def test_damaged_or_clever(xml):
    with pytest.raises(CannotRead):
        text(xml)


def test_deep():
    assert text("<a>" * 20_000 + "x" + "</a>" * 20_000) == "x"
