"""Facts of an answer as headers."""

import msgspec
import pytest

from sampan.contract.errors import BadRequest, EngineUnavailable, UpstreamRefused
from sampan.contract.estimate import Estimate, Prompt, Trial
from sampan.contract.labels import Kind, Labels, Sensitivity
from sampan.contract.request import Decided, Form, Labelled, Refusal, Route
from sampan.flow.answer import Answer
from sampan.serve.api.facts import answer_headers, decision_value, error_headers
from tests.flow import stages as s


def answer(form=Form(), headers=None, refused=()):
    request, route = s.request(), Route(s.model("cloud"), form)
    labels = Labels({Kind.PHONE: 2, Kind.HKID: 1, Kind.EMAIL: 1}, Sensitivity.RESTRICTED, {})
    decided = Decided(Labelled(request, (), labels), (route,), tuple(refused), "why", "sha256:0")
    return Answer(decided, route, headers or {}, None, None)


def told(value, head="3:abc"):
    return {name.decode(): text.decode() for name, text in answer_headers(value, head)}


def test_what_was_masked_and_which_rules_said_so():
    kinds = frozenset({Kind.PHONE, Kind.HKID, Kind.LOOKALIKE})
    refused = [Refusal("cloud", "clear", ("b", "a"), "x"), Refusal("other", "clear", ("c",), "x")]
    headers = told(answer(Form(kinds), refused=refused))
    assert headers["sampan-masked"] == "HKID=1,PHONE=2"
    assert headers["sampan-rule"] == "a,b"
    assert headers["sampan-form"] == "masked"
    assert headers["sampan-receipt"].endswith("; head=3:abc")


def test_what_is_not_there_is_no_header():
    headers = told(answer())
    assert headers["sampan-form"] == "clear"
    assert not {"sampan-masked", "sampan-rule", "sampan-as-text"} & set(headers)


def test_files_that_were_handed_on_as_text():
    one = answer()
    labels = msgspec.structs.replace(one.decided.labelled.labels, as_text={"PDF": 1, "Word file": 2})
    labelled = msgspec.structs.replace(one.decided.labelled, labels=labels)
    one = Answer(msgspec.structs.replace(one.decided, labelled=labelled), one.route, {}, None, None)
    assert told(one)["sampan-as-text"] == "PDF=1,Word file=2"
    assert decision_value(one.decided)["as_text"] == {"PDF": 1, "Word file": 2}
    assert "as_text" not in decision_value(answer().decided)


def test_request_ids_once_each():
    names = [name for name, _ in answer_headers(answer(headers={"request-id": "req_1", "x-a": "b"}), "")]
    assert len(names) == len(set(names))
    headers = told(answer(headers={"request-id": "req_1"}))
    assert headers["request-id"] == "req_1"
    assert headers["x-request-id"].startswith("rcp_")


def test_a_header_value_cannot_break_out():
    headers = told(answer(headers={"x-request-id": "a\r\nset-cookie: b陳"}))
    assert headers["x-request-id"] == "aset-cookie: b"


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1"), (5, "5"), (5.1, "6")])
def test_when_to_come_back(seconds, said):
    assert dict(error_headers(EngineUnavailable("x", retry_after=seconds), ""))[b"retry-after"] == said.encode()


def test_where_no_model_is_set_up_another_try_is_in_vain():
    headers = dict(error_headers(EngineUnavailable("x", retry_after=0), ""))
    assert (headers.get(b"x-should-retry"), headers.get(b"retry-after")) == (b"false", None)


def test_errors_carry_the_upstream_s_headers_and_the_receipt():
    error = UpstreamRefused("x", status=429, headers={"retry-after": "9", "x-request-id": "req_1"})
    error.receipt = "rcp_1"
    assert dict(error_headers(error, "3:abc")) == {
        b"retry-after": b"9", b"x-request-id": b"req_1", b"request-id": b"rcp_1", b"sampan-receipt": b"rcp_1; head=3:abc",
    }  # fmt: skip
    assert error_headers(BadRequest("x"), "3:abc") == []


def test_what_the_router_expected_and_planned_is_told_where_it_chose():
    decided = answer().decided
    assert decision_value(decided)["route"] == {}
    chose = msgspec.structs.replace(
        decided, prompt=Prompt((("code", 0.5),), 3, "yue"), estimates={"cloud": Estimate(0.9, 0.8, 3)},
        trial=Trial(0.85, 0.5), hedge_after_s=1.5,
    )  # fmt: skip
    assert decision_value(chose)["route"] == {
        "prompt": {"domains": [["code", 0.5]], "difficulty": 3, "language": "yue"},
        "expected": {"cloud": [0.9, 0.8, 3]},
        "trial": {"accept_at": 0.85, "prior": 0.5},
        "hedge_after_s": 1.5,
    }
