"""Every path and method: who may, what is there, what is not."""

import asyncio

import pytest
from starlette.routing import Route

from sampan.serve import asgi
from sampan.serve.api.faces import FACES
from sampan.settings import Server
from tests.serve import rig

OWN = [route for route in rig.app()._own.routes if isinstance(route, Route)]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SITE = "http://localhost:3000"


def paths():
    filled = (route.path.replace("{name:path}", "cloud").replace("{id}", "rcp_1") for route in OWN)
    return sorted({"/", "/nothing", "/v1/files", "/sampan/", "/sampan/nothing", *filled, *FACES})


async def test_pages_asked_for_at_once_come_from_one_web_app(monkeypatch):
    made = []

    class Web:
        @staticmethod
        def site(runtime, sessions):
            made.append(Site(runtime, sessions))
            return made[-1]

    class Site:
        def __init__(self, *_):
            self.asked = 0

        async def app(self, scope, receive, send):
            self.asked += 1
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    monkeypatch.setattr(asgi, "_web_app", lambda: Web)
    app = rig.app()
    await asyncio.gather(*(rig.ask(app, "GET", "/chat") for _ in range(3)))
    assert [each.asked for each in made] == [3]


def test_the_walk_knows_the_routes():
    assert len(paths()) > 20
    assert {"/", "/sampan/keys", "/v1/messages", "/v1/models/cloud"} <= set(paths())


@pytest.mark.parametrize("path", paths())
async def test_nothing_but_open_paths_answers_strangers(path):
    app = rig.app(server=Server(host="0.0.0.0"))
    for method in METHODS:
        reply = await rig.ask(app, method, path, rig.CHAT, client=rig.AWAY)
        if asgi.is_page(path):
            assert reply.status == (303 if method in {"GET", "HEAD"} else 401)
            assert b"cloud" not in reply.raw
        elif path not in asgi.OPEN_PATHS:
            assert (reply.status, reply.json["error"]["code"]) == (401, "invalid_api_key")
        else:
            assert reply.status == (200 if method in {"GET", "HEAD"} else 404)
            assert "cloud" not in reply.raw.decode()


FOREIGN = [{"host": "evil.example"}, {"host": None}, {"host": ["127.0.0.1:8484", "evil.example"]},
           {"origin": "https://evil.example"}, {"origin": "null"}]  # fmt: skip


@pytest.mark.parametrize("path", paths())
async def test_no_path_answers_a_foreign_host_or_origin(path):
    app = rig.app(server=Server(cors_origins=(SITE,)))
    for method in METHODS:
        for foreign in FOREIGN:
            headers = rig.own(foreign) | {"access-control-request-method": "POST"}
            reply = await rig.ask(app, method, path, rig.CHAT, headers)
            assert (reply.status, reply.json["error"]["code"]) == (403, "host_refused")
            assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("path", [p for p in paths() if p.startswith("/sampan/") and p not in asgi.ASKERS_PATHS])
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": f"Bearer {rig.KEY}"},
                                     {"x-api-key": ""}, {"authorization": f"Basic {rig.TOKEN}"}])  # fmt: skip
async def test_own_paths_need_the_token(path, headers):
    for method in ("GET", "POST", "DELETE", "OPTIONS"):
        reply = await rig.ask(rig.app(), method, path, b"{}", headers)
        a_key_s = path.startswith("/sampan/approvals") and rig.KEY in headers.get("authorization", "")
        assert (reply.status, reply.json["error"]["code"]) == (
            (403, "forbidden") if a_key_s else (401, "invalid_api_key")
        )


async def test_an_empty_token_lets_nobody_in():
    for headers in ({}, {"authorization": "Bearer "}):
        assert (await rig.ask(rig.app(token=""), "GET", "/sampan/status", headers=headers)).status == 401


@pytest.mark.parametrize("headers", [rig.own(), {"x-api-key": rig.TOKEN}, rig.own({"x-api-key": rig.KEY})])
async def test_the_token_opens_own_paths_wherever_sampan_listens(headers):
    app = rig.app(server=Server(host="0.0.0.0"))
    assert (await rig.ask(app, "GET", "/sampan/status", headers=headers, client=rig.AWAY)).status == 200


@pytest.mark.parametrize("headers", [{"authorization": f"Bearer {rig.KEY}"}, {"x-api-key": rig.KEY},
                                     {"authorization": f"bearer  {rig.KEY}"},
                                     {"authorization": "Bearer sk-ant-other", "x-api-key": rig.KEY}])  # fmt: skip
@pytest.mark.parametrize("version", [None, "2023-06-01", "2026-10-21", "whatever"])
async def test_keys_in_both_places_with_any_version(headers, version):
    app = rig.app(server=Server(host="0.0.0.0"))
    headers = headers | ({"anthropic-version": version} if version else {})
    for path in ("/v1/messages", "/v1/chat/completions"):
        assert (await rig.ask(app, "POST", path, rig.CHAT, headers, rig.AWAY)).status == 200


@pytest.mark.parametrize("path", [
    "/v1/audio/speech", "/v1/audio/transcriptions", "/v1/images/generations", "/v1/files", "/v1/files/file-1/content",
    "/v1/batches", "/v1/moderations", "/v1/fine_tuning/jobs", "/v1/assistants", "/v1/threads/t/runs", "/v1/realtime",
    "/v1/vector_stores", "/v1/uploads", "/v1/videos", "/v1/chat/completions/c_1", "/v1/responses/r_1/cancel",
    "/v1/responses/r_1/input_items", "/v1/responses/compact", "/v1/complete", "/v1/conversations",
])  # fmt: skip
async def test_vendor_endpoints_not_offered_are_501(path):
    reply = await rig.ask(rig.app(), "POST", path, b"whatever")
    assert (reply.status, reply.json["error"]["code"]) == (501, "not_offered")
    assert set(reply.json) == {"error", "sampan"}


async def test_anthropic_s_are_told_in_anthropic_s_shape():
    for path, headers in (("/v1/messages/batches", {}), ("/v1/files", {"anthropic-version": "2023-06-01"})):
        reply = await rig.ask(rig.app(), "GET", path, headers=headers)
        assert (reply.status, reply.json["type"], reply.json["error"]["type"]) == (501, "error", "not_supported_error")


@pytest.mark.parametrize("path", ["/nothing", "/v1", "/v1/", "/v1/filesystem", "/v1/chat", "/v1/modelsx", "//", "/healthz/",
                                  "/v1/chat/completions/../../sampan/keys", "/index.html", "/.env"])  # fmt: skip
async def test_what_is_not_there_is_404(path):
    reply = await rig.ask(rig.app(), "GET", path)
    assert reply.status in {404, 501}
    assert reply.json["error"]["message"]
    assert reply.status == (501 if path.startswith("/v1/chat/completions/") else 404)


@pytest.mark.parametrize("path", sorted(FACES))
async def test_wrong_methods_are_404_in_the_vendor_s_shape(path):
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        reply = await rig.ask(rig.app(), method, path)
        assert (reply.status, reply.json["error"]["code"]) == (404, "not_found")
        assert (reply.json.get("type") == "error") == path.startswith("/v1/messages")


async def test_pages_lead_to_the_door():
    for path in ("/", "/chat", "/receipts/x", "/settings"):
        reply = await rig.ask(rig.app(), "GET", path)
        assert (reply.status, reply.headers["location"]) == (303, "/enter")
    for method in ("POST", "OPTIONS", "DELETE"):
        assert (await rig.ask(rig.app(), method, "/chat")).status == 401


async def test_another_user_of_this_machine_sees_no_page():
    for path in ("/", "/enter", "/static/sampan.css"):
        assert (await rig.ask(rig.app(), "GET", path, client=rig.OTHER)).status == 401


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/metrics", "/v1/models", "/sampan/keys", "/nothing", "/v1/messages"]
)
async def test_every_reply_is_not_sniffed_not_stored_not_embedded(path):
    reply = await rig.ask(rig.app(), "GET", path, headers=rig.own())
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"


def listed():
    return rig.app(server=Server(cors_origins=(SITE,)))


async def test_a_listed_origin_may_ask_beforehand_with_its_client_s_headers():
    wanted = "authorization, x-stainless-os"
    headers = {"origin": SITE, "access-control-request-method": "POST", "access-control-request-headers": wanted}
    reply = await rig.ask(listed(), "OPTIONS", "/v1/chat/completions", headers=headers)
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == SITE
    assert reply.headers["access-control-allow-headers"] == wanted
    assert "POST" in reply.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize(("method", "path", "body", "status"), [
    ("POST", "/v1/chat/completions", rig.CHAT, 200), ("POST", "/v1/chat/completions", b"{", 400),
    ("POST", "/v1/messages", rig.CHAT | {"stream": True}, 200), ("GET", "/v1/models", b"", 200),
    ("GET", "/nothing", b"", 404), ("GET", "/sampan/status", b"", 401),
])  # fmt: skip
async def test_a_listed_origin_may_read_every_reply(method, path, body, status):
    reply = await rig.ask(listed(), method, path, body, {"origin": SITE})
    assert reply.status == status
    assert reply.headers["access-control-allow-origin"] == SITE
    assert reply.headers["vary"] == "origin"
    assert "sampan-receipt" in reply.headers["access-control-expose-headers"]


async def test_no_origin_no_cors_headers():
    reply = await rig.ask(listed(), "POST", "/v1/chat/completions", rig.CHAT)
    assert not any(name.startswith("access-control") for name in reply.headers)


async def test_a_preflight_without_a_listed_origin_is_no_way_around_identity():
    app = rig.app(server=Server(host="0.0.0.0", cors_origins=(SITE,)))
    for headers in ({}, {"access-control-request-method": "GET"}, {"origin": SITE}):
        assert (await rig.ask(app, "OPTIONS", "/v1/models", headers=headers, client=rig.AWAY)).status == 401


async def test_a_failure_nobody_expected_is_told_without_its_text(caplog):
    class Broken(rig.Models):
        def all(self):
            raise ValueError("A123456(3)")

    for path in ("/v1/models", "/healthz", "/metrics"):
        reply = await rig.ask(rig.app(models=Broken()), "GET", path)
        assert (reply.status, reply.json["error"]["code"]) == (500, "internal_error")
        assert b"A123456" not in reply.raw
    assert "ValueError" in caplog.text
    assert "A123456" not in caplog.text


async def test_life_and_websockets():
    app, sent = rig.app(), []
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive():
        return events.pop(0)

    async def send(message):
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    await app({"type": "websocket", "path": "/"}, receive, send)
    assert sent[-1] == "websocket.close"


async def test_a_caller_who_leaves_while_sending_to_an_own_path_is_no_failure(caplog):
    caller = rig.Caller(rig.app())
    caller.leave()
    reply = await asyncio.wait_for(caller.ask("POST", "/sampan/keys", headers=rig.own(), parts=[]), 5)
    assert reply.status in {None, 500}
    assert "unexpected" not in caplog.text


def test_a_path_that_is_none_is_no_page():
    assert not asgi.is_page("*")
    assert not asgi.is_page("")
