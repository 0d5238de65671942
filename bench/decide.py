"""Microseconds per decision: warm (the plan is remembered), new content, one uncached question to Cedar, and with the router.

The router reads each prompt and looks at each allowed model: `auto` among three and among twenty, English and Cantonese, prompts varied.
`p50` and `p95` are of single calls; the rest are medians of batches. CPU time of one thread, so that a busy machine changes little.

Run: python bench/decide.py [seconds per measurement]
"""

import json
import statistics
import sys
import time

from sampan.contract.labels import Finding, Kind, Labels, Passage, Piece, sensitivity_of
from sampan.contract.models import Model, Price, Realm, Site, Wire
from sampan.contract.request import Dialect, Labelled, Principal, Request
from sampan.decide.decider import Options, PolicyDecider
from sampan.decide.learning import Learner
from sampan.decide.pace import Paces
from sampan.decide.packs import default_folders
from sampan.decide.question import Asker, Question, Travelling
from sampan.decide.router import Router
from sampan.decide.rulebook import Rulebook
from sampan.decide.vocabulary import Action

MODELS = (
    Model("local", Realm.PERSONAL, (Wire.LOCAL,), site=Site.DEVICE, context=4096),
    Model("campus", Realm.ENTERPRISE, (Wire.OPENAI,), site=Site.EDGE, context=32768),
    Model("cloud", Realm.PUBLIC, (Wire.OPENAI,), jurisdiction="US", context=128000, price=Price(2.5, 10.0)),
)
TEXT = ("Please answer this customer politely and say that the booking is cancelled. " * 14)[:1024]
CANTONESE = ("幫我用英文覆呢個客，話佢知booking已經取消咗，唔該寫得有禮貌啲。 " * 14)[:340]
QUESTIONS = (
    "Write a Python function that merges two sorted lists without sorting again.",
    "A shop sells 3 pens for 10 dollars. How many pens can Mei buy with 70 dollars, and how much is left?",
    "Summarise the following minutes in three sentences for somebody who was not there.",
)


def labelled(kinds: tuple[Kind, ...], user: str = "bench", asked: str = "auto:best", text: str = TEXT) -> Labelled:
    body = {"model": asked, "messages": [{"role": "user", "content": text}]}
    request = Request(
        "rcp_0",
        Dialect.CHAT,
        body,
        Principal(user, "bench"),
        asked,
        stream=False,
        received=0.0,
        text_size=len(text.encode()) + 80,
    )
    findings = tuple(Finding(i * 8, i * 8 + 4, kind, 1.0, TEXT[i * 8 : i * 8 + 4]) for i, kind in enumerate(kinds))
    passage = Passage(TEXT, (Piece(("messages", 0, "content"), 0, len(TEXT)),), findings)
    labels = Labels(dict.fromkeys(kinds, 1), sensitivity_of(frozenset(kinds)), {"patterns": "1"})
    return Labelled(request, (passage,), labels)


def per_call(call, seconds: float) -> float:
    """Median of batches, in microseconds."""
    batches, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(200):
            call()
        batches.append((time.perf_counter() - start) / 200 * 1e6)
    return statistics.median(batches)


def singly(calls, seconds: float) -> dict[str, float]:
    """p50 and p95 of single calls, in microseconds of CPU time."""
    taken, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        for call in calls:
            start = time.thread_time_ns()
            call()
            taken.append((time.thread_time_ns() - start) / 1000)
    cuts = statistics.quantiles(taken, n=20)
    return {"p50": round(cuts[9], 1), "p95": round(cuts[18], 1)}


def routed(book: Rulebook, models: tuple[Model, ...], seconds: float) -> dict[str, dict[str, float]]:
    """The whole decision with a cached plan: reading the prompt, estimates of each model, choosing."""
    paces = Paces()
    learner = Learner(Nothing(), paces, lambda: models)
    router = Router(learner, paces.of, memory=learner)
    decider = PolicyDecider(book.current, lambda: models, options=Options(router=router))
    found = {}
    for name, texts in (
        ("english_1_kb", [f"{q} {TEXT}"[:1024] for q in QUESTIONS]),
        ("short", QUESTIONS),
        ("cantonese_1_kb", [CANTONESE]),
    ):
        asked = [labelled((), asked="auto", text=text) for text in texts]
        for each in asked:  # taught, so that every level of the counters is there, and heads
            look = learner.look(each.passages[0].text, "en")
            for number, model in enumerate(models * 10):
                learner.learn(model, look, float(number % 3 > 0), 1.0)
        found[name] = singly([lambda each=each: decider.decide(each) for each in asked], seconds)
    return found


class Nothing:
    """A store that keeps nothing."""

    def part(self, name):
        return b""


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    book = Rulebook(default_folders())
    decider = PolicyDecider(book.current, lambda: MODELS)
    twenty = MODELS + tuple(
        Model(f"m{n}-7b", Realm.PUBLIC, (Wire.OPENAI,), context=32000, price=Price(n * 0.1, n * 0.4)) for n in range(17)
    )
    three = labelled((Kind.PERSON, Kind.HKID, Kind.PHONE))
    count = iter(range(10**9))
    asker, kinds = Asker("bench"), frozenset({Kind.HKID})

    def new_user():
        decider.decide(labelled((Kind.PERSON, Kind.HKID, Kind.PHONE), f"u{next(count)}"))

    def ask():
        asked = Travelling(clear=kinds, complete=True, unread=False, asked=str(next(count)))
        book.current().ask(Question(Action.INFER, asker, MODELS[2], asked))

    print(json.dumps({
        "decision_warm_us": round(per_call(lambda: decider.decide(three), seconds), 1),
        "decision_new_principal_3_models_3_kinds_us": round(per_call(new_user, seconds), 1),
        "cedar_question_uncached_us": round(per_call(ask, seconds), 1),
        "policy_alone_cached_us": singly([lambda: decider.decide(three)], seconds),
        "with_router_3_models_us": routed(book, MODELS, seconds),
        "with_router_20_models_us": routed(book, twenty, seconds),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
