"""Files inside a request: where they are, what is in them."""

import base64

import pytest

from sampan.contract.files import FileText
from sampan.contract.labels import Kind
from sampan.understand import Detector
from sampan.understand.inline import Inside, content_of, holds_file, inline_of, without
from sampan.understand.parts import UNREADABLE
from sampan.understand.scans import Scans

HKID = "A123456(3)"
DATA = base64.b64encode(b"hello").decode()
URL = f"data:application/pdf;base64,{DATA}"
DETECTOR = Detector.patterns()


@pytest.mark.parametrize(
    ("part", "steps", "declared"),
    [
        ({"type": "image_url", "image_url": {"url": URL, "detail": "high"}}, ("image_url", "url"), "application/pdf"),
        ({"type": "image_url", "image_url": URL}, ("image_url",), "application/pdf"),
        ({"type": "input_image", "image_url": URL}, ("image_url",), "application/pdf"),
        ({"type": "computer_screenshot", "image_url": URL}, ("image_url",), "application/pdf"),
        ({"type": "file", "file": {"filename": "a.pdf", "file_data": URL}}, ("file", "file_data"), "application/pdf"),
        ({"type": "file", "file": {"filename": "a.pdf", "file_data": DATA}}, ("file", "file_data"), "a.pdf"),
        ({"type": "input_file", "filename": "a.pdf", "file_data": URL}, ("file_data",), "application/pdf"),
        ({"type": "input_file", "file_data": DATA}, ("file_data",), ""),
        (
            {"type": "document", "source": {"type": "base64", "media_type": "text/csv", "data": DATA}},
            ("source", "data"),
            "text/csv",
        ),
        ({"type": "image", "source": {"type": "base64", "data": DATA}}, ("source", "data"), ""),
        ({"type": "input_image", "image_url": f"DATA:;x=y;base64,{DATA}"}, ("image_url",), ""),
    ],
)
def test_where_a_file_is(part, steps, declared):
    found = inline_of(part)
    assert (found.steps, found.declared) == (steps, declared)
    assert content_of(found.written) == b"hello"
    rest = without(part, steps)
    assert found.written not in str(rest)
    assert rest.keys() == part.keys()


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "https://a.example/a.png"}},
        {"type": "image_url", "image_url": {"url": URL, "file_id": "file_1"}},
        {"type": "image_url", "image_url": {"url": URL}, "file_id": "file_1"},
        {"type": "input_image", "image_url": URL, "file_id": "file_1"},
        {"type": "input_file", "file_data": URL, "file_url": "https://a.example/a.pdf"},
        {"type": "file", "file": {"file_id": "file_1"}},
        {"type": "file", "file": {"file_data": ""}},
        {"type": "image", "source": {"type": "url", "url": "https://a.example"}},
        {"type": "image", "source": {"type": "base64", "data": DATA, "url": "https://a.example"}},
        {"type": "image", "source": "x"},
        {"type": "image_url", "image_url": {"url": "data:text/plain,hello"}},
        {"type": "audio", "data": DATA},
    ],
)
def test_where_none_is(part):
    assert inline_of(part) is None


@pytest.mark.parametrize("written", ["***", "data:a/b;base64,***", "abc", "é"])
def test_no_base64(written):
    with pytest.raises(ValueError):
        content_of(written)


def test_lines_of_base64():
    assert content_of("aGVs\nbG8=\n") == b"hello"


def test_whether_there_is_one():
    deep = [{"role": "user", "content": [{"type": "tool_result", "content": [{"type": "image"}]}]}]
    assert holds_file(deep, UNREADABLE)
    assert holds_file([{"type": "function_call_output", "output": [{"type": "input_image"}]}], UNREADABLE)
    assert not holds_file([{"role": "user", "content": "hi"}, {"content": [{"type": "text"}]}, 3], UNREADABLE)
    assert holds_file({"messages": [{"role": "user", "content": "x", "more": {"type": "file"}}]}, UNREADABLE)
    assert not holds_file([None, {"type": {"a": 1}}, {"type": ["file"]}], UNREADABLE)
    deep = {"type": "file"}
    for _ in range(5000):
        deep = [deep]
    assert holds_file(deep, UNREADABLE)


class Reader:
    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def read(self, data, declared):
        self.asked.append((data, declared))
        return self.answers.pop(0)


def inside(*answers, detector=DETECTOR):
    reader = Reader(*answers)
    return Inside(reader, detector, Scans()), reader


FILE = inline_of({"type": "input_file", "file_data": URL})


def test_what_is_inside():
    here, reader = inside(FileText("PDF", (f"HKID {HKID}", "電話 9123 4567")))
    found = here.read(FILE, "ann")
    assert (found.kind, found.reason, found.failed) == ("PDF", "", {})
    assert [(each.kind, each.text) for each in found.findings] == [(Kind.HKID, HKID), (Kind.PHONE, "9123 4567")]
    assert [found.text[each.start : each.end] for each in found.findings] == [HKID, "9123 4567"]
    assert reader.asked == [(b"hello", "application/pdf")]


def test_each_persons_files_are_remembered_apart():
    text = FileText("PDF", (f"HKID {HKID}",))
    here, reader = inside(text, text)
    assert here.read(FILE, "ann") == here.read(FILE, "ann")
    assert len(reader.asked) == 1
    here.read(FILE, "bob")
    assert len(reader.asked) == 2


def test_reasons_are_remembered_unless_they_pass():
    here, _reader = inside(FileText("PDF", (), "it is encrypted"))
    assert [here.read(FILE, "ann").reason for _ in range(2)] == ["it is encrypted"] * 2
    here, _reader = inside(FileText("PDF", (), "too slow", passing=True), FileText("PDF", ("x",)))
    assert [here.read(FILE, "ann").reason for _ in range(2)] == ["too slow", ""]


def test_what_it_says_is_remembered_unless_it_is_too_long(monkeypatch):
    here, reader = inside(FileText("PDF", ("Author: Ann", "hello"), shown=(1,)))
    assert [here.read(FILE, "ann").said for _ in range(2)] == ["hello"] * 2
    assert len(reader.asked) == 1
    monkeypatch.setattr("sampan.understand.inline.LONGEST", 4)
    here, _reader = inside(FileText("PDF", ("hello",), shown=(0,)))
    assert here.read(FILE, "ann").said == ""


def test_what_is_no_base64():
    here, _reader = inside()
    assert here.read(FILE._replace(written="***"), "ann").reason == "it is not written in base64"


def test_a_picture_written_out_in_a_page():
    here, _ = inside(FileText("web page", ("<img src='data:image/png;base64,iVBORw0KGgo='>",)))
    assert here.read(FILE, "ann").reason == "something packed inside cannot be read"


class Dying:
    name, version = "dying", "1"

    def find(self, text):
        raise RuntimeError


def test_a_detector_that_dies():
    text = FileText("PDF", ("x",))
    here, _reader = inside(text, text, detector=Detector([Dying()]))
    assert [set(here.read(FILE, "ann").failed) for _ in range(2)] == [{"dying"}, {"dying"}]
