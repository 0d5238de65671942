from sampan.contract.storage import Stored
from sampan.store.entries import Found, closed, noted, opened


def link(n, id):
    return Stored(n, id, "2026", "sha256:0", b"{}", key=b"k")


def test_what_is_closed_is_not_unfinished():
    found = Found([opened("a", b"1"), opened("b", b"2"), noted("b", b"3"), closed(link(1, "a"))])
    assert found.unfinished == {"b": [b"2", b"3"]}
    assert found.links == {1: link(1, "a")}


def test_entries_copied_by_a_rotation_count_once():
    assert Found([opened("a", b"1"), opened("a", b"1"), noted("a", b"2"), noted("a", b"2")]).unfinished == {
        "a": [b"1", b"2"]
    }


def test_the_end_may_stand_before_a_copied_start():
    assert Found([opened("a", b"1"), closed(link(1, "a")), opened("a", b"1")]).unfinished == {}
