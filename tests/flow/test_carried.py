"""What is made of a labelled text carries its labels."""

import msgspec
import pytest

from sampan.contract.labels import Finding, Kind, Labels, Passage, Piece, Sensitivity
from sampan.contract.request import Labelled
from sampan.flow.carried import Carrying
from tests.flow import stages as s

PIECE = Piece(("messages", 0, "content"), 0, 99)


class Blind:
    """Finds a telephone number and nothing else."""

    def is_slow(self, request):
        return True

    def label(self, request):
        text = request.body["messages"][0]["content"]
        at = text.find("9123")
        found = (Finding(at, at + 4, Kind.PHONE, 1.0, "9123"),) if at >= 0 else ()
        counts = {Kind.PHONE: 1} if found else {}
        return Labelled(
            request, (Passage(text, (PIECE,), found),), Labels(counts, Sensitivity.INTERNAL, {"patterns": "1"})
        )


def earlier(*values, **labels):
    findings = tuple(Finding(0, len(text), kind, 1.0, text) for kind, text in values)
    facts = Labels({}, Sensitivity.INTERNAL, {"patterns": "1"})
    return Labelled(s.request(), (Passage("", (), findings),), msgspec.structs.replace(facts, **labels))


def label(text, before):
    body = {"model": "auto", "messages": [{"role": "user", "content": text}]}
    return Carrying(Blind(), before).label(s.request(body=body))


def found(labelled):
    return [(each.text, each.kind) for passage in labelled.passages for each in passage.findings]


def test_a_value_is_found_again_whatever_the_detectors_make_of_it():
    labelled = label("The client CHAN Siu-ming called, chan siu-ming!", earlier((Kind.PERSON, "Chan Siu-ming")))
    assert found(labelled) == [("CHAN Siu-ming", Kind.PERSON), ("chan siu-ming", Kind.PERSON)]
    assert labelled.labels.counts == {Kind.PERSON: 2}
    assert labelled.labels.sensitivity is Sensitivity.CONFIDENTIAL


def test_what_is_found_anyway_is_not_found_twice():
    labelled = label("call 9123 now", earlier((Kind.STAFF_ID, "l 9123")))
    assert found(labelled) == [("9123", Kind.PHONE)]


def test_the_longest_value_first_and_none_across_another():
    labelled = label("陳大文律師", earlier((Kind.PERSON, "陳大文"), (Kind.ORG, "陳大文律師")))
    assert found(labelled) == [("陳大文律師", Kind.ORG)]


def test_a_value_of_two_characters_is_too_short_to_be_looked_for():
    assert found(label("an apple", earlier((Kind.PERSON, "an")))) == []


def test_classification_and_what_could_not_be_read_hold_on():
    before = earlier(source=Sensitivity.RESTRICTED, complete=False, unread=("a picture",))
    labels = label("harmless", before).labels
    assert (labels.source, labels.sensitivity) == (Sensitivity.RESTRICTED, Sensitivity.RESTRICTED)
    assert (labels.complete, labels.unread) == (False, ("a picture",))


def test_how_slow_it_is_is_asked_of_the_other():
    assert Carrying(Blind(), earlier()).is_slow(s.request())


def test_in_every_dialect():
    before = earlier((Kind.PERSON, "Lam Wing-kei"))

    class Nothing(Blind):
        def label(self, request):
            return Labelled(request, (), Labels({}, Sensitivity.INTERNAL, {"patterns": "1"}))

    for body in (
        {"prompt": "Lam Wing-kei"},
        {"input": "Lam Wing-kei"},
        {"messages": [{"content": "x"}, {"content": "Lam Wing-kei"}]},
    ):
        labelled = Carrying(Nothing(), before).label(s.request(body=body))
        assert found(labelled) == [("Lam Wing-kei", Kind.PERSON)]
    for body in ({"prompt": 3}, {"input": [{}]}, {"messages": [3]}, {"messages": [{"content": None}]}, {}):
        assert found(Carrying(Nothing(), before).label(s.request(body=body))) == []


def test_a_name_of_two_characters_is_looked_for_too():
    assert found(label("請問李明幾時嚟？", earlier((Kind.PERSON, "李明")))) == [("李明", Kind.PERSON)]
    assert found(label("ab", earlier((Kind.PERSON, "ab"), (Kind.PERSON, "李")))) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("陳大文", "陈大文"),
        ("陳大文", "陳 大 文"),
        ("A123456(3)", "A-123456-3"),
        ("A123456(3)", "Ａ１２３４５６（３"),
        ("A123456(3)", "a123456(3)"),
        ("Chan Siu-ming", "CHAN SIU MING"),
        ("Chan Siu-ming", "chansiuming"),
        ("X-12", "x 12"),
    ],
)
def test_a_value_is_known_in_another_spelling(value, said):
    assert found(label(f"so: {said}, yes", earlier((Kind.PERSON, value)))) == [(said, Kind.PERSON)]


def test_a_short_one_is_not_put_together_from_other_words():
    assert found(label("plan now", earlier((Kind.PERSON, "Ann")))) == []
