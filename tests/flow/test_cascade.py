"""An answer on trial is heard by nobody before it is accepted."""

import asyncio

import msgspec
import pytest

from sampan.contract.answer import End, Frame, Started, Usage
from sampan.contract.errors import EngineUnavailable, StreamCut, UpstreamDown, UpstreamRefused
from sampan.contract.estimate import Trial
from sampan.contract.models import Price, Realm
from sampan.contract.request import Decided, Dialect, Form, Route
from sampan.contract.verdict import Verdict
from sampan.flow.run import run
from sampan.flow.stages import Limits
from tests.flow import stages as s
from tests.support import clock

DOWN = UpstreamDown("no", retryable=True)


class OnTrial(s.Decider):
    """Decides for a trial of the first route."""

    def decide(self, labelled):
        routes = tuple(Route(model, Form()) for model in self.routes)
        return Decided(labelled, routes, (), "test", "sha256:0", trial=Trial(0.6, 0.7))


class Judge:
    """Says what the test wants; remembers what it saw."""

    def __init__(self, *scores, usable=True):
        self.scores, self.usable, self.seen, self.last = list(scores), usable, [], []

    def verify(self, request, said, trial):
        self.seen.append(said)
        score = self.scores.pop(0) if len(self.scores) > 1 else self.scores[0]
        return Verdict(score, {}, {"refusal": -4.5} if score < 0.6 else {}, self.usable)

    def settled(self, request, verdict, trial):
        self.last.append(verdict.score)


def here(*script):
    return s.Scripted(s.model("here", Realm.PERSONAL), *script)


def strong(*script):
    return s.Scripted(s.model("strong"), *(script or s.good("better")))


def rigged(*providers, judge, limits=Limits(samples=1), records=None):
    decider = OnTrial(*(each.model for each in providers))
    made = s.stages(*providers, records=records or s.Records(), decider=decider)
    return made._replace(verifier=judge, limits=limits)


async def asked(stages, **more):
    answer = await run(s.request(**more), stages)
    return [frame.data["choices"][0]["delta"]["content"] async for frame in answer.frames], answer


def told(stages):
    ((_, outcome),) = stages.recorder.closed
    return outcome


async def test_an_accepted_answer_is_given_out_whole_and_the_strong_one_is_not_asked():
    one, two = here(*s.good("a", "b")), strong()
    stages = rigged(one, two, judge=(judge := Judge(0.9)))
    texts, answer = await asked(stages)
    assert (texts, answer.route.model.name, two.calls) == (["a", "b"], "here", 0)
    outcome = told(stages)
    assert (outcome.end, outcome.answered.name, outcome.crossings) == ("complete", "here", ())
    tried = outcome.trial
    assert (tried.model, tried.verdict, tried.score, tried.tokens) == ("here", "accepted", 0.9, {"in": 3, "out": 2})
    assert judge.seen[0].text == "ab"


async def test_what_comes_at_once_may_be_sent_together():
    stages = rigged(here(*s.good("a", "b", "c")), strong(), judge=Judge(0.9))
    answer = await run(s.request(), stages)
    assert [frame.more async for frame in answer.frames] == [True, True, False]


async def test_an_answer_that_is_not_accepted_is_never_heard_and_both_are_paid():
    one = here(*s.good("bad"))
    one.model = msgspec.structs.replace(one.model, price=Price(1.0, 1.0))
    two = strong()
    stages = rigged(one, two, judge=Judge(0.3))
    texts, answer = await asked(stages)
    assert (texts, answer.route.model.name) == (["better"], "strong")
    outcome = told(stages)
    assert [(each.model.name, each.usage) for each in outcome.spent] == [("here", Usage(3, 2)), ("strong", Usage(3, 2))]
    assert [each.model for each in outcome.crossings] == ["strong"]
    assert (outcome.trial.verdict, outcome.trial.checks) == ("escalated", {"refusal": -4.5})


@pytest.mark.parametrize("score,verdict", [(0.6, "accepted"), (0.5999, "escalated")])
async def test_the_threshold_belongs_to_the_accepted(score, verdict):
    stages = rigged(here(*s.good("a")), strong(), judge=Judge(score))
    await asked(stages)
    assert told(stages).trial.verdict == verdict


@pytest.mark.parametrize(
    "script,code",
    [
        ([EngineUnavailable("loading")], "engine_unavailable"),
        ([Started(), DOWN], "upstream_down"),
        ([UpstreamRefused("it cannot", status=400)], "upstream_refused"),
        ([Started(), s.text("a"), StreamCut("cut")], "stream_cut"),
        ([Started(), s.text("a")], "stream_cut"),
        ([Started(), End()], "stream_cut"),
        ([Started(), s.text("a"), lambda: asyncio.sleep(30)], "trial_too_slow"),
        ([lambda: asyncio.sleep(30)], "trial_too_slow"),
        ([Started(), *[s.text("x" * 100)] * 30, End()], "trial_too_long"),
    ],
)
async def test_a_trial_without_a_whole_answer_is_escalated(script, code):
    judge, one, two = Judge(0.9), here(*script), strong()
    stages = rigged(one, two, judge=judge, limits=Limits(trial_s=0.05, trial_bytes=2000))
    texts, _ = await asked(stages)
    tried = told(stages).trial
    assert (texts, tried.verdict, tried.error, tried.score) == (["better"], "escalated", code, None)
    assert (judge.seen, one.closed) == ([], 1)


async def test_the_tokens_of_a_trial_that_was_stopped_are_counted_roughly():
    stages = rigged(
        here(Started(), s.text("a"), lambda: asyncio.sleep(30)), strong(), judge=Judge(1), limits=Limits(0.05)
    )
    await asked(stages)
    first, _ = told(stages).spent
    assert (first.usage.estimated, first.usage.output, first.usage.input > 0) == (True, 1, True)


@pytest.mark.parametrize("failures", [[DOWN], [UpstreamRefused("no", status=400)]])
async def test_when_nobody_else_answers_the_trial_has_to_do(failures):
    stages = rigged(here(*s.good("so", "so")), strong(*failures), judge=Judge(0.3))
    texts, answer = await asked(stages)
    assert (texts, answer.route.model.name) == (["so", "so"], "here")
    outcome = told(stages)
    assert (outcome.trial.verdict, outcome.end, outcome.answered.name) == ("kept", "complete", "here")
    assert [each.error for each in outcome.crossings] == [failures[0].code]


async def test_what_cannot_be_used_is_not_given_out_even_then():
    stages = rigged(here(*s.good("so")), strong(DOWN), judge=Judge(0.9, usable=False))
    with pytest.raises(UpstreamDown):
        await asked(stages)
    assert told(stages).trial.verdict == "escalated"


async def test_without_anybody_to_escalate_to_there_is_no_trial():
    stages = rigged(here(*s.good("a")), judge=(judge := Judge(0.0)))
    texts, _ = await asked(stages)
    assert (texts, judge.seen, told(stages).trial) == (["a"], [], None)


async def test_counting_tokens_is_never_on_trial():
    one = here(Started(), Frame({"input_tokens": 5}), End())
    stages = rigged(one, strong(), judge=(judge := Judge(0.0)))
    answer = await run(s.request(stream=False, dialect=Dialect.COUNT_TOKENS), stages)
    assert len([frame async for frame in answer.frames]) == 1
    assert judge.seen == []


async def test_a_caller_who_leaves_during_the_trial_stops_the_model():
    one, two = here(Started(), s.text("a"), lambda: asyncio.sleep(30)), strong()
    stages = rigged(one, two, judge=Judge(0.9))
    task = asyncio.create_task(run(s.request(), stages))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (told(stages).end, one.closed, two.calls) == ("client_left", 1, 0)


@pytest.mark.parametrize("taken", [0, 1])
async def test_a_caller_who_leaves_later_leaves_a_closed_record(taken):
    stages = rigged(here(*s.good("a", "b")), strong(), judge=Judge(0.9))
    answer = await run(s.request(), stages)
    for _ in range(taken):
        await anext(answer.frames)
    await answer.frames.aclose()
    assert told(stages).end == "client_left"


async def test_a_defect_is_no_reason_to_send_it_elsewhere():
    two = strong()
    stages = rigged(here(Started(), ValueError("boom")), two, judge=Judge(0.9))
    with pytest.raises(ValueError, match="boom"):
        await asked(stages)
    assert (two.calls, told(stages).error) == (0, "internal_error")


async def test_values_are_back_before_it_is_verified_and_only_a_given_answer_is_kept():
    judge = Judge(0.3)
    stages = rigged(here(*s.good("[PERSON_1]")), strong(), judge=judge)
    kept = []

    class Protector:
        def clear(self, decided, route):
            cleared, restorer = s.Protector().clear(decided, route)
            restorer.frame = lambda frame: [
                s.text(frame.data["choices"][0]["delta"]["content"].replace("[PERSON_1]", "Chan"))
            ]
            return cleared, restorer

    class Gatherer(type(stages.gatherer)):
        def keep(self, request, reply):
            kept.append(reply)
            return reply

    await asked(stages._replace(protector=Protector(), gatherer=Gatherer(s.Kept())))
    assert judge.seen[0].text == "Chan"
    assert [frame.data["choices"][0]["delta"]["content"] for frame in kept] == ["better"]


async def test_a_trial_that_is_not_worth_more_waiting_is_cut_short():
    async def forever():
        await asyncio.sleep(3600)

    class Hasty(OnTrial):
        def decide(self, labelled):
            return msgspec.structs.replace(super().decide(labelled), trial=Trial(0.6, 0.7, worth_s=0.02))

    one, two = here(Started(), forever), strong()
    stages = rigged(one, two, judge=Judge(0.9))
    texts, _ = await asked(stages._replace(decider=Hasty(one.model, two.model)))
    assert (texts, told(stages).trial.error) == (["better"], "trial_too_slow")


class Twice(s.Scripted):
    """Answers its two scripts in turn."""

    async def run(self, cleared):
        self.script = [s.good("7"), s.good("9")][self.calls]
        async for event in super().run(cleared):
            yield event


@pytest.mark.parametrize("body,asked_times", [({}, 2), ({"temperature": 0}, 1), ({"seed": 1}, 1)])
async def test_a_second_sample_where_it_may_differ_and_could_turn_it(body, asked_times):
    one = Twice(s.model("here", Realm.PERSONAL))
    stages = rigged(one, strong(), judge=(judge := Judge(0.5, 0.2)), limits=Limits(samples=2))
    texts, _ = await asked(stages, body={"messages": [{"role": "user", "content": "hi"}], **body})
    assert (texts, one.calls) == (["better"], asked_times)
    assert judge.seen[-1].again == ("9" if asked_times == 2 else "")
    assert judge.last == [0.2 if asked_times == 2 else 0.5]
    assert told(stages).trial.tokens == {"in": 3 * asked_times, "out": 2 * asked_times}


async def test_no_second_sample_of_somebody_elses_model_or_far_from_the_line():
    for model, score in ((s.model("cheap"), 0.5), (s.model("here", Realm.PERSONAL), 0.1)):
        one = Twice(model)
        await asked(rigged(one, strong(), judge=Judge(score), limits=Limits(samples=2)))
        assert one.calls == 1


async def test_how_sure_it_was_reaches_the_verifier():
    one = here(Started(), s.text("a"), End(Usage(1, 1), logprobs=(-0.5, -0.1)))
    stages = rigged(one, strong(), judge=(judge := Judge(0.9)))
    await asked(stages)
    assert judge.seen[0].logprobs == (-0.5, -0.1)


clock.skip_waits(globals())
