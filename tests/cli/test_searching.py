"""What commands look for, and what they say when a detector does not run."""

import pytest

from sampan.cli import contents
from sampan.cli.searching import Search, Wanted
from sampan.contract.errors import Unreadable
from sampan.settings import load
from sampan.store.home import lock_home
from sampan.understand import Detector


class Broken:
    name, version = "broken", "1"

    def find(self, text):
        raise ValueError(text)


@pytest.fixture
def broken(monkeypatch):
    monkeypatch.setattr("sampan.cli.searching.detector_of", lambda _: Detector.patterns(extra=[Broken()]))


def test_it_finds(home):
    search = Search(load())
    assert [each.text for each in search.findings("HKID A123456(3)")] == ["A123456(3)"]
    assert (search.missing(), search.whole("hi")) == ([], ())


NAMED = "Dear Mr. Chan Tai Man,"


def test_names_unless_the_settings_say_no(home):
    assert "tagger" in contents.detector_of(load()).detectors
    assert [each.kind for each in Search(load()).findings(NAMED)] == ["PERSON"]
    (home.config / "sampan.toml").write_text("[privacy]\nnames = false\n")
    assert "tagger" not in contents.detector_of(load()).detectors
    assert Search(load()).findings(NAMED) == ()


def test_who_asks_may_choose_otherwise(home):
    assert [len(Wanted(names=each).search(load()).findings(NAMED)) for each in (True, False, None)] == [1, 0, 1]


def test_options(sampan):
    assert sampan("scan", "-", "--no-names", stdin=NAMED).out == ""
    assert sampan("scan", "-", stdin=NAMED).out == "-:1:10: PERSON\n"
    assert sampan("mask", "-", stdin=NAMED).out == "Dear Mr. [PERSON_1],"
    assert sampan("mask", "-", "--no-names", stdin=NAMED).out == NAMED


def test_a_detector_that_does_not_run_is_named(home, broken):
    search = Search(load())
    assert [each.text for each in search.findings("HKID A123456(3)")] == ["A123456(3)"]
    assert search.missing() == ["the detector `broken` did not run: it broke (ValueError)"]
    with pytest.raises(Unreadable, match="the detector `broken` did not run"):
        search.whole("hi")


SAID = (
    ("dismiss", "9123 4567"),
    ("dismiss", "ghp_aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gH3jK5"),
    ("always", "蓮花計劃", "--kind", "PERSON"),
)
TEXT = f"蓮花計劃 9123 4567, {SAID[1][1]}\n"


@pytest.fixture
def said(sampan):
    for arguments in SAID:
        sampan("findings", *arguments)


def test_a_scan_knows_what_was_said(sampan, said):
    assert sampan("scan", "-", stdin=TEXT).out == "-:1:1: PERSON\n-:1:17: API_KEY\n"
    assert sampan("scan", "--no-opinions", "-", stdin=TEXT).out == "-:1:6: PHONE\n-:1:17: API_KEY\n"
    assert sampan("mask", stdin=TEXT).out == "[PERSON_1] 9123 4567, [API_KEY_1]\n"
    assert sampan("mask", "--new", "--no-opinions", stdin=TEXT).out == "蓮花計劃 [PHONE_1], [API_KEY_1]\n"


def test_a_dismissal_that_a_rule_forbids_does_not_count(sampan, said, home):
    rules = home.config / "policies"
    rules.mkdir(parents=True)
    (rules / "x.cedar").write_text('@id("x") @reason("x") forbid (principal, action == Action::"unmask", resource);')
    assert "PHONE" in sampan("scan", "-", stdin=TEXT).out


def test_a_scan_makes_no_store(sampan, home):
    assert sampan("scan", "-", stdin="hello").code == 0
    assert list(home.data.glob("*.db")) == []


def test_opinions_that_cannot_be_read_are_told(sampan, said, home, monkeypatch):
    monkeypatch.setattr("sampan.cli.reading._PATIENCE", 0.1)
    with lock_home(home.run):
        result = sampan("scan", "-", stdin=TEXT)
    assert "PHONE" in result.out
    assert "What `sampan findings` remembers does not count here" in result.err


def test_a_scan_is_not_clean_then_and_nothing_is_masked(sampan, broken):
    result = sampan("scan", "-", stdin="hello")
    assert (result.code, result.out) == (1, "")
    assert "Not read: the detector `broken` did not run: it broke (ValueError)" in result.err
    assert "Nothing found" not in result.err
    assert sampan("scan", "--json", "-", stdin="hello").json["unread"]
    result = sampan("mask", stdin="HKID A123456(3)")
    assert (result.code != 0, result.out) == (True, "")
