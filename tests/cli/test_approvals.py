import json
import time

import pytest

ONE = {
    "id": "apr_1", "state": "waiting", "since": 0.0, "until": 0.0, "by": {}, "scope": "", "caller": True,
    "asker": {"user": "ann", "app": "codex", "device": "this"}, "model": "cloud", "form": "masked",
    "found": {"PHONE": 2}, "needed": ["staff"], "reason": "somebody has to look",
}  # fmt: skip


def test_ls(sampan, server):
    server.on("GET", "/sampan/approvals", {"approvals": [ONE | {"until": time.time() + 100}]})
    said = sampan("approvals", "ls")
    for word in ("apr_1", "ann (codex)", "masked PHONE×2", "staff", "somebody has to look", "1:"):
        assert word in said.out
    assert sampan("approvals", "ls", "--json").json["approvals"][0]["id"] == "apr_1"
    server.on("GET", "/sampan/approvals?all=1", {"approvals": []})
    assert sampan("approvals", "ls", "--all").out == "Nothing yet.\n"


@pytest.mark.parametrize(
    ("arguments", "body", "answer", "told"),
    [
        (("approve", "apr_1"), {"action": "approve", "scope": "once"}, {"by": {"staff": "wong"}}, "Approved apr_1."),
        (("approve", "apr_1", "--conversation"), {"action": "approve", "scope": "conversation"}, {"by": {"staff": "w"}}, "Approved apr_1."),
        (("approve", "apr_1"), {"action": "approve", "scope": "once"}, {"by": {}}, "Noted; still needed: staff."),
        (("refuse", "apr_1"), {"action": "refuse"}, {"by": {"staff": "wong"}}, "Refused apr_1."),
    ],
)  # fmt: skip
def test_answers(sampan, server, arguments, body, answer, told):
    server.on("POST", "/sampan/approvals/apr_1", ONE | answer)
    assert sampan("approvals", *arguments).out == told + "\n"
    assert server.asked[-1][2] == body


def test_one_that_is_not_there(sampan, server):
    error = {"error": {"message": "No such approval.", "code": "not_found"}, "sampan": {"code": "not_found"}}
    server.on("POST", "/sampan/approvals/apr_2", error, status=404)
    assert sampan("approvals", "approve", "apr_2").code == 2


def test_watch_shows_each_change(sampan, server):
    events = b"".join(b"data: %s\n\n" % json.dumps({"approvals": each}).encode() for each in ([], [ONE]))
    server.on("GET", "/sampan/approvals/events", b": hello\n\n" + events)
    assert sampan("approvals", "watch").out.splitlines()[0] == "Nothing yet."
    lines = sampan("approvals", "watch", "--json").out.splitlines()
    assert [len(json.loads(line)["approvals"]) for line in lines] == [0, 1]
