"""A shadow is a request of its own, behind an answer that was given out, and never in its way."""

import asyncio

import pytest

from sampan.contract.errors import OverBudget, UpstreamDown
from sampan.contract.request import Decided, Form, Route
from sampan.flow.run import run
from sampan.flow.shadow import APP, Shadows
from tests.flow import stages as s
from tests.support import clock


class Shadowed(s.Decider):
    """Decides for a shadow by the second route."""

    def decide(self, labelled):
        routes = tuple(Route(model, Form()) for model in self.routes)
        return Decided(labelled, routes, (), "test", "sha256:0", shadow=routes[1])


class Judge:
    def __init__(self):
        self.seen = []

    def compared(self, request, model, said, trial):
        self.seen.append((model.name, said.text, said.again))
        return 0.7


def rigged(first, second, records=None, budgets=None):
    judge = Judge()
    decider = Shadowed(first.model, second.model)
    made = s.stages(first, second, records=records or s.Records(), decider=decider, budgets=budgets)
    shadows = Shadows(judge, lambda: 0.0)
    return made._replace(shadows=shadows), shadows, judge


def one(*script):
    return s.Scripted(s.model("one"), *(script or s.good("a", "b")))


def two(*script):
    return s.Scripted(s.model("two"), *(script or s.good("c")))


async def asked(stages):
    answer = await run(s.request(), stages)
    return [frame.data["choices"][0]["delta"]["content"] async for frame in answer.frames]


async def test_both_have_a_record_and_each_is_judged_beside_the_other():
    first, second = one(), two()
    stages, shadows, judge = rigged(first, second)
    assert await asked(stages) == ["a", "b"]
    assert second.calls == 0, "the answer is out before the shadow sets out"
    await shadows.settled()
    assert judge.seen == [("one", "ab", "c"), ("two", "c", "ab")]
    (mine, given), (other, shadow) = stages.recorder.closed
    assert stages.recorder.opened == [mine, other]
    assert (given.end, given.answered.name, given.shadow) == ("complete", "one", None)
    assert (shadow.end, shadow.shadow.of, shadow.shadow.given_by) == ("complete", mine, "one")
    assert (shadow.shadow.given, shadow.shadow.here) == (0.7, 0.7)
    assert [crossing.model for crossing in shadow.crossings] == ["two"]


async def test_without_a_shadow_in_the_decision_nobody_is_asked_twice():
    first, second = one(), two()
    stages, shadows, _ = rigged(first, second)
    await asked(stages._replace(decider=s.Decider(first.model, second.model)))
    await shadows.settled()
    assert (first.calls, second.calls, len(stages.recorder.opened)) == (1, 0, 1)


async def test_where_the_second_one_answered_there_is_nothing_to_compare():
    first, second = one(UpstreamDown("no", retryable=True)), two()
    stages, shadows, _ = rigged(first, second)
    assert await asked(stages) == ["c"]
    await shadows.settled()
    assert (second.calls, len(stages.recorder.opened)) == (1, 1)


async def test_a_caller_who_leaves_has_no_shadow():
    stages, shadows, _ = rigged(one(), second := two())
    answer = await run(s.request(), stages)
    await anext(answer.frames)
    await answer.frames.aclose()
    await shadows.settled()
    assert second.calls == 0
    assert [outcome.end for _, outcome in stages.recorder.closed] == ["client_left"]


async def forever():
    await asyncio.sleep(3600)


async def test_one_at_a_time_and_none_after_a_stop():
    second = two(forever)
    stages, shadows, judge = rigged(one(), second)
    for _ in range(5):
        await asked(stages)
        await asyncio.sleep(0)
    assert second.calls == 1
    shadows.stop()
    await shadows.settled()
    assert [outcome.end for _, outcome in stages.recorder.closed].count("stopped") == 1
    assert len(stages.recorder.closed) == len(stages.recorder.opened) == 6
    await asked(stages)
    assert (second.calls, second.closed, judge.seen) == (1, 1, [])


async def test_one_that_takes_too_long_is_ended():
    stages, shadows, judge = rigged(one(), second := two(forever))
    stages.limits.trial_s, before = 0.01, stages.limits.trial_s
    try:
        await asked(stages)
        await shadows.settled()
    finally:
        stages.limits.trial_s = before
    assert [outcome.error for _, outcome in stages.recorder.closed] == ["", "shadow_too_slow"]
    assert (second.closed, judge.seen) == (1, [])


@pytest.mark.parametrize("failure", [UpstreamDown("no"), RuntimeError("a defect")])
async def test_whatever_goes_wrong_its_record_is_closed(failure):
    stages, shadows, judge = rigged(one(), two(failure))
    assert await asked(stages) == ["a", "b"]
    await shadows.settled()
    assert [outcome.end for _, outcome in stages.recorder.closed] == ["complete", "error"]
    assert judge.seen == []
    assert await asked(stages) == ["a", "b"], "the next one is not hindered"


class Spent:
    """No room for the application of shadows."""

    def __bool__(self):
        return True

    def reserve(self, principal, model, expected):
        if principal.app == APP:
            raise OverBudget("spent")
        return ()

    def used(self, reserved, paid, *, left):
        return ()

    def settle(self, reserved, charges):
        pass


async def test_a_budget_that_has_no_room_refuses_it():
    stages, shadows, _ = rigged(one(), second := two(), budgets=Spent())
    assert await asked(stages) == ["a", "b"]
    await shadows.settled()
    assert [outcome.end for _, outcome in stages.recorder.closed] == ["complete", "refused"]
    assert second.calls == 0


async def test_a_full_disk_costs_the_shadow_not_the_answer():
    records = s.Records()
    stages, shadows, _ = rigged(one(), second := two(), records=records)
    answer = await run(s.request(), stages)
    records.full = True
    assert len([frame async for frame in answer.frames]) == 2
    await shadows.settled()
    assert second.calls == 0


clock.skip_waits(globals())
