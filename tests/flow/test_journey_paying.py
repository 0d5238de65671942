"""What requests take from budgets on their way: set aside before anything leaves, settled at the end, whatever happened."""

import asyncio
import contextlib

import msgspec
import pytest

from sampan.contract.answer import End, Started, Usage
from sampan.contract.budget import Budget, Every
from sampan.contract.errors import OverBudget, StorageFull, UpstreamDown
from sampan.contract.models import Price, Realm
from sampan.contract.request import Decided, Dialect, Form, Route
from sampan.decide.budgets import Ledger
from sampan.flow.run import run
from tests.flow import stages as s

PAID = msgspec.structs.replace(s.model("paid"), price=Price(1000.0, 1000.0))
OTHER = msgspec.structs.replace(s.model("other"), price=Price(1000.0, 1000.0))


def ledger(**limits):
    made = Ledger()
    made.put((Budget("b", Every.MONTH, **limits),))
    return made


class Decider:
    """Expects 100 tokens of a prompt and 100 of an answer."""

    def __init__(self, *models):
        self.models = models

    def decide(self, labelled):
        routes = tuple(Route(model, Form()) for model in self.models)
        return Decided(labelled, routes, (), "test", "sha256:0", expected=(100, 100))


def way(budgets, *providers, records=None):
    decider = Decider(*(provider.model for provider in providers))
    return s.stages(*providers, records=records or s.Records(), decider=decider, budgets=budgets)


def left(budgets, name="tokens"):
    return budgets.listed()[0]["counts"][0]["left"][name]


async def finish(stages, request=None):
    answer = await run(request or s.request(), stages)
    return [frame async for frame in answer.frames]


async def test_set_aside_on_the_disk_before_it_leaves_and_settled_by_what_was_used():
    budgets, records = ledger(tokens=1000), s.Records()
    seen = []

    async def look():
        seen.append((left(budgets), [charge.tokens for charge in records.reserved[-1]]))

    provider = s.Scripted(PAID, look, *s.good("a"))
    await finish(way(budgets, provider, records=records))
    assert seen == [(800, [200])]
    assert left(budgets) == 995
    (charge,) = records.closed[0][1].charges
    assert (charge.tokens, charge.requests, charge.nano) == (5, 1, 5_000_000)


async def test_what_failed_is_given_back_before_the_next_is_asked():
    budgets = ledger(tokens=300)
    failing = s.Scripted(PAID, UpstreamDown("x", retryable=True))
    assert len(await finish(way(budgets, failing, s.Scripted(OTHER, *s.good("a"))))) == 1
    assert left(budgets) == 295


async def test_what_nobody_can_pay_any_more_is_passed_over():
    budgets, records = ledger(tokens=300), s.Records()
    paid, free = s.Scripted(PAID, *s.good("a")), s.Scripted(s.model("free", Realm.PERSONAL), *s.good("a"))
    budgets.reserve(s.request().principal, PAID, Usage(200, 0))
    await finish(way(budgets, paid, free, records=records))
    assert (paid.calls, free.calls) == (0, 1)
    with pytest.raises(OverBudget):
        await finish(way(budgets, paid, records=records))
    assert (records.closed[-1][1].end, records.closed[-1][1].error) == ("refused", "over_budget")
    assert left(budgets) == 100


async def test_a_caller_who_leaves_gives_back_what_was_not_used():
    for when, used in (("before", 0), ("in the middle", 1)):
        budgets, waits = ledger(tokens=1000, requests=9), asyncio.Event()
        script = [waits.wait] if when == "before" else [Started(), s.text("a"), waits.wait]
        stages = way(budgets, s.Scripted(PAID, *script, *s.good("b")))
        task = asyncio.create_task(finish(stages))
        await asyncio.sleep(0.01)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        count = budgets.listed()[0]["counts"][0]
        assert (count["held"]["tokens"], count["used"]["requests"]) == (0, 1), when
        assert (count["used"]["tokens"] > 0) == bool(used), when


async def test_without_room_for_the_record_nothing_is_sent_and_nothing_stays_set_aside():
    budgets, records = ledger(tokens=1000), s.Records()
    provider = s.Scripted(PAID, *s.good("a"))
    stages = way(budgets, provider, records=records)
    request, opened = s.request(), records.open

    def then_full(asked):
        made = opened(asked)
        records.full = True
        return made

    records.open = then_full
    with pytest.raises(StorageFull):
        await finish(stages, request)
    assert (provider.calls, left(budgets)) == (0, 1000)


async def test_counting_tokens_costs_nothing():
    budgets = ledger(requests=0)
    body = {"model": "paid", "messages": [{"role": "user", "content": "hi"}]}
    request = s.request(stream=False, dialect=Dialect.COUNT_TOKENS, body=body)
    records = s.Records()
    await finish(way(budgets, s.Scripted(PAID, Started(), s.text("x"), End()), records=records), request)
    ((_, outcome),) = records.closed
    assert (outcome.end, outcome.charges, records.reserved) == ("complete", (), [])


async def test_many_at_once():
    budgets = ledger(requests=10)
    stages = way(budgets, s.Scripted(PAID, *s.good("a")))
    done = await asyncio.gather(*(finish(stages) for _ in range(30)), return_exceptions=True)
    assert sum(isinstance(one, OverBudget) for one in done) == 20
    assert left(budgets, "requests") == 0
