"""`/sampan/approvals`, and callers whose requests wait."""

import asyncio
import json

import pytest

from sampan.flow.holding import Holding, Patience
from tests.flow import stages as s
from tests.flow.held import Deciding
from tests.serve import rig

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
WHERE = "/sampan/approvals"


class Keys(rig.Keys):
    """A person of the staff, a person without groups, an application."""

    def find(self, secret):
        people = {"sk-sampan-wong": ("wong", "", ("staff",)), "sk-sampan-mei": ("mei", "", ()),
                  "sk-sampan-app": ("mei", "app", ("staff",)), "sk-sampan-plain": ("", "", ("staff",))}  # fmt: skip
        if secret not in people:
            return None
        key = rig.Key()
        key.id, (key.user, key.application, key.groups) = secret, people[secret]
        return key


def bearer(name):
    return {"authorization": f"Bearer sk-sampan-{name}"}


class House:
    """An application whose policy holds everything for the staff."""

    def __init__(self, wait_s=5.0, keep_alive_s=5.0, needed=("staff",)):
        self.holding, self.records = Holding(Patience(wait_s, 5.0, keep_alive_s=keep_alive_s)), s.Records()
        self.provider = s.Scripted(s.model("cloud"), *s.good("a", "b"))
        stages = s.stages(self.provider, records=self.records, decider=Deciding(needed=needed), holding=self.holding)
        self.app = rig.Application(rig.runtime(stages=stages)._replace(keys=Keys()))

    def ask(self, path=CHAT, stream=False, who="app"):
        self.caller = rig.Caller(self.app)
        return asyncio.create_task(self.caller.ask("POST", path, rig.CHAT | {"stream": stream}, bearer(who)))

    async def own(self, method, path="", body=b"", headers=None):
        return await rig.ask(self.app, method, WHERE + path, body, headers or rig.own())

    async def waiting(self):
        for _ in range(200):
            if found := (await self.own("GET")).json["approvals"]:
                return found[0]["id"]
            await asyncio.sleep(0.005)
        raise AssertionError("nothing waits")

    @property
    def ends(self):
        return rig.ends(self.records)


async def test_a_plain_request_waits_and_goes_on():
    house = House()
    task = house.ask()
    name = await house.waiting()
    told = await house.own("POST", f"/{name}", {"action": "approve"}, bearer("wong"))
    assert (told.status, told.json["state"]) == (200, "approved")
    reply = await task
    assert (reply.status, reply.headers["sampan-approval"]) == (200, name)
    assert house.ends == [("complete", "")]


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_refusal_has_the_vendor_s_shape(path, stream):
    house = House()
    task = house.ask(path, stream)
    await house.own("POST", f"/{await house.waiting()}", {"action": "refuse"}, bearer("wong"))
    reply = await task
    value = rig.is_vendor_error(reply, path, 403, "approval_refused")
    assert value["sampan"]["rules"] == ["ask"]
    assert house.ends == [("refused", "approval_refused")]


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
async def test_who_cannot_be_kept_waiting_is_told_where_it_waits(path):
    house = House(wait_s=0.01)
    reply = await house.ask(path)
    value = rig.is_vendor_error(reply, path, 409, "approval_pending")
    name = value["sampan"]["approval"]["id"]
    assert reply.headers["sampan-approval"] == name
    assert name in value["error"]["message"]
    await house.own("POST", f"/{name}", {"action": "approve"}, bearer("wong"))
    assert (await house.ask(path)).status == 200


async def test_a_stream_is_kept_alive_and_answered():
    house = House(wait_s=0.0, keep_alive_s=0.01)
    task = house.ask(stream=True)
    name = await house.waiting()
    await asyncio.sleep(0.05)
    await house.own("POST", f"/{name}", {"action": "approve"}, bearer("wong"))
    reply = await task
    assert (reply.status, reply.headers["sampan-approval"]) == (200, name)
    assert reply.headers["content-type"].startswith("text/event-stream")
    blocks = reply.raw.decode().split("\n\n")
    assert blocks[0] == f": waits for approval {name}"
    assert [json.loads(each[6:]) for each in blocks if each.startswith("data: {")] == [
        s.text("a").data,
        s.text("b").data,
    ]
    assert reply.ended
    assert house.ends == [("complete", "")]


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
async def test_a_stream_that_waited_in_vain_ends_in_an_error_event(path):
    house = House(keep_alive_s=0.01)
    task = house.ask(path, stream=True)
    name = await house.waiting()
    await asyncio.sleep(0.03)
    await house.own("POST", f"/{name}", {"action": "refuse"})
    reply = await task
    last = reply.raw.decode().rstrip().split("\n\n")[-1]
    assert "approval_refused" in last
    assert last.startswith("event: error\n") == (path == MESSAGES)
    assert reply.ended
    assert "[DONE]" not in reply.raw.decode()


async def test_hanging_up_withdraws():
    house = House(keep_alive_s=0.01)
    for stream in (False, True):
        task = house.ask(stream=stream)
        name = await house.waiting()
        await asyncio.sleep(0.03)
        house.caller.leave()
        await task
        assert house.ends[-1] == ("client_left", "")
        reply = await house.own("POST", f"/{name}", {"action": "approve"}, bearer("wong"))
        assert (reply.status, reply.json["sampan"]["code"]) == (409, "already_settled")
    assert house.provider.calls == 0


async def test_who_may_come_here():
    house = House()
    task = house.ask()
    name = await house.waiting()
    for headers, status in (({}, 401), (bearer("nobody"), 401), (bearer("app"), 403), (bearer("plain"), 403)):
        for method, path, body in (
            ("GET", "", b""),
            ("POST", f"/{name}", {"action": "approve"}),
            ("GET", "/events", b""),
        ):
            reply = await rig.ask(house.app, method, WHERE + path, body, headers)
            assert reply.status == status, (headers, method, path)
    assert (await house.own("POST", f"/{name}", {"action": "approve"}, bearer("mei"))).status == 403
    assert (await house.own("POST", f"/{name}", {"action": "approve"})).status == 403
    assert (await house.own("POST", "/apr_none", {"action": "approve"})).status == 404
    task.cancel()


async def test_a_person_approves_what_an_application_asks_in_their_name():
    house = House(needed=("person",))
    task = house.ask()
    name = await house.waiting()
    assert (await house.own("POST", f"/{name}", {"action": "approve"}, bearer("wong"))).status == 404
    assert (await house.own("POST", f"/{name}", {"action": "approve"}, bearer("mei"))).status == 200
    assert (await task).status == 200


@pytest.mark.parametrize(
    "body", [{}, {"action": "perhaps"}, {"action": "approve", "scope": "always"}, {"action": "refuse", "x": 1}]
)
async def test_what_is_no_answer(body):
    house = House()
    task = house.ask()
    name = await house.waiting()
    assert (await house.own("POST", f"/{name}", body, bearer("wong"))).status == 400
    task.cancel()


async def test_past_ones_are_listed_when_asked_for():
    house = House()
    task = house.ask()
    await house.own("POST", f"/{await house.waiting()}", {"action": "refuse"})
    await task
    assert (await house.own("GET")).json["approvals"] == []
    assert [one["state"] for one in (await house.own("GET", "?all=1")).json["approvals"]] == ["refused"]


async def test_events_tell_each_change_and_end_with_the_server():
    house = House()
    caller = rig.Caller(house.app)
    events = asyncio.create_task(caller.ask("GET", f"{WHERE}/events", headers=rig.own()))
    await asyncio.sleep(0.01)
    task = house.ask()
    name = await house.waiting()
    await house.own("POST", f"/{name}", {"action": "refuse"})
    await task
    house.holding.stop()
    reply = await events
    told = [json.loads(each[6:])["approvals"] for each in reply.raw.decode().split("\n\n") if each.startswith("data: ")]
    assert [[one["id"] for one in each] for each in told] == [[], [name], []]
