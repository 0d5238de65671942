"""The understand stage: what is found in a body, where, and whether all of it was read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.files import FileText
from sampan.contract.labels import Into, Kind, Sensitivity
from sampan.contract.request import Dialect, Inner, Principal, Request
from sampan.understand import BodyLabeller, Detector
from sampan.understand.body import LONG
from sampan.understand.failures import Failures
from sampan.understand.scans import Scans

HKID = "A123456(3)"
DETECTOR = Detector.patterns()


def label(body, user="ann", labeller=None):
    request = Request("rcp_1", Dialect.CHAT, body, Principal(user), "auto", stream=False, received=0.0)
    return (labeller or BodyLabeller(DETECTOR)).label(request)


def chat(*contents):
    return {"model": "auto", "messages": [{"role": "user", "content": content} for content in contents]}


def found(labelled):
    return [
        (passage.pieces[0].path, each.kind, each.text) for passage in labelled.passages for each in passage.findings
    ]


def test_what_was_found_and_where():
    labelled = label(chat("hello", f"HKID {HKID}, phone 9123 4567"))
    assert found(labelled) == [
        (("messages", 1, "content"), Kind.HKID, HKID),
        (("messages", 1, "content"), Kind.PHONE, "9123 4567"),
    ]
    labels = labelled.labels
    assert (labels.counts, labels.sensitivity) == ({Kind.HKID: 1, Kind.PHONE: 1}, Sensitivity.RESTRICTED)
    assert (labels.complete, labels.unread, labels.unmaskable) == (True, (), frozenset())
    assert labels.detectors == DETECTOR.detectors


def test_nothing_found():
    labelled = label(chat("hello"))
    assert (labelled.passages, labelled.labels.sensitivity) == ((), Sensitivity.INTERNAL)


@pytest.mark.parametrize("size", [0, LONG - 20, LONG, 3 * LONG])
def test_offsets_are_of_the_text_however_long_it_is(size):
    text = "word " * (size // 5) + HKID + " end"
    (passage,) = label(chat("before", text, "after")).passages
    (each,) = passage.findings
    assert passage.text[each.start : each.end] == each.text == HKID
    assert passage.text == text


def test_keys_are_found():
    ((path, kind, _),) = found(label({"metadata": {HKID: "x"}}))
    assert (path, kind) == (("metadata", HKID, Into.KEY), Kind.HKID)


def test_json_arguments_are_found_inside():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": json.dumps({"who": HKID})}}
    ((path, _, text),) = found(label({"messages": [{"role": "assistant", "content": None, "tool_calls": [call]}]}))
    assert path[-2:] == (Into.JSON, "who")
    assert text == HKID


def test_the_name_of_a_member_is_context_and_not_in_the_text():
    ((path, kind, text),) = found(label({"metadata": {"phone": "9123 4567"}}))
    assert (path, kind, text) == (("metadata", "phone"), Kind.PHONE, "9123 4567")


def test_a_number_is_found_and_cannot_be_masked():
    labelled = label({"metadata": {"phone": 91234567}})
    assert labelled.labels.counts == {Kind.PHONE: 1}
    assert labelled.labels.unmaskable == {Kind.PHONE}


def test_a_well_known_number_is_no_phone():
    assert found(label(chat("hi") | {"seed": 91234567})) == []


@given(st.integers(1, len(HKID) - 1))
def test_a_value_split_over_parts_is_one_passage(at):
    parts = [{"type": "text", "text": f"HKID {HKID[:at]}"}, {"type": "text", "text": f"{HKID[at:]} please"}]
    (passage,) = label({"messages": [{"role": "user", "content": parts}]}).passages
    assert [each.text for each in passage.findings] == [HKID]
    assert [(piece.path[3], passage.text[piece.start : piece.end]) for piece in passage.pieces] == [
        (0, parts[0]["text"]),
        (1, parts[1]["text"]),
    ]


def test_two_fields_are_never_read_as_one():
    assert found(label({"metadata": {"x1": "A123", "x2": "456(3)"}})) == []


@pytest.mark.parametrize("sign", ["\x1c", "\x1d", "\x1e", "\x1f", "\x00"])
def test_a_caller_cannot_forge_the_border_between_texts(sign):
    labelled = label(chat(f"a{sign}b{sign}", f"HKID {HKID}", sign * 5))
    assert [(path, text) for path, _, text in found(labelled)] == [(("messages", 1, "content"), HKID)]


def test_what_cannot_be_read_is_said():
    parts = [{"type": "image_url", "image_url": {"url": "https://x/y.png"}}]
    assert label({"messages": [{"role": "user", "content": parts}]}).labels.unread
    assert label(chat("data:image/png;base64,iVBORw0K")).labels.unread
    assert label(chat("word " * LONG + " data:image/png;base64,iVBORw0K")).labels.unread


class Broken:
    name, version = "broken", "1"

    def find(self, text):
        raise ValueError(text)


@pytest.mark.parametrize("text", ["hi", "word " * LONG])
def test_a_broken_recogniser_makes_it_incomplete(text):
    failures = Failures()
    labeller = BodyLabeller(Detector.patterns(extra=[Broken()]), failures=failures)
    labels = label(chat(f"{text} {HKID}"), labeller=labeller).labels
    assert not labels.complete
    assert labels.counts == {Kind.HKID: 1}
    assert labels.failed == {"broken": "it broke (ValueError)"}
    assert "broken" not in labels.detectors
    assert "patterns" in labels.detectors
    assert failures.listed()["broken"]["times"] == 1
    label(chat("hi"), labeller=labeller)
    assert failures.listed()["broken"]["times"] == 2


def test_long_texts_are_remembered_for_each_person():
    scans = Scans()
    labeller = BodyLabeller(DETECTOR, scans)
    body = chat("word " * LONG + HKID)
    first = label(body, "ann", labeller)
    assert found(label(body, "ann", labeller)) == found(first)
    text = body["messages"][0]["content"]
    assert scans.get(Scans.key("ann/", text)) is not None
    assert scans.get(Scans.key("bob/", text)) is None


def test_lookalikes_are_findings_but_not_counted():
    labelled = label(chat("see [PERSON_1]"))
    assert [each.kind for passage in labelled.passages for each in passage.findings] == [Kind.LOOKALIKE]
    assert labelled.labels.counts == {}


class Reader:
    def __init__(self, *answers):
        self.answers = list(answers)

    def read(self, data, declared):
        return self.answers.pop(0)


PART = {"type": "input_file", "file_data": "data:application/pdf;base64,aGVsbG8=", "filename": "a.pdf"}


def with_file(answer, *parts, detector=DETECTOR):
    labeller = BodyLabeller(detector, files=Reader(answer))
    return label({"input": [{"role": "user", "content": [*parts, PART]}]}, labeller=labeller)


def test_what_a_file_holds_counts_and_cannot_be_masked():
    labelled = with_file(
        FileText("PDF", (f"HKID {HKID}",)), {"type": "input_text", "text": f"HKID {HKID}, 電話 91234567"}
    )
    labels = labelled.labels
    assert labels.counts == {Kind.HKID: 2, Kind.PHONE: 1}
    assert (labels.unmaskable, labels.files) == ({Kind.HKID}, {"PDF": {Kind.HKID}})
    assert (labels.unread, labels.sensitivity) == ((), Sensitivity.RESTRICTED)
    (piece,) = labelled.passages[-1].pieces
    assert (piece.path, piece.maskable) == (("input", 0, "content", 1, "file_data"), False)


class BrokenInside(Broken):
    def find(self, text):
        return [] if "page" not in text else super().find(text)


def test_a_detector_that_fails_inside_a_file_is_named():
    labels = with_file(FileText("PDF", ("a page",)), detector=Detector([BrokenInside()])).labels
    assert (labels.complete, labels.failed) == (False, {"broken": "it broke (ValueError)"})


def test_a_harmless_file():
    labels = with_file(FileText("PDF", ("hello",))).labels
    assert (labels.counts, labels.unread, labels.files, labels.unmaskable) == ({}, (), {}, frozenset())


def test_a_look_alike_in_a_file_is_no_finding():
    labels = with_file(FileText("PDF", ("[HKID_1]",))).labels
    assert (labels.counts, labels.files, labels.unmaskable) == ({}, {}, frozenset())


def test_a_file_that_cannot_be_read():
    labels = with_file(FileText("PDF", (), "it is encrypted")).labels
    assert labels.unread == ("the PDF cannot be read: it is encrypted",)


def test_what_each_file_says_is_told_beside_its_place():
    (inner,) = with_file(FileText("PDF", ("Author: Ann", "hello"), "page 2 shows a picture", shown=(1,))).files
    assert inner == Inner(("input", 0, "content", 0), "PDF", "hello", "page 2 shows a picture")
    assert label(chat("hello")).files == ()


def test_files_take_long():
    request = label({"input": [{"role": "user", "content": [PART]}]}).request
    assert BodyLabeller(DETECTOR, files=Reader()).is_slow(request)
    assert not BodyLabeller(DETECTOR).is_slow(request)
    assert not BodyLabeller(DETECTOR, files=Reader()).is_slow(label(chat("hello")).request)


def turns(*messages):
    return {"messages": [{"role": role, "content": content} for role, content in messages]}


TOOL_SAYS = [
    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "the state of the order"}]}
]
CANTONESE = "幫我睇吓佢哋幾時嚟"


@pytest.mark.parametrize(
    "body",
    [
        turns(("system", "You are the help of the people."), ("user", CANTONESE)),
        turns(("user", "what is this"), ("assistant", "It is the answer to it."), ("user", CANTONESE)),
        turns(("user", CANTONESE), ("assistant", "I ask the tool."), ("user", TOOL_SAYS)),
        turns(("user", CANTONESE), ("user", [{"type": "text", "text": "唔該晒"}]), ("assistant", "This is the answer")),
        {"instructions": "You are the help of the people.", "input": CANTONESE},
        {"prompt": CANTONESE},
        {"input": [CANTONESE, "唔該晒"]},
    ],
)
def test_the_language_is_that_of_what_a_person_wrote_last(body):
    labels = label({"model": "auto"} | body).labels
    assert (labels.languages, labels.language) == (("yue",), "yue")


def test_several_messages_in_a_row_are_one_turn():
    labels = label(
        turns(("user", "the minutes of the meeting with the client"), ("user", "幫我將上面嘅嘢寫做中文"))
    ).labels
    assert (set(labels.languages), labels.language) == ({"yue", "en"}, "mixed")
