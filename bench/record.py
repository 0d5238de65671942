"""Microseconds of CPU that a record costs: open, decide, seal, close; and what the flusher adds in its thread.

python bench/record.py [requests]
"""

import sys
import tempfile
import time
from pathlib import Path

from sampan.contract.answer import Usage
from sampan.contract.ids import new_id
from sampan.contract.labels import Kind, Labels, Sensitivity
from sampan.contract.models import Model, Price, Realm, Wire
from sampan.contract.receipt import Crossing, Outcome, Spent
from sampan.contract.request import Decided, Dialect, Form, Labelled, Principal, Refusal, Request, Route
from sampan.record.query import Query
from sampan.record.recorder import Recorder
from sampan.record.sign import Signer
from sampan.settings.home import Paths, prepare
from sampan.store.opening import open_store

BODY = b'{"model":"gpt-x","messages":[{"role":"user","content":"' + b"x" * 1000 + b'"}]}'
CLOUD = Model(name="cloud", realm=Realm.PUBLIC, wire=(Wire.OPENAI,), price=Price(2.5, 10.0), jurisdiction="US")
LOCAL = Model(name="local", realm=Realm.PERSONAL, wire=(Wire.LOCAL,))
KINDS = {Kind.PERSON: 1, Kind.HKID: 1, Kind.PHONE: 1}
LABELS = Labels(KINDS, Sensitivity.RESTRICTED, {"patterns": "1.4", "tagger": "0.3"})
ROUTES = (Route(CLOUD, Form(frozenset(KINDS))), Route(LOCAL, Form()))
REFUSED = (Refusal("cloud", "clear", ("hk-id-stays-home", "contacts-stay-home"), "stays home"),)


def request():
    return Request(new_id("rcp"), Dialect.CHAT, {}, Principal("u", "openai-python", "d_1"), "auto:best", True, 0.0)


def one(recorder):
    asked = request()
    record = recorder.open(asked)
    labelled = Labelled(asked, (), LABELS)
    record.decided(Decided(labelled, ROUTES, REFUSED, "quality .93 vs .58, cost 0.0011", "sha256:" + "a" * 64))
    sealed = record.seal_body(BODY)
    crossing = Crossing("public", "cloud", "op", "US", len(BODY), 1630, sealed, {str(k): n for k, n in KINDS.items()})
    outcome = Outcome(
        "complete", spent=(Spent(ROUTES[0].model, Usage(96, 71)),), crossings=(crossing,), restored={"PERSON": 1},
        ms={"total": 912.25, "first_token": 340.0, "sampan": 0.6},
    )  # fmt: skip
    return record.close(outcome)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        home = Paths(base, base / "data", base / "state", base / "run")
        prepare(home)
        store = open_store(home, None)
        signer = Signer(store.keys.signing)
        recorder = Recorder(store.receipts, signer)
        one(recorder)
        mine, whole = time.thread_time(), time.process_time()
        for _ in range(count):
            one(recorder)
        mine = time.thread_time() - mine
        store.receipts.settle()
        whole = time.process_time() - whole
        began = time.perf_counter()
        report = Query(store.receipts, signer.public_key).report()
        verified = time.perf_counter() - began
        print(f"request thread: {mine / count * 1e6:.1f} µs a record; with the flusher: {whole / count * 1e6:.1f} µs")
        print(f"verify: {report.count} links in {verified:.2f} s, ok={report.ok}")
        print(f"database: {(home.data / 'sampan.db').stat().st_size / count:.0f} bytes a receipt")
        store.close()


if __name__ == "__main__":
    main()
