"""Stand-ins in the place of findings, wherever those stand."""

import copy
import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.errors import PolicyRefused
from sampan.contract.labels import Finding, Kind, Passage, Piece
from sampan.protect.known import Known
from sampan.protect.mask import mask
from sampan.protect.operators.stand_in import OPERATOR
from tests.protect import builders as b


def masked(body, kinds=b.ALL):
    before = copy.deepcopy(body)
    labelled = b.labeller().label(b.request(body))
    result = mask(body, labelled.passages, kinds, Known(OPERATOR))
    assert body == before, "the original was changed"
    return result


def test_text_and_counts():
    result = masked(b.chat(f"HKID {b.HKID}, tel {b.PHONE} or {b.PHONE}"))
    assert result.body["messages"][0]["content"] == "HKID [HKID_1], tel [PHONE_1] or [PHONE_1]"
    assert result.counts == {"HKID": 1, "PHONE": 2}
    assert result.texts == ["HKID [HKID_1], tel [PHONE_1] or [PHONE_1]"]


def test_what_does_not_change_is_shared_not_copied():
    body = b.chat(f"tel {b.PHONE}", tools=[{"type": "function"}])
    result = masked(body)
    assert result.body["tools"] is body["tools"]
    assert result.body["messages"] is not body["messages"]


def test_only_the_kinds_of_the_form_are_masked():
    body = masked(b.chat(f"HKID {b.HKID}, tel {b.PHONE}"), frozenset({Kind.HKID})).body
    assert body["messages"][0]["content"] == f"HKID [HKID_1], tel {b.PHONE}"


def test_a_look_alike_gets_a_stand_in_of_its_own_and_is_not_counted():
    result = masked(b.chat(f"[HKID_1] and {b.HKID}"))
    assert result.body["messages"][0]["content"] == "[LOOKALIKE_1] and [HKID_1]"
    assert result.counts == {"HKID": 1}


def test_inside_json_inside_a_string():
    arguments = json.dumps({"who": {"id": b.HKID}, "n": [1, 2.5, 12345678901234567890], "t": "ok", "x": None})
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
    body = {"messages": [{"role": "assistant", "tool_calls": [call]}]}
    said = masked(body).body["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert said == arguments.replace(b.HKID, "[HKID_1]")


def test_json_inside_json_inside_json():
    inner = json.dumps({"note": json.dumps({"id": b.HKID})})
    body = masked({"messages": [{"role": "user", "content": inner}]}).body
    assert json.loads(json.loads(body["messages"][0]["content"])["note"]) == {"id": "[HKID_1]"}


def test_lone_surrogates_inside_json_stay_writable():
    inner = json.dumps({"a": "\ud800", "id": b.HKID})
    body = masked({"messages": [{"role": "user", "content": inner}]}).body
    written = body["messages"][0]["content"]
    written.encode()
    assert json.loads(written) == {"a": "\ud800", "id": "[HKID_1]"}


def test_names_of_members():
    body = masked({"messages": [{"role": "user", "content": "x"}], "metadata": {b.HKID: {"tel": b.PHONE}, "b": 1}}).body
    assert body["metadata"] == {"[HKID_1]": {"tel": "[PHONE_1]"}, "b": 1}
    assert list(body["metadata"]) == ["[HKID_1]", "b"]


def parts(*texts):
    return [{"role": "user", "content": [{"type": "text", "text": text} for text in texts]}]


@pytest.mark.parametrize("cuts", [(4,), (1,), (9,), (2, 5), (3, 4, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9)])
def test_a_value_split_over_parts(cuts):
    edges = [0, *cuts, len(b.HKID)]
    texts = [b.HKID[start:end] for start, end in itertools.pairwise(edges)]
    body = masked({"messages": parts("HKID " + texts[0], *texts[1:-1], texts[-1] + " ok")}).body
    said = [part["text"] for part in body["messages"][0]["content"]]
    assert "".join(said) == "HKID [HKID_1] ok"
    assert all(said)


def test_a_part_that_the_value_fills_does_not_become_empty():
    body = masked({"messages": parts("HKID A123", "456(3)")}).body
    assert [part["text"] for part in body["messages"][0]["content"]] == ["HKID [HKID_1", "]"]


def test_where_nothing_can_be_replaced_nothing_is_sent():
    finding = Finding(0, 8, Kind.CREDIT_CARD, 1.0, "41111111")
    passage = Passage("41111111", (Piece(("metadata", "n"), 0, 8, maskable=False),), (finding,))
    with pytest.raises(PolicyRefused):
        mask({"metadata": {"n": 41111111}}, [passage], b.ALL, Known(OPERATOR))


def test_an_unchanged_history_masks_to_the_same_bytes():
    one = masked(b.chat(f"tel {b.PHONE}", f"HKID {b.HKID}")).body["messages"]
    two = masked(b.chat(f"tel {b.PHONE}", f"HKID {b.HKID}", f"mail {b.EMAIL}")).body["messages"]
    assert two[:2] == one


VALUES = st.sampled_from([b.HKID, b.PHONE, b.EMAIL, "陳大文"])
PLAIN = st.text(alphabet="xyz 的，。\n\"'\\{}", max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PLAIN, VALUES), min_size=1, max_size=6))
def test_no_value_is_left_and_restoring_gives_the_original(parts):
    text = "".join(f"{plain} {value} " for plain, value in parts)
    cleared, restorer = b.protected(b.chat(text))
    sent = json.dumps(cleared.body, ensure_ascii=False)
    assert not any(value in sent for _, value in parts)
    answer = cleared.body["messages"][0]["content"]
    back = restorer.whole({"choices": [{"message": {"role": "assistant", "content": answer}}]})
    starts_json = text.strip().startswith(("{", "["))
    assert back["choices"][0]["message"]["content"] == text or starts_json
