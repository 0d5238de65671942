"""Names of parts, and which of them can be read."""

import pytest

from sampan.understand.parts import READABLE, STRUCTURE, TEXT, UNREADABLE, as_words, unread_reason


@pytest.mark.parametrize("kind", sorted(READABLE))
def test_readable(kind):
    assert unread_reason({"type": kind}) == ""


@pytest.mark.parametrize("kind", sorted(UNREADABLE))
def test_known_and_unreadable(kind):
    assert kind in unread_reason({"type": kind})


def test_no_part_is_both():
    assert not READABLE & UNREADABLE
    assert TEXT <= READABLE


@pytest.mark.parametrize(
    ("source", "read"), [("text", True), ("content", True), ("base64", False), ("url", False), (None, False)]
)
def test_documents_of_text_can_be_read(source, read):
    assert (unread_reason({"type": "document", "source": {"type": source}}) == "") is read
    assert unread_reason({"type": "document", "source": "text"}) != ""


@pytest.mark.parametrize("part", [{}, {"type": "new_part_A123456(3)"}, {"type": 1}, {"type": None}])
def test_a_part_that_nobody_knows_is_not_named(part):
    assert unread_reason(part) == "a content part of an unknown type cannot be read"


def test_a_message_without_a_type_is_a_message():
    assert unread_reason({"role": "user"}) == ""


@pytest.mark.parametrize(
    ("name", "words"), [("customerPhone", "customer Phone"), ("phone", "phone"), ("HKID", "HKID"), ("a1B", "a1 B")]
)
def test_names_as_words(name, words):
    assert as_words(name) == words


def test_a_long_name_is_cut():
    assert len(as_words("x" * 1000)) == 64


def test_vendor_words_are_not_scanned():
    assert {"role", "content", "max_tokens"} <= STRUCTURE
