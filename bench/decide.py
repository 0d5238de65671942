"""Microseconds per decision: warm (the plan is remembered), new content, and one uncached question to Cedar.

Run: python bench/decide.py [seconds per measurement]
"""

import json
import statistics
import sys
import time

from sampan.contract.labels import Finding, Kind, Labels, Passage, Piece, Sensitivity
from sampan.contract.models import Model, Price, Realm, Site, Wire
from sampan.contract.request import Dialect, Labelled, Principal, Request
from sampan.decide.decider import PolicyDecider
from sampan.decide.packs import default_folders
from sampan.decide.question import Asker, Question, Travelling
from sampan.decide.rulebook import Rulebook
from sampan.decide.vocabulary import Action

MODELS = (
    Model("local", Realm.PERSONAL, (Wire.LOCAL,), site=Site.DEVICE, context=4096),
    Model("campus", Realm.ENTERPRISE, (Wire.OPENAI,), site=Site.EDGE, context=32768),
    Model("cloud", Realm.PUBLIC, (Wire.OPENAI,), jurisdiction="US", context=128000, price=Price(2.5, 10.0)),
)
TEXT = ("Please answer this customer politely and say that the booking is cancelled. " * 14)[:1024]


def labelled(kinds: tuple[Kind, ...], user: str = "bench", asked: str = "auto:best") -> Labelled:
    body = {"model": asked, "messages": [{"role": "user", "content": TEXT}]}
    request = Request("rcp_0", Dialect.CHAT, body, Principal(user, "bench"), asked, stream=False, received=0.0)
    findings = tuple(Finding(i * 8, i * 8 + 4, kind, 1.0, TEXT[i * 8 : i * 8 + 4]) for i, kind in enumerate(kinds))
    passage = Passage(TEXT, (Piece(("messages", 0, "content"), 0, len(TEXT)),), findings)
    labels = Labels(dict.fromkeys(kinds, 1), Sensitivity.RESTRICTED, {"patterns": "1"})
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


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    book = Rulebook(default_folders())
    decider = PolicyDecider(book.current, lambda: MODELS)
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
    }))  # fmt: skip


if __name__ == "__main__":
    main()
