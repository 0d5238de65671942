"""The cache of long texts."""

from sampan.contract.labels import Finding, Kind
from sampan.understand.scans import Scans

SCAN = ((Finding(0, 3, Kind.HKID, 1.0, "abc"),), ())


def test_each_person_has_their_own():
    scans = Scans()
    scans.put(Scans.key("u1/", "text"), SCAN)
    assert scans.get(Scans.key("u1/", "text")) == SCAN
    assert scans.get(Scans.key("u2/", "text")) is None
    assert scans.get(Scans.key("u1/", "texT")) is None


def test_the_least_recently_used_goes_first():
    scans = Scans(budget=1300)
    for name in ("a", "b", "c"):
        scans.put(Scans.key("u/", name), SCAN)
    assert scans.get(Scans.key("u/", "a")) == SCAN
    scans.put(Scans.key("u/", "d"), SCAN)
    assert scans.get(Scans.key("u/", "b")) is None
    assert scans.get(Scans.key("u/", "a")) == SCAN


def test_putting_twice_counts_once():
    scans = Scans(budget=1300)
    for _ in range(50):
        scans.put(Scans.key("u/", "a"), SCAN)
    assert scans.get(Scans.key("u/", "a")) == SCAN


def test_the_text_of_files_weighs_too():
    scans = Scans(budget=2000)
    scans.put(Scans.key("u/", "a"), SCAN)
    scans.put(Scans.key("u/", "file"), ((), ("PDF", "", "x" * 700)))
    assert scans.get(Scans.key("u/", "a")) is None
    assert scans.get(Scans.key("u/", "file")) is not None


def test_lone_surrogates_have_a_key():
    assert Scans.key("u/", "\ud800") != Scans.key("u/", "?")
