"""Files that go with a question."""

import base64

import pytest

from sampan.cli.enclosing import part_of, question
from sampan.contract.errors import BadRequest
from tests.support import files


def data(part):
    return base64.b64decode(part["file"]["file_data"].partition(",")[2])


def test_only_words_are_plain_text():
    assert question(" why? ", (), b"long text\n") == "long text\n\nwhy?"
    assert question("why?", (), b"") == "why?"


def test_nothing():
    with pytest.raises(BadRequest, match="no question"):
        question(" ", (), b"")


def test_a_file_goes_as_what_it_is(tmp_path):
    for name, content in {
        "a.pdf": files.pdf("hello"),
        "b.png": files.png(),
        "c.txt": "陳".encode(),
        "d": b"\0\1",
    }.items():
        (tmp_path / name).write_bytes(content)
    pdf, png, text, unknown, asked = question(
        "?", [part_of(tmp_path / name) for name in ("a.pdf", "b.png", "c.txt", "d")]
    )
    assert (pdf["file"]["filename"], data(pdf)) == ("a.pdf", files.pdf("hello"))
    assert pdf["file"]["file_data"].startswith("data:application/pdf;base64,")
    assert png["image_url"]["url"].startswith("data:image/png;base64,")
    assert text == {"type": "text", "text": "--- c.txt ---\n陳\n--- end of c.txt ---\n"}
    assert unknown["file"]["file_data"].startswith("data:application/octet-stream;base64,")
    assert asked == {"type": "text", "text": "?"}


def test_a_file_on_standard_input():
    part, asked = question("?", (), files.docx("hello"))
    assert data(part) == files.docx("hello")
    assert asked["text"] == "?"


def test_a_file_alone_is_a_question(tmp_path):
    (tmp_path / "a.pdf").write_bytes(files.pdf("hello"))
    assert len(question("", [part_of(tmp_path / "a.pdf")])) == 1
