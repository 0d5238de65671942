"""A body as leaves: nothing is passed over, and what cannot be read is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Into
from sampan.understand import walk as module
from sampan.understand.parts import NUMBERS, STRUCTURE
from sampan.understand.trail import path_of
from sampan.understand.walk import Walk


def walked(body):
    walk = Walk()
    walk.body(body)
    return walk


def texts(body):
    return [(path_of(leaf.trail), leaf.text) for leaf in walked(body).leaves]


def unread(body):
    return list(walked(body).unread)


def user(content, role="user"):
    return {"messages": [{"role": role, "content": content}]}


def test_strings_keys_and_numbers():
    assert texts(
        {"metadata": {"Ann Chan": "x", "n1": 91234567, "deep": [["y"]], "small": 7, "no": None, "yes": True}}
    ) == [
        (("metadata", "Ann Chan", Into.KEY), "Ann Chan"),
        (("metadata", "Ann Chan"), "x"),
        (("metadata", "n1", Into.KEY), "n1"),
        (("metadata", "n1"), "91234567"),
        (("metadata", "deep", Into.KEY), "deep"),
        (("metadata", "deep", 0, 0), "y"),
        (("metadata", "small", Into.KEY), "small"),
        (("metadata", "no", Into.KEY), "no"),
        (("metadata", "yes", Into.KEY), "yes"),
    ]


PLAIN = st.text(alphabet="abcXYZ陳 0123", min_size=1, max_size=8).filter(lambda text: text not in STRUCTURE)
TREES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3), max_leaves=12
)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


@given(st.dictionaries(PLAIN, TREES, max_size=4))
def test_every_string_and_every_key_is_a_leaf(extra):
    assert sorted(text for _, text in texts({"metadata": extra})) == sorted(strings(extra))


@given(st.dictionaries(PLAIN, TREES, max_size=4))
def test_json_inside_a_string_is_walked(extra):
    body = user("hi") | {"arguments": json.dumps(extra)}
    assert [text for path, text in texts(body) if Into.JSON in path] == [text for _, text in texts({"metadata": extra})]


def test_json_in_json():
    inner = json.dumps({"b": "x"})
    found = texts({"arguments": json.dumps({"a": inner})})
    assert (("arguments", Into.JSON, "a", Into.JSON, "b"), "x") in found


def test_what_only_looks_like_json_is_text():
    assert texts(user("{not json}")) == [(("messages", 0, "content"), "{not json}")]


def test_a_json_text_that_names_a_member_twice_cannot_be_read():
    assert unread({"arguments": '{"a": 1, "a": 2}'}) == [module.TWICE]


@pytest.mark.parametrize("number", [91234567, 91234567.0, -91234567])
def test_numbers_cannot_be_masked(number):
    (key, leaf) = walked({"phone": number}).leaves
    assert (key.text, leaf.text.lstrip("-"), leaf.maskable, leaf.lead) == ("phone", "91234567", False, "phone: ")


def test_well_known_numbers_are_marked():
    leaf = walked({"max_tokens": 9123456}).leaves[0]
    assert leaf.parameter
    assert "max_tokens" in NUMBERS


def test_a_number_too_long_to_read():
    assert unread({"n1": 1 << 5000}) == [module.HUGE]


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 0, 99_999, 1.5])
def test_numbers_that_say_nothing(number):
    assert [leaf.text for leaf in walked({"x1": number}).leaves] == ["x1"]


def test_parts_that_a_model_reads_as_one_are_chained():
    body = user([{"type": "text", "text": "A12"}, {"type": "text", "text": "3456(3)"}])
    walk = walked(body)
    assert [[walk.leaves[index].text for index in chain] for chain in walk.chains] == [["A12", "3456(3)"]]


def test_so_are_messages_of_the_same_person():
    body = {"messages": [{"role": "user", "content": "A12"}, {"role": "user", "content": "3456(3)"}]}
    assert len(walked(body).chains) == 1
    body["messages"].insert(1, {"role": "assistant", "content": "yes?"})
    assert walked(body).chains == []


def test_a_part_between_breaks_the_chain():
    parts = [{"type": "text", "text": "A12"}, {"type": "refusal", "refusal": "no"}, {"type": "text", "text": "3456(3)"}]
    assert walked(user(parts)).chains == []


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
        {"type": "input_file", "file_data": "x"},
        {"type": "something_new", "text": "hi"},
        {"type": ["text"], "text": "hi"},
        {"type": {"a": 1}, "text": "hi"},
        {"text": "hi"},
    ],
)
def test_parts_that_cannot_be_read_are_said_and_walked(part):
    walk = walked(user([part]))
    assert len(walk.unread) == 1
    assert walk.leaves


def test_unreadable_parts_at_any_depth():
    assert unread({"metadata": {}, "x1": {"y1": {"type": "image"}}}) != []
    assert unread({"tools": [{"type": "image"}]}) == []


def test_token_ids_cannot_be_read():
    assert unread({"input": [1, 2, 3]}) == [module.TOKENS]
    assert unread({"prompt": [[1, 2], [3]]}) == [module.TOKENS]


def test_too_deep():
    value = "x"
    for _ in range(module.MAX_DEPTH + 5):
        value = [value]
    assert unread({"metadata": value}) == [module.TOO_DEEP]


def test_too_deep_inside_a_string():
    assert unread({"arguments": "[" * 100_000 + "]" * 100_000}) == [module.TOO_DEEP]
    text = "x"
    for _ in range(module.MAX_JSON_LEVELS + 2):
        text = json.dumps([text])
    assert unread({"arguments": text}) == [module.TOO_DEEP]


def test_too_many(monkeypatch):
    monkeypatch.setattr(module, "MAX_LEAVES", 10)
    assert unread({"metadata": [[str(n)] for n in range(30)]}) == [module.TOO_MANY]


def test_a_data_url_cannot_be_masked():
    leaf = walked({"x1": "DATA:text/plain,hi"}).leaves[1]
    assert not leaf.maskable


def test_short_strings_get_the_name_of_their_member_as_context():
    leaves = walked({"customerPhone": "9123 4567"}).leaves
    assert leaves[1].lead == "customer Phone: "
    assert walked({"customerPhone": "9" * 300}).leaves[1].lead == ""


def test_vendor_words_are_left_out():
    assert texts({"type": "text", "role": "user", "model": "auto", "stream": True}) == []


URL = "data:application/pdf;base64,aGVsbG8="
FILE_PARTS = [
    {"type": "image_url", "image_url": {"url": URL, "detail": "Ann"}},
    {"type": "file", "file": {"file_data": URL, "filename": "Ann"}},
    {"type": "input_file", "file_data": URL, "filename": "Ann"},
    {
        "type": "document",
        "source": {"type": "base64", "media_type": "application/pdf", "data": "aGVsbG8="},
        "title": "Ann",
    },
]


@pytest.mark.parametrize("part", FILE_PARTS)
def test_files_are_for_somebody_else(part):
    walk = Walk(reads_files=True)
    walk.body(user([{"type": "text", "text": "hi"}, part]))
    ((way, file),) = walk.files
    assert path_of(way) == ("messages", 0, "content", 1, *file.steps)
    assert walk.unread == {}
    assert "Ann" in [leaf.text for leaf in walk.leaves]
    assert "aGVsbG8=" not in "".join(leaf.text for leaf in walk.leaves)


@pytest.mark.parametrize("part", FILE_PARTS)
def test_without_somebody_they_cannot_be_read(part):
    walk = walked(user([part]))
    assert (walk.files, list(walk.unread)) == ([], [f"content part {part['type']!r} cannot be read yet"])


def test_files_elsewhere_cannot_be_read():
    walk = Walk(reads_files=True)
    walk.body(user([{"type": "image_url", "image_url": {"url": "https://a.example/a.png"}}]))
    assert (walk.files, list(walk.unread)) == ([], ["content part 'image_url' cannot be read yet"])


def test_files_in_tool_results():
    walk = Walk(reads_files=True)
    walk.body({"input": [{"type": "function_call_output", "output": [{"type": "input_image", "image_url": URL}]}]})
    assert [path_of(way) for way, _ in walk.files] == [("input", 0, "output", 0, "image_url")]
