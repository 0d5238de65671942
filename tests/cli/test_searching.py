"""What commands look for, and what they say when a detector does not run."""

import pytest

from sampan.cli import contents
from sampan.cli.searching import Search
from sampan.contract.errors import Unreadable
from sampan.settings import load
from sampan.understand import Detector


class Broken:
    name, version = "broken", "1"

    def find(self, text):
        raise ValueError(text)


@pytest.fixture
def broken(monkeypatch):
    monkeypatch.setattr("sampan.cli.searching.detector_of", lambda _: Detector.default(extra=[Broken()]))


def test_it_finds(home):
    search = Search(load())
    assert [each.text for each in search.findings("HKID A123456(3)")] == ["A123456(3)"]
    assert (search.missing(), search.whole("hi")) == ([], ())


def test_names_where_the_settings_ask_for_them(home):
    (home.config / "sampan.toml").write_text("[privacy]\nnames = true\n")
    assert "tagger" in contents.detector_of(load()).detectors
    assert [each.kind for each in Search(load()).findings("Dear Mr. Chan Tai Man,")] == ["PERSON"]


def test_a_detector_that_does_not_run_is_named(home, broken):
    search = Search(load())
    assert [each.text for each in search.findings("HKID A123456(3)")] == ["A123456(3)"]
    assert search.missing() == ["the detector `broken` did not run: it broke (ValueError)"]
    with pytest.raises(Unreadable, match="the detector `broken` did not run"):
        search.whole("hi")


def test_a_scan_is_not_clean_then_and_nothing_is_masked(sampan, broken):
    result = sampan("scan", "-", stdin="hello")
    assert (result.code, result.out) == (1, "")
    assert "Not read: the detector `broken` did not run: it broke (ValueError)" in result.err
    assert "Nothing found" not in result.err
    assert sampan("scan", "--json", "-", stdin="hello").json["unread"]
    result = sampan("mask", stdin="HKID A123456(3)")
    assert (result.code != 0, result.out) == (True, "")
