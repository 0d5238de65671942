import pytest

from sampan.contract.request import Dialect, Principal, Request
from sampan.decide.prompt import HINT, LONGEST, prompt_text


def text_of(body, dialect=Dialect.CHAT):
    return prompt_text(Request("rcp_1", dialect, body, Principal("ann"), "auto", stream=False, received=0.0))


@pytest.mark.parametrize(
    ("dialect", "body", "text"),
    [
        (Dialect.CHAT, {"messages": [{"role": "user", "content": "first"}, {"role": "assistant", "content": "yes"},
                                     {"role": "user", "content": "last"}]}, "last"),
        (Dialect.CHAT, {"messages": [{"role": "system", "content": "You tutor."}, {"role": "user", "content": "1+1"}]}, "You tutor.\n1+1"),
        (Dialect.CHAT, {"messages": [{"role": "user", "content": [{"type": "text", "text": "see"}, {"type": "image_url"},
                                                                  {"type": "text", "text": "this"}]}]}, "see\nthis"),
        (Dialect.CHAT, {"messages": [{"role": "user", "content": "do"}, {"role": "tool", "content": "rows"}]}, "do"),
        (Dialect.MESSAGES, {"system": [{"type": "text", "text": "Be brief."}], "messages": [{"role": "user", "content": "why"},
          {"role": "assistant", "content": "…"}, {"role": "user", "content": [{"type": "tool_result", "content": "x"}]}]}, "Be brief.\nwhy"),
        (Dialect.RESPONSES, {"instructions": "Code.", "input": "sort"}, "Code.\nsort"),
        (Dialect.RESPONSES, {"input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]}, "hi"),
        (Dialect.COMPLETIONS, {"prompt": ["a", "b"]}, "a\nb"),
        (Dialect.COMPLETIONS, {"prompt": "once"}, "once"),
    ],
)  # fmt: skip
def test_what_was_asked_last_and_a_hint_of_the_instructions(dialect, body, text):
    assert text_of(body, dialect) == text


@pytest.mark.parametrize(
    "body",
    [{}, {"messages": 3}, {"messages": [1, {"role": "user"}, {"role": "user", "content": {"a": 1}}]}, {"prompt": 7}],
)
def test_nothing_to_read(body):
    assert text_of(body) == ""
    assert text_of(body, Dialect.RESPONSES) == ""
    assert text_of(body, Dialect.COMPLETIONS) == ""


def test_it_is_bounded_and_keeps_both_ends():
    text = text_of(
        {"messages": [{"role": "system", "content": "s" * 9999}, {"role": "user", "content": "A" + "x" * 99999 + "Z"}]}
    )
    assert len(text) == LONGEST + HINT + 1
    assert text[HINT + 1] == "A"
    assert text.endswith("Z")
