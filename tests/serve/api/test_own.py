"""Sampan's own JSON: receipts, models, keys, deciding without running."""

import pytest

from sampan.contract.labels import Kind
from sampan.contract.models import Realm
from sampan.contract.request import Decided, Form, Held, Refusal, Refused, Route
from sampan.serve.asgi import Application
from sampan.settings import Server
from tests.flow import stages as s
from tests.serve import rig


async def get(path, headers=None, app=None):
    return await rig.ask(app or rig.app(), "GET", path, headers=rig.own(headers))


async def test_health_says_less_to_strangers():
    app = rig.app(server=Server(host="0.0.0.0"))
    near, far, key = [
        await rig.ask(app, "GET", "/healthz", client=client, headers=headers)
        for client, headers in ((rig.HERE, {}), (rig.AWAY, {}), (rig.AWAY, {"x-api-key": rig.KEY}))
    ]
    assert near.json["models"][0]["name"] == key.json["models"][0]["name"] == "cloud"
    assert (far.json["status"], far.json["models"]) == ("ok", [])


async def test_status_has_no_secrets():
    reply = await get("/sampan/status")
    assert reply.json["receipts_head"] == "0:0"
    assert set(reply.json["paths"]) == {"config", "data", "state", "run"}
    assert reply.json["detectors"] == {"failed": rig.FAILED}
    assert rig.TOKEN not in reply.raw.decode()


async def test_models_for_both_vendors():
    app = rig.app(aliases={"gpt-4o": "cloud"})
    openai = (await rig.ask(app, "GET", "/v1/models")).json
    anthropic = (await rig.ask(app, "GET", "/v1/models", headers={"anthropic-version": "2023-06-01"})).json
    names = ["auto", "auto:fast", "auto:best", "auto:private", "gpt-4o", "cloud"]
    assert [m["id"] for m in openai["data"]] == [m["id"] for m in anthropic["data"]] == names
    assert openai["object"] == "list"
    assert (anthropic["first_id"], anthropic["last_id"], anthropic["has_more"]) == ("auto", "cloud", False)
    assert "secret.example" not in str(openai)
    assert "CLOUD_KEY" not in str(openai)


@pytest.mark.parametrize("name", ["auto", "cloud", "org/a-model:7b"])
async def test_one_model(name):
    app = rig.app(models=rig.Models("cloud", "org/a-model:7b"))
    assert (await rig.ask(app, "GET", f"/v1/models/{name}")).json["id"] == name
    reply = await rig.ask(app, "GET", f"/v1/models/{name}", headers={"anthropic-version": "x"})
    assert (reply.json["id"], reply.json["type"]) == (name, "model")


async def test_an_unknown_model_and_what_may_not_be_done_to_one():
    reply = await rig.ask(rig.app(), "GET", "/v1/models/nothing")
    assert (reply.status, reply.json["error"]["code"]) == (404, "model_not_found")
    assert (await rig.ask(rig.app(), "DELETE", "/v1/models/cloud")).status == 501
    assert (await rig.ask(rig.app(), "POST", "/v1/models")).status == 404


async def test_a_kept_response_is_its_principal_s_alone():
    stages = s.stages(s.Scripted(s.model("cloud"), *s.good()))
    kept = stages.gatherer._conversations

    class Missing(dict):
        def __missing__(self, key):
            raise rig.NotFound("No such response.")

    kept.states = Missing()
    app = rig.app(stages=stages)
    kept.put("mei/key_1", "resp_1", {"items": [], "response": {"id": "resp_1"}})
    mine, path = {"x-api-key": rig.KEY}, "/v1/responses/resp_1"
    assert (await rig.ask(app, "GET", path, headers=mine)).json == {"id": "resp_1"}
    assert (await rig.ask(app, "GET", path)).status == 404
    assert (await rig.ask(app, "GET", path + "?stream=true", headers=mine)).status == 501
    gone = await rig.ask(app, "DELETE", path, headers=mine)
    assert gone.json == {"id": "resp_1", "object": "response", "deleted": True}
    assert (await rig.ask(app, "GET", path, headers=mine)).status == 404


async def test_receipts():
    runtime = rig.runtime()
    app = rig.Application(runtime)
    assert (await get("/sampan/receipts?limit=1&model=cloud", app=app)).json["receipts"][0]["id"] == "rcp_1"
    assert runtime.receipts.wanted == {"limit": "1", "model": "cloud"}
    assert (await get("/sampan/receipts/rcp_1")).json == {"id": "rcp_1"}
    assert (await get("/sampan/receipts/verify")).json["ok"] is True
    assert (await get("/sampan/receipts/rcp_2")).status == 404


def decided(labelled):
    local, cloud = s.model("local", Realm.PERSONAL), s.model("cloud")
    masked = Form(frozenset({Kind.PHONE, Kind.HKID}))
    return Decided(labelled, (Route(cloud, masked), Route(local, Form())), (Refusal("cloud", "clear", ("r1",), "why"),),
                   "cheaper", "sha256:1", unmasked={Kind.PHONE: 1})  # fmt: skip


async def decide(decider, path="", body=rig.CHAT, **more):
    provider, records = s.Scripted(s.model("cloud"), *s.good("a")), s.Records()
    app = rig.app(stages=s.stages(provider, records=records, decider=decider), **more)
    reply = await rig.ask(app, "POST", "/sampan/decide" + path, body, rig.own())
    assert (provider.calls, records.opened) == (0, [])
    return reply


async def test_decided_without_running():
    value = (await decide(s.Decider(refusal=decided))).json
    assert value["outcome"] == "decided"
    assert value["chosen"] == {"model": "cloud", "realm": "public", "site": "cloud", "form": "masked",
                               "masked": ["HKID", "PHONE"], "jurisdiction": "unknown"}  # fmt: skip
    assert value["allowed"] == [["cloud", "masked", ["HKID", "PHONE"]], ["local", "clear", []]]
    assert value["refused"] == [["cloud", "clear", ["r1"], "why"]]
    assert value["unmasked"] == {"PHONE": 1}
    assert value["detectors"]["complete"] is True
    assert value["languages"] == ["en"]


async def test_refused_or_held_is_an_answer_too():
    refused = await decide(s.Decider(refusal=lambda labelled: Refused(labelled, ("r1",), "no", ("way",))))
    assert (refused.status, refused.json["outcome"], refused.json["rules"]) == (200, "refused", ["r1"])
    held = await decide(s.Decider(refusal=lambda labelled: Held(decided(labelled), ("staff",), ("r1",), "no")))
    assert (held.json["outcome"], held.json["needed"], held.json["rules"]) == ("held", ["staff"], ["r1"])
    assert held.json["chosen"]["form"] == "masked"


@pytest.mark.parametrize(("path", "body"), [
    ("/v1/messages", rig.CHAT), ("/v1/responses", {"model": "auto", "input": "hi"}),
    ("/v1/embeddings", {"model": "auto", "input": "hi"}), ("/v1/messages/count_tokens", rig.CHAT),
])  # fmt: skip
async def test_other_dialects_with_unmask(path, body):
    seen = []

    def spy(labelled):
        seen.append(labelled.request)
        return decided(labelled)

    body = body | {"sampan_unmask": [{"text": "9123 4567", "reason": "an order"}]}
    assert (await decide(s.Decider(refusal=spy), f"?path={path}", body)).status == 200
    assert seen[0].unmask[0].reason == "an order"
    assert "sampan_unmask" not in seen[0].body


@pytest.mark.parametrize(("path", "body", "headers"), [
    ("?path=/sampan/keys", rig.CHAT, {}), ("?path=/v1/messages", b"{", {}), ("", b"", {}), ("", {"model": "auto"}, {}),
    ("", rig.CHAT, {"content-type": "text/plain"}), ("", rig.CHAT | {"sampan_unmask": "all"}, {}),
])  # fmt: skip
async def test_what_cannot_be_decided(path, body, headers):
    reply = await rig.ask(rig.app(), "POST", "/sampan/decide" + path, body, rig.own(headers))
    assert (reply.status, reply.json["error"]["code"]) == (400, "bad_request")


async def test_deciding_works_for_the_token_s_holder_wherever_sampan_listens():
    app = rig.app(server=Server(host="0.0.0.0"))
    reply = await rig.ask(app, "POST", "/sampan/decide", rig.CHAT, rig.own(), client=rig.AWAY)
    assert reply.json["outcome"] == "decided"


async def test_models_and_actions():
    models = rig.Models()
    app = rig.app(models=models)
    assert [m["name"] for m in (await get("/sampan/models", app=app)).json["models"]] == ["cloud", "tiny"]
    for body in ({"action": "pull", "name": "tiny"}, {"action": "add", "path": "/a.gguf"}):
        assert (await rig.ask(app, "POST", "/sampan/models", body, rig.own())).status == 200
    assert models.acts == [("pull", "tiny"), ("add", "/a.gguf")]


async def test_progress_is_a_stream_until_it_ends():
    class Pulling(rig.Models):
        steps = iter(["pulling", "ready"])

        def progress(self, name):
            return {"state": next(self.steps)}

    reply = await get("/sampan/models/tiny/progress", app=rig.app(models=Pulling()))
    assert [data["state"] for _, data in reply.events] == ["pulling", "ready"]
    assert reply.headers["content-type"].startswith("text/event-stream")


async def test_progress_of_an_unknown_model_is_404():
    reply = await get("/sampan/models/nothing/progress")
    assert (reply.status, reply.json["error"]["code"]) == (404, "model_not_found")


async def test_keys():
    runtime = rig.runtime()
    app = rig.Application(runtime)
    assert (await get("/sampan/keys", app=app)).json["keys"][0]["id"] == "key_1"
    body = {"name": "n", "application": "a", "user": "mei", "groups": ["staff"]}
    made = await rig.ask(app, "POST", "/sampan/keys", body, rig.own())
    assert (made.status, made.json["secret"]) == (201, "sk-sampan-once")
    assert runtime.keys.added_with == [("n", "a", "mei", ("staff",))]
    assert (await rig.ask(app, "DELETE", "/sampan/keys/key_1", headers=rig.own())).json == {"revoked": "key_1"}
    assert (await rig.ask(app, "DELETE", "/sampan/keys/key_9", headers=rig.own())).status == 404


@pytest.mark.parametrize(("path", "body"), [
    ("keys", {}), ("keys", {"name": ""}), ("keys", {"name": ["a"]}), ("keys", {"name": "n", "groups": "staff"}),
    ("keys", {"name": "n", "groups": [1]}), ("keys", {"name": "n", "group": ["staff"]}), ("keys", []), ("keys", b"\xff"),
    ("models", {"name": "x"}), ("models", {"action": "pull"}), ("models", {"action": 1, "name": "x"}),
    ("backup", {}), ("backup", {"path": None}), ("backup", {"path": "a", "x": b"".decode()} | {"path": 1}),
])  # fmt: skip
async def test_bad_bodies_are_400(path, body):
    reply = await rig.ask(rig.app(), "POST", f"/sampan/{path}", body, rig.own())
    assert (reply.status, reply.json["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("path", ["keys", "models", "backup"])
async def test_own_bodies_are_json_of_bounded_size(path):
    assert (await rig.ask(rig.app(), "POST", f"/sampan/{path}", b" " * 2_000_000, rig.own())).status == 413
    reply = await rig.ask(rig.app(), "POST", f"/sampan/{path}", {"name": "n"}, rig.own({"content-type": "text/plain"}))
    assert reply.status == 400


async def test_backup_reload_shutdown():
    assert (await rig.ask(rig.app(), "POST", "/sampan/backup", {"path": "/b"}, rig.own())).json == {"path": "/b"}
    assert (await rig.ask(rig.app(), "POST", "/sampan/reload", {}, rig.own())).json == {"reloaded": True}
    assert (await rig.ask(rig.app(), "POST", "/sampan/shutdown", {}, rig.own())).json == {"stopping": True}


async def test_nothing_there_and_wrong_methods():
    for method, path in (("GET", "/sampan/nothing"), ("PUT", "/sampan/keys"), ("GET", "/sampan/decide"),
                         ("GET", "/sampan/keys/"), ("GET", "/sampan/receipts/rcp_1/")):  # fmt: skip
        reply = await rig.ask(rig.app(), method, path, headers=rig.own())
        assert (reply.status, reply.json["error"]["code"]) == (404, "not_found")


async def test_the_router_is_the_owners():
    app = rig.app()
    assert (await get("/sampan/route", app=app)).json["models"] == [{"name": "cloud"}]
    assert (await get("/sampan/route/export", app=app)).json == {"estimates": {}}
    assert (await rig.ask(app, "DELETE", "/sampan/route", headers=rig.own())).json == {"reset": True}
    assert (await get("/sampan/status", app=app)).json["route"]["drift"]["outcomes"] == 7
    for method, path in (("GET", "/sampan/route"), ("DELETE", "/sampan/route"), ("GET", "/sampan/route/export")):
        assert (await rig.ask(app, method, path, headers={"x-api-key": rig.KEY})).status == 401


async def test_feedback_is_of_whoever_asked_or_of_the_owner():
    runtime = rig.runtime(server=Server(host="0.0.0.0"))
    app = Application(runtime)
    body = {"receipt": "rcp_1", "kind": "up"}
    assert (await rig.ask(app, "POST", "/sampan/feedback", body, client=rig.AWAY)).status == 401
    key = {"x-api-key": rig.KEY}
    assert (await rig.ask(app, "POST", "/sampan/feedback", body, headers=key, client=rig.AWAY)).json["counted"]
    told = {**body, "kind": "test", "value": True}
    assert (await rig.ask(app, "POST", "/sampan/feedback", told, headers=rig.own())).json["counted"]
    assert runtime.routing.told == [(("mei", "key_1"), "rcp_1", "up", None), (None, "rcp_1", "test", 1.0)]


@pytest.mark.parametrize(
    "body", [{}, {"receipt": "rcp_1"}, {"receipt": 1, "kind": "up"}, {"receipt": "r", "kind": "up", "value": "x"},
             {"receipt": "r", "kind": "up", "who": "bob"}, []]
)  # fmt: skip
async def test_what_is_no_feedback(body):
    reply = await rig.ask(rig.app(), "POST", "/sampan/feedback", body, headers=rig.own())
    assert (reply.status, reply.json["error"]["code"]) == (400, "bad_request")


async def test_feedback_from_another_site_or_as_another_type_is_refused():
    body = {"receipt": "rcp_1", "kind": "up"}
    for headers, status in (({"origin": "https://evil.example"}, 403), ({"content-type": "text/plain"}, 400)):
        assert (await rig.ask(rig.app(), "POST", "/sampan/feedback", body, headers=headers)).status == status


async def test_opinions_of_findings():
    app = rig.app()
    assert [one["text"] for one in (await get("/sampan/findings", app=app)).json["findings"]] == ["x"]
    for body, expected in (
        ({"action": "dismiss", "text": "x"}, {"text": "x"}),
        ({"action": "forget", "text": "x"}, {"text": "x", "forgotten": True}),
    ):
        assert (await rig.ask(app, "POST", "/sampan/findings", body, headers=rig.own())).json == expected
    assert (await rig.ask(app, "POST", "/sampan/findings", {"action": "x"}, headers=rig.own())).status == 400
    assert (await rig.ask(app, "GET", "/sampan/findings")).status in (401, 403)


async def test_the_chain_can_be_taken_away_and_a_body_s_key_destroyed():
    app = rig.app()
    exported = await get("/sampan/receipts/export", app=app)
    assert exported.raw.splitlines() == [b'{"n":1}', b'{"head":1}']
    erased = await rig.ask(app, "DELETE", "/sampan/receipts/rcp_1", headers=rig.own())
    assert erased.json == {"erased": "rcp_1", "tombstone": "tmb_1"}
    assert (await rig.ask(app, "DELETE", "/sampan/receipts/rcp_1", headers={})).status == 401
