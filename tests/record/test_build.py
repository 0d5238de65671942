import msgspec
import pytest

from sampan.contract.answer import Usage
from sampan.contract.estimate import Estimate, Prompt
from sampan.contract.labels import Kind
from sampan.contract.receipt import Crossing, Joint, Outcome, Shadow, Spent, Tried
from sampan.contract.request import Approval, Form, Held, Refusal, Refused, Route
from sampan.record import build
from tests.record.builders import CLOUD, LOCAL, SECRET, decided, request

ROUTES = (Route(CLOUD, Form(frozenset({Kind.HKID}))), Route(LOCAL, Form()))


def crossing(error=""):
    return Crossing("public", "cloud", "op", "US", 1, 1, "hmac:0", {}, error=error)


@pytest.mark.parametrize("code", ["", "stream_cut", "a", "x2"])
def test_codes_are_kept(code):
    assert build.safe_code(code) == code


@pytest.mark.parametrize("text", ["A123456(3)", "no such thing", "Stream_cut", "x" * 65, "a\n", "9123 4567", "電話"])
def test_other_error_texts_are_not(text):
    assert build.safe_code(text) == "internal_error"


@pytest.mark.parametrize(
    "asked,shown", [("auto", "auto"), ("auto:best", "auto:best"), ("A1234563", "unknown"), ("auto:9", "unknown")]
)
def test_a_model_name_nobody_knows_is_the_callers_text(asked, shown):
    assert build.safe_asked(asked) == shown


def test_a_detector_that_failed_is_named():
    asked = decided(request())
    labels = msgspec.structs.replace(
        asked.labelled.labels, complete=False, failed={"tagger": "a file of it is missing"}
    )
    part = build.decided_part(
        msgspec.structs.replace(asked, labelled=msgspec.structs.replace(asked.labelled, labels=labels))
    )
    assert part["detectors"] == {"patterns": "1.4", "complete": False, "failed": {"tagger": "a file of it is missing"}}


def test_the_decided_part_follows_the_design():
    part = build.decided_part(decided(request()))
    assert part["found"] == {"HKID": 1, "PHONE": 2}
    assert part["detectors"] == {"patterns": "1.4", "complete": True}
    assert part["sensitivity"] == "restricted"
    assert part["languages"] == ["yue", "en"]
    assert part["unmasked"] == {"PHONE": 1}
    assert part["policy"] == {
        "set": "sha256:" + "a" * 64,
        "asked": "auto:best",
        "allowed": [["cloud", "masked"], ["local", "clear"]],
        "refused": [["cloud", "clear", ["hk-id-stays-home"]]],
        "chosen": ["cloud", "masked"],
        "why": "quality .93 vs .58",
    }
    assert SECRET not in str(part)


def test_files_that_were_handed_on_as_text_are_counted():
    one = decided(request())
    labels = msgspec.structs.replace(one.labelled.labels, as_text={"PDF": 2})
    labelled = msgspec.structs.replace(one.labelled, labels=labels)
    assert build.decided_part(msgspec.structs.replace(one, labelled=labelled))["as_text"] == {"PDF": 2}
    assert "as_text" not in build.decided_part(one)


def test_what_the_router_expected_is_told_in_numbers():
    prompt = Prompt((("code", 0.6), ("maths", 1.0)), 3, "yue")
    expected = {"cloud": Estimate(0.93456789, 0.9, 12), "local": Estimate(1.0, 0.0)}
    one = msgspec.structs.replace(decided(request()), prompt=prompt, estimates=expected)
    assert build.decided_part(one)["route"] == {
        "prompt": {"domains": [["code", 0.6], ["maths", 1]], "difficulty": 3, "language": "yue"},
        "expected": {"cloud": [0.9346, 0.9, 12], "local": [1, 0, 0]},
    }
    assert "route" not in build.decided_part(decided(request()))


def test_a_refusal_of_a_known_model():
    labelled = decided(request("cloud")).labelled
    one = Refusal("cloud", "masked", ("r",), "because")
    policy = build.decided_part(Refused(labelled, ("r",), "because", (), (one,), "sha256:0"))["policy"]
    assert policy["asked"] == "cloud"
    assert policy["why"] == "because"
    assert policy["rules"] == ["r"]
    assert policy["chosen"] == []


def test_a_refusal_of_an_unknown_model_does_not_quote_it():
    labelled = decided(request(SECRET)).labelled
    part = build.decided_part(Refused(labelled, (), f"no model {SECRET}", (), code="model_not_found"))
    assert SECRET not in str(part)
    assert part["policy"]["why"] == "model_not_found"


def test_what_is_held_waits():
    held = Held(decided(request()), ("boss",), ("r1",), "no")
    assert "approval" in build.decided_part(held)["policy"]["why"]
    assert build.decided_part(held)["policy"]["rules"] == ["r1"]
    assert "approval" not in build.decided_part(held)


def test_what_became_of_an_approval_is_told():
    went = Approval("apr_1", ("staff",), "approved", {"staff": "wong"}, 0.5, "once", 1500.0)
    part = build.decided_part(msgspec.structs.replace(decided(request()), approval=went))
    assert part["approval"] == {
        "id": "apr_1", "needed": ["staff"], "outcome": "approved", "by": {"staff": "wong"},
        "at": "1970-01-01T00:00:00.500Z", "scope": "once", "waited_ms": 1500,
    }  # fmt: skip
    late = Held(decided(request()), ("staff",), ("r1",), "no", became=Approval("apr_2", ("staff",), "timed_out"))
    part = build.decided_part(late)
    assert part["approval"] == {"id": "apr_2", "needed": ["staff"], "outcome": "timed_out"}
    assert (part["policy"]["allowed"], part["policy"]["why"]) == ([], "nobody approved it in time")


@pytest.mark.parametrize(
    "spent,answered,name",
    [((Spent(CLOUD, Usage(1, 1)),), None, "cloud"), ((Spent(CLOUD, Usage()), Spent(LOCAL, Usage(1, 1))), None, "local"),
     ((Spent(LOCAL, Usage(1, 1)), Spent(CLOUD, Usage())), LOCAL, "local"), ((), None, "cloud")],
)  # fmt: skip
def test_who_answered(spent, answered, name):
    assert build.answering(ROUTES, Outcome("complete", spent=spent, answered=answered)).name == name


def test_nobody_answered_where_nothing_was_allowed():
    assert build.answering((), Outcome("refused")) is None


def test_each_model_is_paid_at_its_own_price():
    assert build.cost((Spent(CLOUD, Usage(96, 71)),)) == pytest.approx(0.00095)
    both = (Spent(LOCAL, Usage(100, 50)), Spent(CLOUD, Usage(96, 71, 5, estimated=True)))
    assert build.cost(both) == pytest.approx(0.00095 + 0.00015)
    assert build.together(both) == Usage(196, 121, 5, estimated=True)
    assert build.cost(()) == 0
    assert build.together(()) == Usage()


def test_a_trial_is_told():
    tried = Tried(
        "local", "accepted", 0.6, 0.87654, {"refusal": -4.5, "code_parses": 0.0}, "", 12.0, {"in": 1, "out": 2}
    )
    told = {"model": "local", "verdict": "accepted", "accept_at": 0.6, "score": 0.8765, "ms": 12,
            "checks": {"refusal": -4.5, "code_parses": 0}, "tokens": {"in": 1, "out": 2}}  # fmt: skip
    assert build.trial_part(tried) == told
    failed = build.trial_part(Tried("local", "escalated", 1.0, error=SECRET))
    assert "score" not in failed
    assert failed["error"] == "internal_error"


def test_what_joins_the_route():
    assert build.route_part(Outcome("complete")) == {}
    part = build.route_part(Outcome("complete", joint=Joint("plan", ("rcp_1", "rcp_2"))))
    assert part == {"together": {"way": "plan", "steps": ["rcp_1", "rcp_2"]}}
    assert build.route_part(Outcome("complete", trial=Tried("local", "kept", 0.5)))["trial"]["verdict"] == "kept"
    shadow = build.route_part(Outcome("complete", shadow=Shadow("rcp_1", "cloud", 0.91239, 0.0)))["shadow"]
    assert shadow == {"of": "rcp_1", "given_by": "cloud", "given": 0.9124, "here": 0}
    assert build.route_part(Outcome("error", shadow=Shadow("rcp_1", "cloud")))["shadow"] == {
        "of": "rcp_1", "given_by": "cloud"}  # fmt: skip


def test_an_error_text_in_a_crossing_is_not_kept():
    assert build.crossing_part(crossing(SECRET))["error"] == "internal_error"
    assert "error" not in build.crossing_part(crossing())


def test_tokens():
    assert build.tokens(Usage(1, 2)) == {"in": 1, "out": 2}
    assert build.tokens(Usage(1, 2, 3)) == {"in": 1, "out": 2, "cached": 3}
