"""Bodies that the vendor endpoints refuse, and those they read."""

import gzip
import json

import pytest

from sampan.contract.request import Together
from sampan.serve.api.reading import task_of, together_of
from sampan.settings import Server
from tests.flow import stages as s
from tests.serve import rig

OPENAI, ANTHROPIC = "/v1/chat/completions", "/v1/messages"
BOTH = pytest.mark.parametrize("path", [OPENAI, ANTHROPIC])


CASES = [
    (b"", "empty"), (b"{", "not valid JSON"), (b"[]", "object"), (b'"x"', "object"), (b"null", "object"),
    (b"\xff\xfe", "UTF-8"), (b'{"model": "a", "model": "a", "messages": []}', "twice"),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, ""), (b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", ""),
    (b'{"model": "m", "messages": [{"role":"user","content":"\\ud800"}]}', "not valid JSON"),
    (b'{"model": "m", "messages": [{"role":"user","content":"\xff"}]}', "UTF-8"),
    (b'{"model": "m", "n": 1e999, "messages": []}', "not valid JSON"), (b'{"model": "m", "n": NaN}', "not valid JSON"),
    ({"messages": [{"role": "user", "content": "x"}]}, "`model`"), ({"model": 5, "messages": []}, "`model`"),
    ({"model": "", "messages": []}, "`model`"), ({"model": None, "messages": []}, "`model`"),
    ({"model": "m"}, "`messages` is missing"), ({"model": "m", "messages": "hi"}, "must be an array"),
    ({"model": "m", "messages": []}, "must not be empty"), ({"model": "m", "messages": [5]}, "messages[0]"),
    ({"model": "m", "messages": [{"role": 1, "content": "x"}]}, "messages[0]"),
    ({"model": "m", "messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
    (rig.CHAT | {"stream": "yes"}, "`stream`"), (rig.CHAT | {"stream": 1}, "`stream`"),
    (rig.CHAT | {"sampan": {"conversation": 5}}, "conversation"), (rig.CHAT | {"sampan": {"conversation": "a b"}}, "conversation"),
    (rig.CHAT | {"sampan_unmask": "all"}, "unmask"), (rig.CHAT | {"sampan_unmask": [{"text": "x"}]}, "unmask"),
    (rig.CHAT | {"sampan_unmask": [{"text": "x", "reason": " "}]}, "reason"), (rig.CHAT | {"sampan": "x"}, "`sampan`"),
    (rig.CHAT | {"sampan": {"unmask": [{"text": 1, "reason": "x"}]}}, "unmask"),
    (rig.CHAT | {"sampan": {"collaborate": "maybe"}}, "`plan` or `rewrite`"), (rig.CHAT | {"sampan": {"collaborate": 7}}, "`plan`"),
    (rig.CHAT | {"sampan": {"collaborate": ["plan"]}}, "`plan`"), (rig.CHAT | {"sampan": {"task": 5}}, "task"),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(("body", "said"), CASES)
async def test_bad_bodies(path, body, said):
    app, provider, records = rig.spied(*s.good("a"))
    value = rig.is_vendor_error(await rig.ask(app, "POST", path, body), path, 400, "bad_request")
    assert said in value["error"]["message"]
    assert (provider.calls, records.opened) == (0, [])


async def test_the_wrong_member_is_named():
    reply = await rig.ask(rig.app(), "POST", OPENAI, {"model": "m", "messages": [{"role": "user", "content": 7}]})
    assert reply.json["error"]["param"] == "messages[0].content"


@BOTH
@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                                  ["text/plain", "application/json"], "application/json-seq"])  # fmt: skip
async def test_only_json_is_read(path, kind):
    reply = await rig.ask(rig.app(), "POST", path, rig.CHAT, {"content-type": kind})
    rig.is_vendor_error(reply, path, 400, "bad_request")


async def test_json_with_a_charset_is_read():
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert (await rig.ask(rig.app(), "POST", OPENAI, rig.CHAT, headers)).status == 200


@BOTH
async def test_bodies_over_the_limit(path):
    app = rig.app(server=Server(max_body_mb=1))
    over = json.dumps(rig.CHAT | {"pad": "x" * (1 << 20)}).encode()
    for body, headers in ((over, {}), (over, {"content-length": str(len(over))}),
                          (gzip.compress(over), {"content-encoding": "gzip"})):  # fmt: skip
        value = rig.is_vendor_error(await rig.ask(app, "POST", path, body, headers), path, 413, "request_too_large")
        assert path == OPENAI or value["error"]["type"] == "request_too_large"


async def test_a_declared_giant_is_refused_before_it_is_read():
    caller = rig.Caller(rig.app())
    reply = await caller.ask("POST", OPENAI, headers={"content-length": "99999999999"}, parts=[])
    assert reply.status == 413


@BOTH
@pytest.mark.parametrize(("body", "encoding"), [
    (gzip.compress(b" " * 60_000_000), "gzip"), (b"nonsense", "gzip"), (gzip.compress(json.dumps(rig.CHAT).encode())[:-4], "gzip"),
    (gzip.compress(json.dumps(rig.CHAT).encode()) + b"more", "gzip"), (b"x", "br"), (json.dumps(rig.CHAT).encode(), "gzip, gzip"),
])  # fmt: skip
async def test_bombs_and_broken_encodings(path, body, encoding):
    reply = await rig.ask(rig.app(), "POST", path, body, {"content-encoding": encoding})
    assert reply.status == (413 if len(body) > 10_000 else 400)
    assert (reply.json.get("type") == "error") == (path == ANTHROPIC)


async def test_gzip_is_read():
    body = gzip.compress(json.dumps(rig.CHAT).encode())
    assert (await rig.ask(rig.app(), "POST", OPENAI, body, {"content-encoding": "GZip"})).status == 200


async def test_a_body_in_many_parts():
    raw = json.dumps(rig.CHAT).encode()
    reply = await rig.Caller(rig.app()).ask("POST", OPENAI, parts=[raw[i : i + 1] for i in range(len(raw))])
    assert reply.status == 200


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/messages/count_tokens"])
async def test_where_nothing_streams_stream_means_nothing(path):
    body = rig.CHAT | {"stream": True} | {"input": "hi"}
    reply = await rig.ask(rig.app(), "POST", path, body)
    assert reply.headers["content-type"] == "application/json"


async def test_own_members_do_not_travel_and_unmask_is_read():
    seen = []

    class Spy(s.Labeller):
        def label(self, request):
            seen.append(request)
            return super().label(request)

    stages = s.stages(s.Scripted(s.model("cloud"), *s.good("a")))._replace(labeller=Spy())
    unmask = [{"text": "9123 4567", "reason": "an order number"}]
    for own in ({"sampan_unmask": unmask}, {"sampan": {"unmask": unmask}}):
        await rig.ask(rig.app(stages=stages), "POST", OPENAI, rig.CHAT | own)
        assert seen[-1].body == rig.CHAT
        assert [(u.text, u.reason) for u in seen[-1].unmask] == [("9123 4567", "an order number")]


@pytest.mark.parametrize(
    ("own", "header", "way"),
    [({}, None, None), ({"collaborate": "plan"}, None, Together.PLAN), ({}, "rewrite", Together.REWRITE),
     ({"collaborate": "plan"}, "rewrite", Together.PLAN), ({"collaborate": ""}, None, None)],
)  # fmt: skip
def test_who_wants_two_models_to_work_together(own, header, way):
    assert together_of({"sampan": own}, {"sampan-collaborate": header} if header else {}) is way


def test_what_is_wanted_of_the_text():
    assert task_of({"sampan": {"task": "Sum it up."}}) == "Sum it up."
    assert task_of({}) == ""
