import hashlib
import hmac
import json
import os
import subprocess
import sys
import textwrap
import threading
import time

import msgspec
import orjson
import pytest
import rfc8785

from sampan.contract.errors import NotFound, StorageFull
from sampan.contract.receipt import Outcome
from sampan.record.recorder import Keeping, Recorder
from tests.record.builders import SECRET, Desk, decided, request, run


def child(script, folder):
    code = textwrap.dedent(script)
    command = [sys.executable, "-c", f"FOLDER = {str(folder)!r}\n" + code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(process):
    out, err = process.communicate(timeout=50)
    return out.decode(), err.decode()


def test_a_receipt_says_what_happened(desk):
    asked = request()
    receipt = desk.run(asked=asked)
    shown = desk.query.one(asked.id)
    assert (receipt.id, receipt.n, receipt.end) == (asked.id, 1, "complete")
    assert shown["who"] == {"user": "u_1", "app": "openai-python", "device": "d_1"}
    assert shown["found"] == {"HKID": 1, "PHONE": 2}
    assert shown["policy"]["chosen"] == ["cloud", "masked"]
    assert shown["crossings"][0]["masked"] == {"HKID": 1}
    assert shown["tokens"] == {"in": 96, "out": 71}
    assert shown["cost_usd"] == pytest.approx(0.00095)
    assert shown["ms"] == {"total": 912, "first_token": 340.25, "sampan": 0.6}
    assert shown["restored"] == {"HKID": 1}
    assert shown["hash"] == receipt.hash
    assert receipt.crossings[0].body.startswith("hmac:")
    assert SECRET not in json.dumps(shown)


def test_the_hash_follows_rfc_8785(desk):
    shown = desk.query.one(desk.run().id)
    stated = shown.pop("hash")
    assert stated == "sha256:" + hashlib.sha256(rfc8785.dumps(shown)).hexdigest()


def test_receipts_are_chained_and_signed(desk):
    first, second = desk.run(), desk.run()
    assert second.prev == first.hash
    assert first.prev == "sha256:" + "0" * 64
    assert desk.query.verified() == {"ok": True, "count": 2, "problems": [], "head": 2}
    assert desk.recorder.head() == f"2:{second.hash[7:23]}"


def test_a_second_close_returns_the_first(desk):
    record = desk.recorder.open(request())
    first = record.close(Outcome("client_left"))
    assert record.close(Outcome("complete")) is first
    assert desk.query.verified()["count"] == 1


def test_without_a_decision_the_receipt_says_so(desk):
    record = desk.recorder.open(request("gpt-9 A123456(3)"))
    receipt = record.close(Outcome("error", f"no model {SECRET}"))
    assert receipt.sensitivity == "unknown"
    assert receipt.detectors == {"complete": False}
    assert receipt.policy["asked"] == "unknown"
    assert receipt.error == "internal_error"


def test_bodies_are_sealed_under_a_key_of_each_receipt(desk):
    one, two = desk.recorder.open(request()), desk.recorder.open(request())
    assert one.seal_body(b"x") != two.seal_body(b"x")
    assert one.seal_body(b"x") == one.seal_body(b"x")
    asked = request()
    desk.run(asked=asked, body=b"what left")
    assert desk.query.is_body(asked.id, b"what left")
    assert not desk.query.is_body(asked.id, b"something else")


def test_erasing_destroys_the_key_and_the_chain_stays_valid(desk):
    asked = request()
    desk.run(asked=asked, body=b"what left")
    desk.run()
    key = desk.store.receipts.body_key(asked.id)
    assert len(key) == 32
    tombstone = desk.query.one(desk.recorder.erase(asked.id))
    assert tombstone["erased"] == asked.id
    assert not desk.query.is_body(asked.id, b"what left")
    assert desk.store.receipts.body_key(asked.id) == b""
    assert desk.query.verified() == {"ok": True, "count": 3, "problems": [], "head": 3}
    assert desk.query.one(asked.id)["end"] == "complete"
    assert len(desk.query.listed({})) == 2
    with pytest.raises(NotFound):
        desk.recorder.erase("rcp_none")
    with pytest.raises(NotFound):
        desk.recorder.erase(tombstone["id"])


def test_the_chain_goes_on_after_a_restart(tmp_path):
    first = Desk(tmp_path)
    last = [first.run() for _ in range(3)][-1]
    first.close()
    second = Desk(tmp_path)
    assert second.run().prev == last.hash
    assert second.query.verified() == {"ok": True, "count": 4, "problems": [], "head": 4}
    second.close()


def test_what_a_former_process_left_open_is_closed(tmp_path):
    first = Desk(tmp_path)
    only_opened, also_decided = request("auto:fast"), request()
    first.recorder.open(only_opened)
    record = first.recorder.open(also_decided)
    record.decided(decided(also_decided))
    first.run()
    first.close()
    second = Desk(tmp_path)
    one, two = second.query.one(only_opened.id), second.query.one(also_decided.id)
    assert (one["end"], two["end"]) == ("interrupted", "interrupted")
    assert one["policy"]["asked"] == "auto:fast"
    assert one["who"]["user"] == "u_1"
    assert two["found"] == {"HKID": 1, "PHONE": 2}
    assert two["policy"]["chosen"] == ["cloud", "masked"]
    assert "not known" in two["policy"]["why"]
    assert second.query.verified()["ok"]
    second.close()
    third = Desk(tmp_path)
    assert third.query.verified() == {"ok": True, "count": 3, "problems": [], "head": 3}
    third.close()


def test_a_short_request_is_written_with_its_decision_in_one_go(tmp_path, monkeypatch):
    writes = []
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda handle, data, at: writes.append(len(data)) or real(handle, data, at))
    first = Desk(tmp_path)
    writes.clear()
    short, long = (msgspec.structs.replace(request(), text_size=size) for size in (1000, 100_000))
    record = first.recorder.open(short)
    assert not writes
    record.decided(decided(short))
    assert len(writes) == 1
    record.decided(decided(short))  # again: the last one counts
    assert len(writes) == 2
    first.recorder.open(long)
    assert len(writes) == 3
    first.close()
    second = Desk(tmp_path)
    assert [second.query.one(each.id)["end"] for each in (short, long)] == ["interrupted"] * 2
    assert second.query.one(short.id)["policy"]["chosen"] == ["cloud", "masked"]
    assert second.query.one(short.id)["who"]["user"] == "u_1"
    assert second.query.verified() == {"ok": True, "count": 2, "problems": [], "head": 2}
    second.close()


def test_many_threads_make_one_chain(desk):
    def work():
        for _ in range(40):
            desk.run()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert desk.query.verified()["ok"]
    for thread in threads:
        thread.join()
    assert desk.query.verified() == {"ok": True, "count": 200, "problems": [], "head": 200}


@pytest.mark.parametrize("damage", ["cut", "change", "head gone", "head forged"])
def test_tampering_while_nobody_runs_shows_for_ever(tmp_path, damage):
    desk = Desk(tmp_path)
    for _ in range(5):
        desk.run()
    desk.close()
    desk = Desk(tmp_path)  # a fresh journal: the old one would bring a cut tail back
    head = desk.home.state / "receipts.head"
    with desk.store.device.write() as connection:
        if damage == "cut":
            connection.execute("DELETE FROM links WHERE n > 3")
        elif damage == "change":
            connection.execute(
                "UPDATE links SET json = CAST(replace(json, 'complete', 'refused_') AS BLOB) WHERE n = 2"
            )
    desk.close()
    if damage == "head gone":
        head.unlink()
    elif damage == "head forged":
        head.write_bytes(head.read_bytes().replace(b'"n":5', b'"n":4'))
    for _ in range(2):
        again = Desk(tmp_path)
        again.run()
        report = again.query.verified()
        assert not report["ok"]
        assert report["problems"][0]["n"] == {"cut": 4, "change": 2}.get(damage, 6)
        again.close()


KILLED = """
import os, signal, sys, threading, time
from pathlib import Path
from sampan.contract.receipt import Outcome
from tests.record.builders import Desk, request, decided
desk = Desk(Path(FOLDER))
started = []
def work(number):
    while True:
        asked = request()
        record = desk.recorder.open(asked)
        os.write(1, (asked.id + "\\n").encode())
        if number % 3:
            record.decided(decided(asked))
        if number % 2:
            record.close(Outcome("complete"))
        time.sleep(0.0005)
for number in range(10):
    threading.Thread(target=work, args=(number,), daemon=True).start()
time.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else DELAY)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("delay", [0.15, 0.33, 0.7])
def test_killed_in_the_middle_every_started_request_has_a_closed_receipt(tmp_path, delay):
    out, err = finish(child(f"DELAY = {delay}\n{KILLED}", tmp_path))
    assert err == ""
    started = {line for line in out.split("\n") if len(line) == 30}
    assert len(started) > 50
    desk = Desk(tmp_path)
    assert desk.query.verified()["ok"], desk.query.verified()["problems"]
    receipts = {one["id"]: one["end"] for one in desk.query.listed({"limit": 1_000_000})}
    assert started <= set(receipts)
    assert set(receipts.values()) == {"complete", "interrupted"}
    desk.close()


FULL = """
import resource, json
from pathlib import Path
from sampan.contract.errors import StorageFull
from sampan.contract.receipt import Outcome
from tests.record.builders import Desk, request
desk = Desk(Path(FOLDER))
desk.run()
desk.query.verified()
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
opened, refused = [], 0
while not refused:
    try:
        opened.append(desk.recorder.open(request()))
    except StorageFull:
        refused += 1
closed = [record.close(Outcome("complete")).id for record in opened]
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
desk.run()
print(json.dumps({"closed": closed, "verified": desk.query.verified()}))
desk.close()
"""


def test_on_a_full_disk_nothing_starts_and_what_started_can_end(tmp_path):
    out, err = finish(child(FULL, tmp_path))
    found = json.loads(out)
    assert found["verified"]["ok"], err
    assert len(found["closed"]) > 50
    assert found["verified"]["count"] == len(found["closed"]) + 2
    desk = Desk(tmp_path)
    assert {one["id"] for one in desk.query.listed({"limit": 10_000})} >= set(found["closed"])
    assert desk.query.verified()["ok"]
    desk.close()


class Failing:
    """A store on which the end of a record finds no room once."""

    def __init__(self, real):
        self.real, self.full = real, 1

    def __getattr__(self, name):
        return getattr(self.real, name)

    def add(self, link):
        if self.full:
            self.full -= 1
            raise StorageFull("full")
        self.real.add(link)


def test_a_close_that_found_no_room_may_be_repeated(desk):
    recorder = Recorder(Failing(desk.store.receipts), desk.signer)
    record = recorder.open(request())
    with pytest.raises(StorageFull):
        record.close(Outcome("complete"))
    assert record.close(Outcome("complete")).n == 1
    run(recorder)
    assert desk.query.verified() == {"ok": True, "count": 2, "problems": [], "head": 2}


def test_an_erasure_that_found_no_room_may_be_repeated(desk):
    receipt = desk.run(body=b"x")
    recorder = Recorder(Failing(desk.store.receipts), desk.signer)
    with pytest.raises(StorageFull):
        recorder.erase(receipt.id)
    assert not desk.query.is_body(receipt.id, b"x")
    assert desk.query.one(recorder.erase(receipt.id))["erased"] == receipt.id
    assert desk.query.verified()["ok"]


def test_no_value_reaches_a_file(tmp_path):
    desk = Desk(tmp_path)
    desk.run(body=SECRET.encode(), error=SECRET)
    desk.store.receipts.settle()
    wanted = [SECRET.encode(), b"openai-python", b"hk-id-stays-home"]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert not any(text in path.read_bytes() for text in wanted), path
    desk.close()


def test_a_record_costs_little(desk):
    run(desk.recorder)
    began = time.thread_time()
    for _ in range(300):
        run(desk.recorder)
    assert (time.thread_time() - began) / 300 < 0.0012, "ten times the budget"


def test_the_head_file_is_the_signed_one(desk):
    desk.run()
    desk.store.receipts.settle()
    head = orjson.loads((desk.home.state / "receipts.head").read_bytes())
    assert (head["n"], head["key_id"]) == (1, desk.signer.key_id)
    assert hmac.compare_digest(head["hash"][7:23], desk.recorder.head().split(":")[1])


class KeptSent:
    def __init__(self, full=False):
        self.full, self.kept, self.forgotten = full, {}, []

    def keep(self, receipt, key, bodies):
        if self.full:
            raise StorageFull("full")
        self.kept[receipt] = (key, list(bodies))

    def of(self, receipt, key):
        kept = self.kept.get(receipt)
        return kept[1] if kept and kept[0] == key else []

    def forget(self, receipt):
        self.forgotten.append(receipt)


@pytest.mark.parametrize(("apps", "kept"), [(frozenset(), True), ({"openai-python"}, True), ({"sampan-web"}, False)])
def test_what_is_sent_is_kept_of_the_applications_that_are_named(desk, apps, kept):
    store = KeptSent()
    desk.recorder = Recorder(desk.store.receipts, desk.signer, Keeping(store, frozenset(apps)))
    asked = request()
    record = desk.recorder.open(asked)
    record.decided(decided(asked))
    record.seal_body(b"one")
    record.seal_body(b"two")
    record.close(Outcome("complete"))
    assert ([bodies for _, bodies in store.kept.values()] == [[b"one", b"two"]]) is kept
    assert asked.id in store.kept or not kept
    desk.recorder.erase(asked.id)
    assert store.forgotten == [asked.id]


def test_of_some_applications_nothing_is_kept_whatever_is_kept_of_all(desk):
    desk.recorder = Recorder(
        desk.store.receipts, desk.signer, Keeping(KeptSent(), never=frozenset({"sampan-web-temporary"}))
    )
    assert desk.recorder.keeps("openai-python")
    assert not desk.recorder.keeps("sampan-web-temporary")


def test_a_full_disk_loses_what_was_sent_not_the_receipt(desk, caplog):
    desk.recorder = Recorder(desk.store.receipts, desk.signer, Keeping(KeptSent(full=True)))
    asked = request()
    record = desk.recorder.open(asked)
    record.decided(decided(asked))
    record.seal_body(b"one")
    assert record.close(Outcome("complete")).end == "complete"
    assert "is not kept" in caplog.text
