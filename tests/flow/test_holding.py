"""Requests that wait: answered, refused, too late, left, and all of that at the same moment."""

import asyncio
import contextlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.errors import (
    ApprovalPending,
    ApprovalRefused,
    BadRequest,
    Forbidden,
    NotFound,
    PolicyRefused,
    SampanError,
    Settled,
    Unavailable,
)
from sampan.contract.request import Decided, Principal, Refused
from sampan.flow.holding import Holding, Patience
from sampan.flow.run import run
from tests.flow import stages as s
from tests.flow.held import ANN, EMAIL, OWNER, PHONE, STAFF, Deciding, request

QUICK = Patience(wait_s=5, open_s=5)


class Way:
    """One Sampan whose policy holds everything."""

    def __init__(self, patience=QUICK, **facts):
        self.holding, self.records = Holding(patience), s.Records()
        self.decider = Deciding(**facts)
        self.provider = s.Scripted(s.model("cloud"), *s.good("a"))
        self.stages = s.stages(self.provider, records=self.records, decider=self.decider, holding=self.holding)

    def start(self, asked=None, line=None):
        return asyncio.create_task(run(asked or request(), self.stages, line))

    async def waiting(self, count=1):
        for _ in range(200):
            found = [one for one in self.holding.listed(OWNER) if one["caller"]]
            if len(found) == count:
                return [one["id"] for one in found]
            await asyncio.sleep(0)
        raise AssertionError(self.holding.listed(OWNER))

    @property
    def ends(self):
        return [(outcome.end, outcome.error) for _, outcome in self.records.closed]


async def finish(task):
    answer = await task
    frames = [frame async for frame in answer.frames]
    assert len(frames) == 1
    return answer


async def test_nothing_is_sent_before_somebody_agrees():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    assert (way.provider.calls, way.records.closed) == (0, [])
    assert way.holding.listed(STAFF)[0]["yours"] == ["staff"]
    told = way.holding.approve(name, STAFF)
    assert (told["state"], told["by"]) == ("approved", {"staff": "wong"})
    answer = await finish(task)
    approval = answer.decided.approval
    assert (approval.id, approval.outcome, approval.scope, approval.by) == (name, "approved", "once", {"staff": "wong"})
    assert approval.waited_ms > 0
    assert (way.provider.calls, way.ends) == (1, [("complete", "")])
    assert way.decider.asked == 2


async def test_once_is_once():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    way.holding.approve(name, STAFF)
    await finish(task)
    again = way.start()
    assert await way.waiting() != [name]
    again.cancel()


async def test_a_refusal_ends_it():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    way.holding.refuse(name, ANN)
    with pytest.raises(ApprovalRefused, match="refused"):
        await task
    assert (way.provider.calls, way.ends) == (0, [("refused", "approval_refused")])
    for act in (way.holding.refuse, way.holding.approve):
        with pytest.raises(Settled):
            act(name, STAFF)


async def test_nobody_in_time_refuses_and_later_is_too_late():
    way = Way(Patience(wait_s=5, open_s=0.02))
    task = way.start()
    (name,) = await way.waiting()
    with pytest.raises(ApprovalRefused, match="in time"):
        await task
    with pytest.raises(Settled):
        way.holding.approve(name, STAFF)
    assert (way.provider.calls, way.ends) == (0, [("refused", "approval_refused")])


async def test_the_time_counts_also_where_nobody_woke_up_to_see_it():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    way.holding._items[name].deadline = 0.0
    with pytest.raises(Settled):
        way.holding.approve(name, STAFF)
    with pytest.raises(ApprovalRefused):
        await task


async def test_a_caller_who_cannot_wait_may_send_the_same_again():
    way = Way(Patience(wait_s=0.01, open_s=5))
    with pytest.raises(ApprovalPending) as pending:
        await way.start()
    assert way.ends == [("refused", "approval_pending")]
    name = pending.value.approval
    with pytest.raises(ApprovalPending) as still:
        await way.start()
    assert still.value.approval == name, "the same request waits in the same place"
    way.holding.approve(name, STAFF)
    other = way.start(request("another"))
    await way.waiting()
    assert way.provider.calls == 0, "the approval is for that request alone"
    other.cancel()
    await finish(way.start())
    assert way.provider.calls == 1
    with pytest.raises(ApprovalPending):
        await way.start()


async def test_two_of_the_same_need_two_approvals():
    way = Way()
    first, second = way.start(), way.start()
    one, two = await way.waiting(2)
    way.holding.approve(one, STAFF)
    await asyncio.wait({first, second}, timeout=0.05)
    assert (first.done(), second.done()) == (True, False)
    way.holding.approve(two, STAFF)
    await asyncio.gather(finish(first), finish(second))


async def test_leaving_withdraws():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert way.holding.listed(OWNER) == []
    assert way.holding.listed(OWNER, past=True)[0]["state"] == "withdrawn"
    with pytest.raises(Settled):
        way.holding.approve(name, STAFF)
    assert way.ends == [("client_left", "")]


async def test_leaving_while_it_is_approved_sends_nothing_and_leaves_nothing_behind():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    way.holding.approve(name, STAFF)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert (way.provider.calls, way.ends) == (0, [("client_left", "")])
    again = way.start()
    assert await way.waiting() != [name]
    again.cancel()


@pytest.mark.parametrize(("change", "raises"), [("refused", PolicyRefused), ("open", None)])
async def test_a_policy_that_changed_meanwhile_decides(change, raises):
    way = Way()
    task = way.start()
    (name,) = await way.waiting()

    def no(labelled):
        return Refused(labelled, ("new",), "no", ())

    def yes(labelled):
        return Decided(labelled, Deciding().decide(labelled).offer.routes, (), "free", "sha256:2")

    way.decider.says = no if change == "refused" else yes
    way.holding.approve(name, STAFF)
    if raises:
        with pytest.raises(raises):
            await task
        assert way.provider.calls == 0
    else:
        assert (await finish(task)).decided.approval is None


async def test_another_rule_meanwhile_asks_anew():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    way.decider.facts = {"rules": ("ask", "new")}
    way.holding.approve(name, STAFF)
    await asyncio.sleep(0.01)
    (other,) = await way.waiting()
    assert other != name
    assert way.provider.calls == 0
    way.holding.approve(other, STAFF)
    await finish(task)


async def test_everybody_who_is_needed_has_to_agree():
    way = Way(needed=("person", "staff"))
    task = way.start()
    (name,) = await way.waiting()
    assert way.holding.approve(name, ANN)["state"] == "waiting"
    await asyncio.sleep(0)
    assert not task.done()
    way.holding.approve(name, STAFF)
    assert (await finish(task)).decided.approval.by == {"person": "ann", "staff": "wong"}


async def test_who_may_not_answer_or_even_see():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    for approver in (ANN, OWNER):
        with pytest.raises(Forbidden):
            way.holding.approve(name, approver)
    stranger = msgspec.structs.replace(STAFF, groups=("students",))
    itself = msgspec.structs.replace(ANN, key="key_app")
    for approver in (stranger, itself):
        assert way.holding.listed(approver) == []
        for act in (way.holding.approve, way.holding.refuse):
            with pytest.raises(NotFound):
                act(name, approver)
    way.holding.refuse(name, OWNER)
    with pytest.raises(ApprovalRefused):
        await task


async def test_for_a_conversation():
    way = Way(kinds=(PHONE,))
    task = way.start(request(conversation="c1"))
    (name,) = await way.waiting()
    way.holding.approve(name, STAFF, "conversation")
    first = await finish(task)
    assert first.decided.approval.scope == "conversation"
    second = await finish(way.start(request("more", conversation="c1")))
    assert second.decided.approval.id == name
    for other in (request("more", conversation="c2"), request("more"), request("m", Principal("ben"), "c1")):
        task = way.start(other)
        await way.waiting()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    way.decider.facts["kinds"] = (PHONE, EMAIL)
    task = way.start(request("more", conversation="c1"))
    await way.waiting()
    task.cancel()


async def test_a_conversation_s_approval_ends():
    way = Way(msgspec.structs.replace(QUICK, conversation_s=0.01))
    task = way.start(request(conversation="c1"))
    (name,) = await way.waiting()
    way.holding.approve(name, STAFF, "conversation")
    await finish(task)
    await asyncio.sleep(0.02)
    task = way.start(request(conversation="c1"))
    (another,) = await way.waiting()
    assert another != name
    task.cancel()


async def test_without_a_conversation_only_once():
    way = Way()
    task = way.start()
    (name,) = await way.waiting()
    with pytest.raises(BadRequest):
        way.holding.approve(name, STAFF, "conversation")
    task.cancel()


async def test_a_bounded_number_waits_and_no_caller_takes_every_place():
    way = Way(Patience(wait_s=5, open_s=5, most=8))
    tasks = [way.start(request(str(number))) for number in range(2)]
    await way.waiting(2)
    with pytest.raises(Unavailable):
        await way.start(request("3"))
    tasks += [way.start(request("x", Principal(f"u{number}"))) for number in range(6)]
    await way.waiting(8)
    with pytest.raises(Unavailable):
        await way.start(request("x", Principal("u9")))
    for task in tasks:
        task.cancel()


async def test_stopping_refuses_what_waits_and_what_would():
    way = Way()
    task = way.start()
    await way.waiting()
    way.holding.stop()
    with pytest.raises(ApprovalRefused, match="stopping"):
        await task
    with pytest.raises(Unavailable):
        await way.start(request("later"))
    assert way.provider.calls == 0


async def test_a_line_that_can_be_kept_alive_waits_to_the_end():
    class Line:
        told = 0

        async def kept(self, held):
            assert held.approval
            self.told += 1

    way, line = Way(Patience(wait_s=0, open_s=5, keep_alive_s=0.005)), Line()
    task = way.start(line=line)
    (name,) = await way.waiting()
    await asyncio.sleep(0.05)
    assert line.told > 2
    way.holding.approve(name, STAFF)
    await finish(task)


async def test_a_change_is_told():
    way = Way()
    seen = way.holding.version
    told = asyncio.create_task(way.holding.changed(seen, 5))
    task = way.start()
    assert await asyncio.wait_for(told, 1) > seen
    assert await way.holding.changed(way.holding.version, 0.01) == way.holding.version
    task.cancel()


ACTS = st.lists(
    st.sampled_from(["approve", "refuse", "conversation", "leave", "late", "stop", "send", "wait"]),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_whatever_happens_in_whatever_order(acts):
    """Every run of the model has an approval of its own that says so, or one of its conversation; every record is closed."""

    async def play():
        way = Way()
        tasks = [way.start(request(conversation="c1"))]
        await way.waiting()
        for act in acts:
            names = [one["id"] for one in way.holding.listed(OWNER)]
            if act == "send":
                tasks.append(way.start(request(conversation="c1")))
            elif act == "leave":
                tasks[-1].cancel()
            elif act == "stop":
                way.holding.stop()
            elif act == "wait":
                await asyncio.sleep(0)
            elif names and act == "late":
                way.holding._items[names[0]].deadline = 0.0
            elif names:
                with contextlib.suppress(SampanError):
                    said = way.holding.refuse if act == "refuse" else way.holding.approve
                    said(names[0], STAFF, *(["conversation"] if act == "conversation" else []))
        await asyncio.sleep(0)
        way.holding.stop()
        done = await asyncio.gather(*map(finish, tasks), return_exceptions=True)
        answers = [one for one in done if not isinstance(one, BaseException)]
        given = [one.decided.approval for one in answers]
        assert way.provider.calls == len(answers)
        assert all(approval.outcome == "approved" for approval in given)
        once = [approval.id for approval in given if approval.scope == "once"]
        assert len(once) == len(set(once))
        approved = {one["id"] for one in way.holding.listed(OWNER, past=True) if one["state"] == "approved"}
        assert {approval.id for approval in given} <= approved
        assert way.holding.listed(OWNER) == []
        assert len(way.records.closed) == len(way.records.opened)

    asyncio.run(play())
