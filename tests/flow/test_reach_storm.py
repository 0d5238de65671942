"""A storm: models that fail in every way, ten thousand times. Nothing ever reaches a pair that the decision does not name."""

import asyncio
import random

import orjson

from sampan.contract.answer import End, Frame, Started, Usage
from sampan.contract.errors import (
    ContextTooLong,
    EngineUnavailable,
    SampanError,
    StreamCut,
    UpstreamDown,
    UpstreamRefused,
    UpstreamTimeout,
)
from sampan.contract.estimate import Trial
from sampan.contract.ids import new_id
from sampan.contract.labels import Finding, Kind, Labels, Passage, Piece, Sensitivity
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Decided, Dialect, Form, Labelled, Principal, Request, Route
from sampan.flow.gather import Turns
from sampan.flow.holding import Holding
from sampan.flow.run import now, run
from sampan.flow.stages import Limits, Stages
from sampan.protect import MaskingProtector
from sampan.providers.wrap.retry import Retry
from tests.flow import stages as s
from tests.support import clock

RUNS = 10_000
AT_ONCE = 100
VALUE = "A123456(3)"
TEXT = f"My HKID is {VALUE}."
PIECE = Piece(("messages", 0, "content"), 0, len(TEXT))
PASSAGE = Passage(TEXT, (PIECE,), (Finding(11, 11 + len(VALUE), Kind.HKID, 1.0, VALUE),))
LABELS = Labels({Kind.HKID: 1}, Sensitivity.RESTRICTED, {"patterns": "1"})
MASKED, CLEAR = Form(frozenset({Kind.HKID})), Form()
MODELS = [
    Model(
        name=f"{realm.value}-{number}",
        realm=realm,
        wire=(Wire.LOCAL if realm is Realm.PERSONAL else Wire.FAKE,),
        retries=number,
    )
    for realm in Realm
    for number in range(3)
]
BEHAVIOURS = (
    "good",
    "529",
    "500",
    "400",
    "cut-first",
    "cut-later",
    "timeout",
    "hang",
    "slow",
    "loading",
    "too-long",
    "empty",
)


class Stormy:
    """One model that behaves at random; every body that reaches it is written down, with the request it came from."""

    def __init__(self, model, seen, luck):
        self.model, self._seen, self._luck = model, seen, luck

    async def run(self, cleared):
        behaviour = self._luck.choice(BEHAVIOURS)
        if behaviour == "loading":
            raise EngineUnavailable("loading")
        body = orjson.dumps(cleared.body)
        cleared.sent.append(body)
        self._seen.append((cleared.id, self.model.name, cleared.form.name, body))
        await self._before(behaviour)
        yield Started()
        for number in range(0 if behaviour == "empty" else 3):
            if behaviour == "cut-later" and number:
                raise StreamCut("cut")
            if number:
                await asyncio.sleep(0)
            yield self._frame(
                cleared,
                "a" if self._luck.random() < 0.8 else "I'm sorry, but I can't help with that. ",
                last=number == 2,
            )
        yield End(Usage(1, 1))

    async def _before(self, behaviour):
        failures = {
            "529": UpstreamDown("busy", status=529, retryable=True),
            "500": UpstreamDown("broken", status=500, retryable=True),
            "400": UpstreamRefused("no", status=400),
            "cut-first": StreamCut("cut", retryable=True),
            "timeout": UpstreamTimeout("late", retryable=True),
            "too-long": ContextTooLong("too long"),
        }
        waits = {"hang": 60.0, "slow": 0.03, "timeout": 0.01}
        await asyncio.sleep(waits.get(behaviour, 0))
        if behaviour in failures:
            raise failures[behaviour]

    def _frame(self, cleared, text, *, last):
        finish = "stop" if last else None
        if cleared.stream:
            return Frame({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]})
        return Frame({"choices": [{"index": 0, "message": {"content": text}, "finish_reason": "stop"}]})

    async def health(self):
        return "ready"

    async def aclose(self):
        pass


class Weather:
    """Labels and decides at random: some models, in some form, some on trial, some hedged."""

    def __init__(self, luck):
        self._luck, self.allowed = luck, {}

    def is_slow(self, request):
        return False

    def label(self, request):
        return Labelled(request, (PASSAGE,), LABELS)

    def decide(self, labelled):
        luck = self._luck
        models = luck.sample(MODELS, luck.randint(1, 4))
        routes = tuple(
            Route(model, MASKED if model.realm is Realm.PUBLIC or luck.random() < 0.5 else CLEAR) for model in models
        )
        self.allowed[labelled.request.id] = {(route.model.name, route.form.name) for route in routes}
        trial = Trial(luck.choice([0.3, 0.6, 0.95]), luck.random()) if luck.random() < 0.5 else None
        hedge = 0.004 if luck.random() < 0.5 else 0.0
        return Decided(labelled, routes, (), "storm", "sha256:0", trial=trial, hedge_after_s=hedge)


async def no_wait(_seconds):
    await asyncio.sleep(0)


def rig(luck, protector=None):
    seen, records, weather = [], s.Records(), Weather(luck)
    providers = {model.name: Retry(Stormy(model, seen, luck), sleep=no_wait) for model in MODELS}
    protector = protector or MaskingProtector(None)
    stages = Stages(
        Turns(s.Kept()), weather, weather, protector, providers, records, Holding(), limits=Limits(trial_s=0.02)
    )
    return stages, seen, records, weather


async def one(stages, luck):
    """One request, some of whose callers leave early; what hangs is left by everybody."""
    body = {"model": "auto", "messages": [{"role": "user", "content": TEXT}]}
    request = Request(new_id("rcp"), Dialect.CHAT, body, Principal("u"), "auto", luck.random() < 0.7, now())
    try:
        async with asyncio.timeout(0.005 if luck.random() < 0.1 else 0.15):
            answer = await run(request, stages)
            try:
                _ = [frame async for frame in answer.frames]
            finally:
                await answer.frames.aclose()
    except (SampanError, TimeoutError):
        pass


async def storm(stages, luck, runs):
    for _ in range(runs // AT_ONCE):
        await asyncio.gather(*(one(stages, luck) for _ in range(AT_ONCE)))


def astray(seen, allowed):
    """Every body that reached a pair outside its decision, or carries the value where it had to be masked."""
    return [
        (name, form)
        for request_id, name, form, body in seen
        if (name, form) not in allowed[request_id] or (form == "masked" and VALUE.encode() in body)
    ]


def test_a_storm_never_leaves_the_decision():
    luck = random.Random(529)
    stages, seen, records, weather = rig(luck)
    clock.run(storm(stages, luck, RUNS))
    assert astray(seen, weather.allowed) == []
    assert len(records.closed) == len(set(records.opened)) == RUNS
    outcomes = [outcome for _, outcome in records.closed]
    assert len(seen) > RUNS
    # every way out was taken, so that the storm cannot pass by doing nothing
    ends, verdicts = (
        {outcome.end for outcome in outcomes},
        {outcome.trial.verdict for outcome in outcomes if outcome.trial},
    )
    assert ends == {"complete", "error", "client_left"}
    assert verdicts == {"accepted", "escalated", "kept"}
    errors = {crossing.error for outcome in outcomes for crossing in outcome.crossings}
    assert {"", "overtaken", "upstream_down", "upstream_refused", "stream_cut", "trial_too_slow"} <= errors
    assert max(len(outcome.spent) for outcome in outcomes) >= 4


def test_the_storm_sees_a_pair_that_was_not_allowed():
    """Where the way back is broken on purpose, the same run says so."""
    luck = random.Random(1)

    class Careless(MaskingProtector):
        def clear(self, decided, route):
            elsewhere = tuple(Route(model, CLEAR) for model in MODELS)
            return super().clear(type(decided)(decided.labelled, elsewhere, (), "", ""), Route(route.model, CLEAR))

    stages, seen, _, weather = rig(luck, Careless(None))
    clock.run(storm(stages, luck, 100))
    assert astray(seen, weather.allowed)
