"""Callers who wait while nothing may be heard yet: a trial, or two models at work."""

import asyncio
import json

import pytest

from sampan.contract.errors import UpstreamDown
from sampan.contract.models import Realm
from sampan.flow.stages import Limits
from tests.flow import stages as s
from tests.flow.test_cascade import Judge, OnTrial
from tests.serve import rig

CHAT = "/v1/chat/completions"
STREAM = rig.CHAT | {"stream": True}
QUICK = Limits(keep_alive_s=0.01)


def house(*script, after, limits=QUICK, score=0.9):
    first = s.Scripted(s.model("here", Realm.PERSONAL), lambda: asyncio.sleep(0.06), *script)
    second = s.Scripted(s.model("strong"), *after)
    records = s.Records()
    made = s.stages(first, second, records=records, decider=OnTrial(first.model, second.model))
    return rig.app(stages=made._replace(verifier=Judge(score), limits=limits)), records


def blocks(reply):
    return [each for each in reply.raw.decode().split("\n\n") if each]


async def test_a_stream_on_trial_has_signs_of_life_before_its_first_word():
    app, records = house(*s.good("a", "b"), after=s.good("x"))
    reply = await rig.ask(app, "POST", CHAT, STREAM)
    told = blocks(reply)
    assert told[0] == ": working"
    words = [each for each in told if not each.startswith(":")]
    assert [json.loads(each[6:])["choices"][0]["delta"]["content"] for each in words[:-1]] == ["a", "b"]
    assert words[-1] == "data: [DONE]"
    assert told.index(words[0]) == len(told) - 3
    assert reply.headers["sampan-receipt"] == records.opened[0]
    assert "sampan-model" not in reply.headers


async def test_an_answer_that_comes_soon_tells_who_gave_it():
    app, _ = house(*s.good("a"), after=s.good("x"), limits=Limits())
    reply = await rig.ask(app, "POST", CHAT, STREAM)
    assert reply.headers["sampan-model"] == "here"
    assert not blocks(reply)[0].startswith(":")


async def test_a_failure_after_a_sign_of_life_is_the_last_event():
    app, records = house(UpstreamDown("gone", retryable=True), after=[UpstreamDown("gone too", retryable=True)])
    reply = await rig.ask(app, "POST", CHAT, STREAM)
    assert "upstream_down" in blocks(reply)[-1]
    assert "[DONE]" not in reply.raw.decode()
    assert rig.ends(records) == [("error", "upstream_down")]


async def test_a_plain_reply_has_no_signs():
    app, _ = house(*s.good("a"), after=s.good("x"))
    reply = await rig.ask(app, "POST", CHAT, rig.CHAT)
    assert reply.headers["sampan-model"] == "here"
    assert reply.json["choices"]


@pytest.mark.parametrize("how", ["member", "header"])
async def test_two_models_work_together_when_the_caller_says_so(how):
    app, provider, records = rig.spied(*s.good("a"))
    more = {"sampan": {"collaborate": "plan"}} if how == "member" else {}
    headers = {"sampan-collaborate": "plan"} if how == "header" else {}
    value = rig.is_vendor_error(await rig.ask(app, "POST", CHAT, rig.CHAT | more, headers), CHAT, 400, "bad_request")
    assert value["error"]["param"] == "sampan.task"
    assert (provider.calls, records.closed[0][1].joint.way) == (0, "plan")
