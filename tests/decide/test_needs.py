import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.models import Model, Realm
from sampan.contract.request import Dialect
from sampan.decide.needs import Fit, needs_of, size_of
from tests.decide.builders import E5, LOCAL, make


@pytest.mark.parametrize(
    ("dialect", "body", "needs"),
    [
        (Dialect.CHAT, {}, {"chat"}),
        (Dialect.EMBEDDINGS, {"tools": [1]}, {"embeddings"}),
        (Dialect.CHAT, {"tools": [{}]}, {"chat", "tools"}),
        (Dialect.CHAT, {"tools": []}, {"chat"}),
        (Dialect.CHAT, {"messages": [{"content": [{"type": "image_url"}]}]}, {"chat", "vision"}),
        (Dialect.MESSAGES, {"messages": [{"content": [{"type": "tool_result", "content": [{"type": "image"}]}]}]}, {"chat", "vision"}),
        (Dialect.CHAT, {"messages": [{"content": [{"type": "file"}, {"type": "image_url"}]}]}, {"chat", "vision", "files"}),
        (Dialect.RESPONSES, {"input": [{"content": [{"type": "input_file"}]}]}, {"chat", "files"}),
        (Dialect.MESSAGES, {"messages": [{"content": [{"type": "document", "source": {"type": "base64"}}]}]}, {"chat", "files"}),
        (Dialect.MESSAGES, {"messages": [{"content": [{"type": "document", "source": {"type": "text"}}]}]}, {"chat"}),
        (Dialect.RESPONSES, {"input": [{"type": "message", "content": [{"type": "input_image"}]}]}, {"chat", "vision"}),
        (Dialect.RESPONSES, {"input": "an image"}, {"chat"}),
        (Dialect.RESPONSES, {"input": [{"type": "function_call_output", "output": [{"type": "input_image"}]}]}, {"chat", "vision"}),
        (Dialect.CHAT, {"messages": "wrong", "tools": 0}, {"chat"}),
        (Dialect.CHAT, {"messages": [{"content": [{"type": ["image"]}, {"type": {"a": 1}}]}]}, {"chat"}),
        (Dialect.CHAT, {"messages": [None, 3, {"content": {"type": "image"}}, {"content": [None]}]}, {"chat"}),
    ],
)  # fmt: skip
def test_needs(dialect, body, needs):
    assert needs_of(dialect, body) == needs


def test_deep_nesting_ends():
    part: dict = {"type": "image"}
    for _ in range(5000):
        part = {"content": [part]}
    assert needs_of(Dialect.CHAT, {"messages": [part]}) == {"chat"}


def test_sizes_of_scripts():
    assert size_of(make("word " * 400)).likely == 500
    assert 380 <= size_of(make("請幫我翻譯" * 80)).likely <= 420
    assert size_of(make("data:image/png;base64," + "A" * 100_000)).likely == 0


@pytest.mark.parametrize(("words", "fit"), [(100, Fit.FITS), (5000, Fit.PERHAPS), (60_000, Fit.NEVER)])
def test_fit(words, fit):
    assert size_of(make("word " * words)).fit(LOCAL) is fit
    assert size_of(make("word " * words)).fit(Model("m", Realm.PUBLIC, ())) is Fit.FITS


@given(st.recursive(st.text(st.characters(exclude_categories=["Cs"])),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner)))  # fmt: skip
def test_no_text_has_more_tokens_than_its_bytes_allow(value):
    body = {"messages": [value], "max_tokens": 1}
    raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    labelled = make(body=body)
    request = msgspec.structs.replace(labelled.request, text_size=len(raw))
    labelled = msgspec.structs.replace(labelled, request=request)
    assert size_of(labelled).likely <= size_of(labelled, 1 << 30).likely == len(raw) // 2
    assert size_of(labelled, len(raw) // 2) == size_of(labelled)  # one for the answer is too much
    responses = msgspec.structs.replace(request, dialect=Dialect.RESPONSES)  # earlier turns are not in its bytes
    labelled = msgspec.structs.replace(labelled, request=responses)
    assert size_of(labelled, 1 << 30) == size_of(labelled)


def test_the_answer_needs_room():
    text = "word " * 3000  # about 3750 tokens of 4096
    assert size_of(make(text, body={"max_tokens": 100})).fit(LOCAL) is Fit.FITS
    assert size_of(make(text)).fit(LOCAL) is Fit.PERHAPS
    assert size_of(make(text, body={"max_tokens": "many"})).fit(LOCAL) is Fit.PERHAPS
    assert size_of(make("hello", body={"max_tokens": 100_000})).fit(LOCAL) is Fit.FITS


def test_an_embedding_needs_no_answer():
    longest = {"input": ["word " * 300, "word " * 300]}
    assert size_of(make(body=longest, dialect=Dialect.EMBEDDINGS)).fit(E5) is Fit.FITS
    assert size_of(make(body={"input": "word " * 900}, dialect=Dialect.EMBEDDINGS)).fit(E5) is Fit.PERHAPS


def test_text_without_findings_counts_too():
    labelled = msgspec.structs.replace(make("word " * 5000), passages=())
    assert size_of(labelled).fit(LOCAL) is Fit.PERHAPS


def test_a_file_has_no_size_of_its_own():
    for part in (
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "A" * 100_000}},
        {"type": "input_file", "file_data": "A" * 100_000},
    ):
        assert size_of(make(body={"messages": [{"role": "user", "content": [part]}]})).likely < 20
    assert size_of(make(body={"messages": [{"role": "user", "content": [{"data": "A" * 4000}]}]})).likely >= 1000
