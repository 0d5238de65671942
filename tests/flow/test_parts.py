"""A request taken apart and made anew."""

import pytest

from sampan.contract.errors import BadRequest, ContextTooLong
from sampan.contract.request import Dialect, Together
from sampan.flow.parts import PIECE, PIECE_LATIN, inner_request, last_request, pieces_of, words, work_of
from tests.flow import stages as s

DOCUMENT = "The lease ends in June.\n\nThe rent is 9,000 dollars a month.\n\nNo pets are allowed in the flat."


def asked(*turns, **more):
    messages = [{"role": "user", "content": turn} for turn in turns]
    return s.request(body={"model": "auto", "messages": messages, **more})


@pytest.mark.parametrize(
    "turns",
    [(DOCUMENT, "When does it end?"), (f"When does it end?\n\n{DOCUMENT}",), (f"{DOCUMENT}\n\nWhen does it end?",)],
)
def test_task_and_text(turns):
    assert work_of(asked(*turns)) == ("When does it end?", DOCUMENT)


def test_a_task_that_is_said_apart():
    import msgspec

    request = msgspec.structs.replace(asked("one paragraph"), task="Sum it up.")
    assert work_of(request) == ("Sum it up.", "one paragraph")


@pytest.mark.parametrize("text", ["", "one paragraph only", "x" * 3000 + "\n\n" + "y" * 2900])
def test_what_cannot_be_taken_apart(text):
    with pytest.raises(BadRequest, match="told apart"):
        work_of(asked(text))


@pytest.mark.parametrize("text", [DOCUMENT, "word " * 5000, "字" * 9000, "一句。" * 3000, "", "\n\n" * 4000])
def test_pieces_are_the_whole_text_in_order(text):
    pieces = pieces_of(text)
    size = PIECE if any(sign > "z" for sign in text) else PIECE_LATIN
    assert all(0 < len(piece) <= size for piece in pieces)
    assert "".join(pieces).split() == text.split()


def test_pieces_end_where_a_sentence_does():
    pieces = pieces_of("A sentence of some length stands here. " * 200)
    assert all(piece.rstrip().endswith(".") for piece in pieces)


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(ContextTooLong):
        pieces_of("x" * (PIECE_LATIN * 40 + 1))
    with pytest.raises(ContextTooLong):
        pieces_of("字" * (PIECE * 40 + 1))


def test_chinese_signs_are_tokens_of_their_own():
    assert len(pieces_of("a word " * 400)) == 1
    assert len(pieces_of("一句。" * 900)) == 2
    assert len(pieces_of("a word 一句。" * 240)) == 2


def test_a_question_between_the_models_has_nothing_of_the_caller_but_who_asks():
    request = asked("a", tools=[{}], temperature=0.5)
    made = inner_request(request, "auto:best", "Why?")
    assert made.body == {"model": "auto:best", "messages": [{"role": "user", "content": "Why?"}]}
    assert inner_request(request, "auto:private", "Why?", 60).body == made.body | {
        "model": "auto:private", "max_tokens": 60, "temperature": 0,
    }  # fmt: skip
    assert (made.stream, made.headers, made.asked, made.together) == (False, {}, "auto:best", None)
    assert made.principal == request.principal
    assert made.id != request.id


@pytest.mark.parametrize(
    "dialect,body",
    [
        (Dialect.CHAT, {"messages": [{"role": "user", "content": "Why?"}]}),
        (Dialect.MESSAGES, {"messages": [{"role": "user", "content": "Why?"}]}),
        (Dialect.RESPONSES, {"input": "Why?", "store": False}),
        (Dialect.COMPLETIONS, {"prompt": "Why?"}),
    ],
)
def test_the_last_question_is_in_the_callers_dialect(dialect, body):
    import msgspec

    given = {"model": "x", "max_tokens": 9, "tools": [{}], "system": "S", "previous_response_id": "r", "stream": True}
    request = msgspec.structs.replace(
        s.request(True, dialect, given), together=Together.PLAN, headers={"idempotency-key": "k"}
    )
    made = last_request(request, "auto", "Why?")
    assert made.body == {"model": "auto", "max_tokens": 9, "stream": True, **body}
    assert (made.stream, made.headers, made.together) == (True, {}, None)


@pytest.mark.parametrize(
    "language,starts", [("en", "Somebody"), ("other", "Somebody"), ("yue", "有人"), ("mixed", "有人")]
)
def test_the_models_are_told_in_the_language_of_the_request(language, starts):
    told = words(language)
    assert told["plan"].startswith(starts)
    assert {"plan", "read", "join", "rewrite", "answer", "facts", "nothing", "unread"} == told.keys()


@pytest.mark.parametrize("language", ["en", "yue"])
def test_every_place_is_filled_in(language):
    told = words(language)
    filled = {
        "plan": {"task": "T", "facts": "F", "most": 6}, "read": {"number": 1, "count": 2, "part": "{x}", "questions": "Q"},
        "join": {"task": "T", "notes": "N"}, "rewrite": {"beginning": "B", "task": "T"}, "answer": {"request": "R", "reply": "A"},
        "facts": {"characters": 1, "parts": 1, "language": "en"}, "nothing": {},
        "unread": {"unread": 1, "count": 2},
    }  # fmt: skip
    for name, places in filled.items():
        text = told[name].format(**places)
        assert all(str(value) in text for value in places.values())
