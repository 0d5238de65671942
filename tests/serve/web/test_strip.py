"""The strip's facts."""

import msgspec

from sampan.contract.labels import Finding, Kind, Labels, Passage, Piece, Sensitivity
from sampan.contract.models import Realm
from sampan.contract.request import Decided, Form, Held, Labelled, Refusal, Refused, Route
from sampan.flow.preview import Preview
from sampan.serve.web.strip import SHOWN, strip_of, told_of
from tests.flow import stages as s

TEXT = "𠮷 A123456(3)!"


def labelled(text=TEXT):
    body = {"messages": [{"role": "user", "content": "before A123456(3)"}, {"role": "user", "content": text}]}
    found = Finding(2, 12, Kind.HKID, 1.0, "A123456(3)")
    mine = Passage(text, (Piece(("messages", 1, "content"), 0, len(text)),), (found,))
    other = Passage("before A123456(3)", (Piece(("messages", 0, "content"), 0, 17),), (found,))
    return Labelled(s.request(body=body), (other, mine), Labels({Kind.HKID: 2}, Sensitivity.RESTRICTED, {}))


def decided(masked=frozenset({Kind.HKID})):
    cloud, home = s.model("cloud"), s.model("home", Realm.PERSONAL)
    refused = (
        Refusal("cloud", "clear", ("hk-id-stays-home",), "HKIDs stay home"),
        Refusal("far", "clear", ("x",), "no"),
    )
    return Decided(labelled(), (Route(cloud, Form(masked)), Route(home, Form())), refused, "why", "sha256:0")


def test_where_what_and_by_which_rule():
    told = strip_of(Preview(decided(), {"A123456(3)": "[HKID_1]"}), TEXT)
    assert (told["realm"], told["model"], told["total"]) == ("public", "cloud", 2)
    assert told["rules"] == ["hk-id-stays-home"]
    assert told["allowed"] == ["cloud", "home"]
    assert told["elsewhere"] == {"far": "no"}


def test_spans_of_the_newest_message_as_scripts_count():
    told = strip_of(Preview(decided(), {"A123456(3)": "[HKID_1]"}), TEXT)
    # the first character is two UTF-16 units
    assert told["spans"] == [{"start": 3, "end": 13, "kind": "HKID", "text": "A123456(3)", "stand_in": "[HKID_1]"}]


def test_files_that_go_as_text_are_told_with_what_is_in_them():
    one = decided()
    labels = msgspec.structs.replace(one.labelled.labels, as_text={"PDF": 1}, files={"PDF": frozenset({Kind.HKID})})
    one = msgspec.structs.replace(one, labelled=msgspec.structs.replace(one.labelled, labels=labels))
    told = strip_of(Preview(one, {}), TEXT)
    assert (told["as_text"], told["files"]) == ({"PDF": 1}, {"PDF": ["HKID"]})
    assert told_of(one, one.routes[0])["as_text"] == {"PDF": 1}


def test_refused_and_held():
    refused = strip_of(Preview(Refused(labelled(), ("r",), "No.", ("ask somebody",)), {}), TEXT)
    assert (refused["outcome"], refused["rules"], refused["ways_on"]) == ("refused", ["r"], ["ask somebody"])
    held = strip_of(Preview(Held(decided(), ("teachers",), ("r",), "no"), {}), TEXT)
    assert (held["outcome"], held["approval"]) == ("held", "teachers")
    assert [span["text"] for span in held["spans"]] == ["A123456(3)"]


def test_only_the_first_of_very_many_findings_are_shown():
    text = "A123456(3) " * 5000
    found = tuple(Finding(n * 11, n * 11 + 10, Kind.HKID, 1.0, "A123456(3)") for n in reversed(range(5000)))
    passage = Passage(text, (Piece(("messages", 0, "content"), 0, len(text)),), found)
    body = {"messages": [{"role": "user", "content": text}]}
    many = Labelled(s.request(body=body), (passage,), Labels({Kind.HKID: 5000}, Sensitivity.RESTRICTED, {}))
    refused = Refused(many, ("hk-id-stays-home",), "no", ())
    spans = strip_of(Preview(refused, {}), text)["spans"]
    assert [span["start"] for span in spans] == [n * 11 for n in range(SHOWN)]


def test_many_findings_in_a_long_text_cost_no_more_than_one_look():
    class Counted(str):
        __slots__ = ()
        looks = 0

        def __iter__(self):
            Counted.looks += 1
            return super().__iter__()

        def __getitem__(self, at):
            assert not isinstance(at, slice), "a copy of the text for each finding"
            return super().__getitem__(at)

    text = Counted(TEXT)
    found = tuple(Finding(2, 12, Kind.HKID, 1.0, "A123456(3)") for _ in range(50))
    body = {"messages": [{"role": "user", "content": text}]}
    passage = Passage(text, (Piece(("messages", 0, "content"), 0, len(text)),), found)
    seen = Labelled(s.request(body=body), (passage,), Labels({Kind.HKID: 50}, Sensitivity.RESTRICTED, {}))
    decision = Refused(seen, ("r",), "No.", ())
    assert len(strip_of(Preview(decision, {}), text)["spans"]) == 50
    assert Counted.looks == 1
