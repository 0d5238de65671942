import asyncio

import pytest

from sampan.contract.errors import BadRequest
from sampan.contract.request import Principal
from sampan.contract.verdict import Said
from sampan.decide.needs import Size
from sampan.decide.route import Wish
from sampan.decide.routing import Routing
from sampan.settings import Route
from tests.decide.builders import CLOUD, LOCAL, make
from tests.decide.learned import MODELS, Kept, receipt, receipts
from tests.decide.outlooks import candidate

BOTH = [candidate(LOCAL), candidate(CLOUD)]


def routing(store=None):
    return Routing(store or Kept(), lambda: MODELS, receipts(receipt()), lambda name: 2 if name == "local" else 0)


def test_settings_are_in_force_from_the_next_router_on():
    one = routing()
    router = one.router(Route(epsilon=1.0, hedge=0.5))
    choice = router.choose(make(), BOTH, Wish.AUTO, Size(10, 5, 100))
    assert choice.routes[0].model is LOCAL
    assert choice.why.startswith("cheapest within 1.00 of the best")
    assert one.shown()["settings"] == {
        "epsilon": 1.0, "second_usd": 0.0001, "home_usd": 0.005, "trial": True, "hedge": 0.5, "learn": True,
    }  # fmt: skip
    strict = one.router(Route(epsilon=0.0, trial=False)).choose(make(), BOTH, Wish.AUTO, Size(10, 5, 100))
    assert strict.routes[0].model is CLOUD


def test_what_is_measured_reaches_the_choice():
    one = routing()
    router = one.router(Route())
    for _ in range(30):
        one.watch.first("cloud", 3.0)
        one.watch.first("local", 0.1)
    assert one.first_s("local") == 0.1
    assert router.choose(make(), BOTH, Wish.FAST, Size(10, 5, 100)).routes[0].model is LOCAL


def on_trial(one, settings):
    """Decide a request so that the personal model is on trial, and let the verifier look at its answer."""
    asked = make("write code")
    choice = one.router(settings).choose(asked, BOTH, Wish.AUTO, Size(10, 5, 100))
    assert choice.trial is not None
    verdict = one.verify(asked.request, Said("```python\nx = 1\n```", finish="stop"), choice.trial)
    assert one.exported()["trials"] == {}, "the last word is not said yet"
    one.settled(asked.request, verdict, choice.trial)
    one.settled(asked.request, verdict, choice.trial)
    return verdict


def test_what_the_verifier_says_is_learned():
    one = routing()
    assert 0 < on_trial(one, Route(second_usd=0.0)).score < 1
    assert one.exported()["trials"]["local"]["hoped"] > 0


def test_learning_can_be_off():
    one = routing()
    on_trial(one, Route(learn=False, second_usd=0.0))
    with pytest.raises(BadRequest, match="off"):
        one.said(Principal("ann"), "rcp_1", "up", None)
    assert one.exported()["trials"] == {}
    assert one.health()["drift"]["outcomes"] == 0
    one.router(Route())
    assert one.said(Principal("ann"), "rcp_1", "up", None)["labels"] == 1
    assert one.health()["drift"]["outcomes"] == 1
    assert one.health()["notice"] == ""


def test_it_settles_exports_and_resets():
    store = Kept()
    one = routing(store)
    one.said(None, "rcp_1", "up", None)
    one.settle()
    assert set(store.parts) == {"estimates", "outcomes", "trials", "paces"}
    assert set(one.exported()) == {"estimates", "outcomes", "trials", "paces"}
    one.reset()
    assert store.parts == {}


async def test_it_settles_by_itself_and_a_full_disk_is_tried_again(monkeypatch):
    monkeypatch.setattr("sampan.decide.routing.SETTLE_S", 0.01)
    store = Kept()
    store.full = True
    task = asyncio.get_running_loop().create_task(routing(store).settling())
    await asyncio.sleep(0.05)
    assert store.parts == {}
    store.full = False
    while not store.parts:
        await asyncio.sleep(0.01)
    task.cancel()
