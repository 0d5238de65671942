"""Commands in a language that brackets what was translated: nothing else is said, help aside."""

import pytest

from tests.cli.conftest import RECEIPT
from tests.support.pseudo import outside, pseudo

STATUS = {
    "version": "0", "no_cloud": True, "receipts_head": "3:00",
    "models": [{"name": "qwen", "realm": "personal", "state": "ready"},
               {"name": "gpt", "realm": "public", "state": "down: `gpt` does not accept the key that Sampan has for it."}],
    "detectors": {"failed": {"names": {"times": 2, "reason": "there was no memory for it"}}},
    "policy": {"broken": "There is no policy folder x.", "layers": ["user"]},
    "route": {"drift": {"alarm": True, "error": 0.2, "outcomes": 3}, "notice": ""},
}  # fmt: skip
HELD = {
    "id": "apr_1", "state": "waiting", "until": 0, "asker": {"user": "ann", "app": "curl"}, "model": "gpt", "form": "masked",
    "found": {"HKID": 1}, "needed": ["teachers"], "reason": "no rule of the user policy permits it",
}  # fmt: skip
REFUSED = {
    "outcome": "refused", "reason": "`gpt` may not have this request: Sampan runs with `--no-cloud`.",
    "ways_on": ["start Sampan without `--no-cloud`"],
    "refused": [["gpt", "clear", ["no-cloud"], "Sampan runs with `--no-cloud`"]],
}  # fmt: skip
BUDGET = {
    "name": "mine", "of": {}, "counts": [{"whose": {}, "used": {"usd": 1}, "left": {"usd": 1}}], "limit": {"usd": 2}, "until": 0
}  # fmt: skip
NAMES = ("qwen", "gpt", "names", "apr_1", "ann", "curl", "HKID", "PHONE", "teachers", "no-cloud", "hk-id", "rcp_01", "cloud",
         "user", "sampan-cli", "cheapest", "auto", "total", "hmac", "sha256", "mine", "usd", "medical", "patterns", "out")  # fmt: skip


@pytest.fixture(autouse=True)
def _bracketed(monkeypatch):
    made = pseudo()
    monkeypatch.setattr("sampan.cli.words.wording", lambda _: made)


@pytest.mark.parametrize(
    ("command", "replies"),
    [
        (("status",), {"/sampan/status": STATUS}),
        (("approvals", "ls"), {"/sampan/approvals": {"approvals": [HELD]}}),
        (("ask", "--dry-run", "hello"), {"/sampan/decide": REFUSED}),
        (("receipts", "ls"), {"/sampan/receipts?limit=20": {"receipts": [RECEIPT]}}),
        (("receipts", "show", "rcp_01"), {"/sampan/receipts/rcp_01": RECEIPT}),
        (("budgets",), {"/sampan/budgets": {"budgets": [BUDGET]}}),
        (("models", "rm", "qwen"), {}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_running_server(sampan, server, command, replies):
    for path, value in replies.items():
        server.replies["GET" if path != "/sampan/decide" else "POST", path] = (200, value)
    found = sampan(*command)
    assert found.out + found.err
    assert outside(found.out + found.err, (*NAMES, "http://127.0.0.1")) == []


@pytest.mark.parametrize(
    "command",
    [("status",), ("doctor",), ("policy", "check"), ("policy", "packs"), ("policy", "explain", "HKID A123456(3)"),
     ("keys", "ls"), ("unmask", "x"), ("config", "check"), ("receipts", "verify")],
    ids=" ".join,
)  # fmt: skip
def test_no_server(sampan, command, home):
    found = sampan(*command)
    packs = ("personal", "air-gapped", "education", "eu-strict", "hk-pcpd")
    detectors = ("tagger", "person", "address", "org", "rapidocr")
    known = (*NAMES, *packs, *detectors, "cedar", "-coder")
    assert outside(found.out + found.err, known) == []
