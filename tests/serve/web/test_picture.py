"""The flow picture: well-formed, and what names hold is text."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from sampan.serve.web.picture import picture
from sampan.serve.web.summary import summed
from tests.serve.web.receipts_made import made

HEADS = ("a", "b", "c", "d")
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)


def drawn(receipts):
    return picture(summed(receipts), lambda _, name: name, HEADS, "told")


def test_nothing_is_drawn_of_nothing():
    assert drawn([]) == ""


def test_every_flow_has_a_band_and_every_name_a_box():
    svg = ET.fromstring(str(drawn([made("1"), made("2", "personal", "home"), made("3", app="other")])))
    kinds = [each.get("class", "").split()[0] for each in svg.iter() if each.get("class")]
    assert kinds.count("box") == 2 + 1 + 2 + 2
    assert kinds.count("band") >= 2 + 2 + 2
    assert svg.get("aria-label") == "told"


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=30))
def test_whatever_they_are_called(names):
    svg = ET.fromstring(str(drawn([made(str(n), model=model, app=app) for n, (model, app) in enumerate(names)])))
    for each in svg.iter():
        assert each.tag.rpartition("}")[2] in {"svg", "g", "rect", "text", "path"}
        assert not any(name.startswith("on") for name in each.attrib)


def test_many_rare_ones_are_drawn_as_one():
    svg = ET.fromstring(str(drawn([made(str(n), app=f"app{n}") for n in range(50)])))
    assert sum(each.get("class", "").startswith("box") for each in svg.iter()) <= 9 + 1 + 1 + 1
