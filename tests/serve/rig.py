"""A Sampan without a server: the ASGI application over in-memory stages, asked directly."""

import asyncio
import json
import tempfile
from pathlib import Path

from sampan.contract.errors import ConfigError, NotFound
from sampan.contract.models import Model, Realm, Wire
from sampan.decide.desk import Trial
from sampan.decide.examine import Examination
from sampan.decide.policy import Rule
from sampan.decide.replay import replay
from sampan.decide.source import Fault, Layer
from sampan.runtime import Runtime
from sampan.serve.asgi import Application
from sampan.settings import Privacy, Server, Settings
from sampan.settings.home import Paths
from tests.flow import stages as s

TOKEN = "the-token-of-this-sampan"
KEY = "sk-sampan-good"
HERE = ("127.0.0.1", 50000)
AWAY = ("10.0.0.9", 50000)
OTHER = ("127.0.0.1", 50001)
"""Another user's process on this machine."""
CHAT = {"model": "auto", "messages": [{"role": "user", "content": "hi"}]}


class Key:
    id, application, user, groups = "key_1", "app", "mei", ("staff",)


class Keys:
    """One good key."""

    def __init__(self):
        self.added_with = []

    def find(self, secret):
        return Key() if secret == KEY else None

    def listed(self):
        return [{"id": "key_1", "name": "app", "revoked": None}]

    def added(self, name, application, user, groups):
        self.added_with.append((name, application, user, groups))
        return {"id": "key_2", "secret": "sk-sampan-once"}

    def revoked(self, key_id):
        if key_id != "key_1":
            raise NotFound("No such key.")
        return {"revoked": key_id}


class Models:
    """One remote model and one that can be fetched."""

    def __init__(self, *names, state="ready"):
        self.names, self.told, self.acts = names or ("cloud",), state, []

    def all(self):
        return tuple(Model(name=n, realm=Realm.PUBLIC, wire=(Wire.FAKE,), base_url="http://secret.example/v1",
                           api_key="env:CLOUD_KEY") for n in self.names)  # fmt: skip

    def state(self, name):
        return self.told

    def listed(self):
        return [{"name": "cloud"}, {"name": "tiny", "state": "absent"}]

    async def act(self, action, name):
        self.acts.append((action, name))
        return {"done": True}

    def progress(self, name):
        return {"state": "ready", "done": 1, "total": 1, "note": ""}


class Receipts:
    def __init__(self):
        self.wanted = None

    def listed(self, wanted):
        self.wanted = wanted
        return [{"id": "rcp_1", "n": 1}]

    def one(self, receipt_id):
        if receipt_id != "rcp_1":
            raise NotFound("No such receipt.")
        return {"id": "rcp_1"}

    def sent(self, receipt_id):
        return [b'{"model":"x"}'] if receipt_id == "rcp_1" else []

    def verified(self):
        return {"ok": True, "count": 1, "problems": []}

    public_key = "00" * 32

    def lines(self):
        yield b'{"n":1}\n'
        yield b'{"head":1}\n'


class Findings:
    def __init__(self):
        self.done = []

    def listed(self, user):
        return [{"text": "x", "user": user}]

    def said(self, user, text, verdict, kind):
        self.done.append((user, text, verdict, kind))
        return {"text": text}

    def forgotten(self, user, text):
        return {"text": text, "forgotten": True}


class Routing:
    """Remembers what was said."""

    def __init__(self):
        self.told, self.alarm, self.notice = [], False, ""

    def health(self):
        return {"drift": {"outcomes": 7, "error": 0.25, "chance": 0.1, "alarm": self.alarm}, "notice": self.notice}

    def shown(self):
        return {"models": [{"name": "cloud"}], **self.health()}

    def exported(self):
        return {"estimates": {}}

    def reset(self):
        return {"reset": True}

    def said(self, asker, receipt_id, kind, value):
        self.told.append((asker and (asker.user, asker.key), receipt_id, kind, value))
        return {"receipt": receipt_id, "counted": True}


class Rules:
    """One rule in force."""

    def __init__(self):
        self.saved = []

    def rules(self):
        return (
            Rule(
                "hk-id-stays-home",
                Layer.USER,
                "forbid",
                "HKIDs stay <home>",
                "身份證號碼留在家",
                "a.cedar",
                3,
                "forbid (…);",
            ),
        )

    def state(self):
        return {"set": "sha256:00", "layers": ["user"], "rules": 1, "broken": ""}

    def own(self):
        return "// mine </textarea><script>"

    def examined(self):
        return Examination(("a.cedar",), 1)

    def try_out(self, text, receipts):
        if "broken" in text:
            return Trial(Examination(("a.cedar",), 0, (Fault("a.cedar", 1, 2, "that is no rule", "write one"),)), None)
        return Trial(Examination(("a.cedar",), 1), replay((), None, None))

    def save(self, text):
        if "broken" in text:
            raise ConfigError("That is no rule.")
        self.saved.append(text)


FAILED = {"tagger": {"reason": "a file of it is missing", "times": 2, "last": 1.0}}


def runtime(*providers, stages=None, models=None, token=TOKEN, server=None, conversations=None, **settings):
    folder = Path(tempfile.gettempdir())
    home = Paths(**dict.fromkeys(Paths.__struct_fields__, folder))
    happened = []

    async def nothing():
        happened.append("life")

    return Runtime(
        settings=Settings(home=home, server=server or Server(), **settings),
        aliases=lambda: settings.get("aliases", {}),
        no_cloud=lambda: settings.get("privacy", Privacy()).no_cloud,
        stages=stages or s.stages(*(providers or [s.Scripted(s.model("cloud"), *s.good("a", "b"))])),
        models=models or Models(),
        receipts=Receipts(),
        keys=Keys(),
        findings=Findings(),
        routing=Routing(),
        conversations=conversations,
        failures=lambda: dict(FAILED),
        policy=lambda: {"set": "sha256:00", "layers": ["user"], "rules": 1, "broken": ""},
        rules=Rules(),
        explain=lambda decision: {"weighed": []},
        token=token,
        started=0.0,
        start=nothing,
        stop=nothing,
        reload=lambda: {"reloaded": True},
        backup=lambda path: {"path": path},
        erase=lambda name: happened.append(name) or "tmb_1",
        shutdown=lambda: happened.append("shutdown"),
    )


class Reply:
    """What came back. `parts`: the bodies of every message, in order."""

    def __init__(self, messages):
        starts = [m for m in messages if m["type"] == "http.response.start"]
        assert len(starts) <= 1, "two replies to one request"
        self.messages = messages
        self.status = starts[0]["status"] if starts else None
        self.headers = {}
        for name, value in starts[0]["headers"] if starts else ():
            assert name not in self.headers, f"{name} twice"
            self.headers[name.decode()] = value.decode()
        self.parts = [m["body"] for m in messages if m["type"] == "http.response.body"]
        self.raw = b"".join(self.parts)

    @property
    def ended(self):
        return bool(self.messages) and self.messages[-1].get("more_body", False) is False and self.status is not None

    @property
    def json(self):
        return json.loads(self.raw)

    @property
    def events(self):
        """(event name, data) of each server-sent event; data as text when it is not JSON."""
        found = []
        for block in self.raw.decode().split("\n\n")[:-1]:
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            data = fields["data"]
            found.append((fields.get("event", ""), json.loads(data) if data.startswith("{") else data))
        return found


class Caller:
    """Asks one application; `leave` hangs up."""

    def __init__(self, app, client=HERE):
        self.app, self.client = app, client
        self.left = asyncio.Event()
        self.messages = []
        # the kernel's table knows nothing of a caller without a socket
        app._guard._peers.may = lambda scope: scope["client"] == HERE

    def leave(self):
        self.left.set()

    async def ask(self, method, path, body=b"", headers=None, parts=None):
        path, _, query = path.partition("?")
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        given = {"host": "127.0.0.1:8484", "content-type": "application/json"} | (headers or {})
        pairs = [(k.encode(), each.encode("latin-1")) for k, v in given.items() if v is not None
                 for each in (v if isinstance(v, list) else [v])]  # fmt: skip
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
                 "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "scheme": "http",
                 "headers": pairs, "client": self.client, "server": ("127.0.0.1", 8484)}  # fmt: skip
        waiting = list(parts) if parts is not None else [raw]

        async def receive():
            if waiting:
                return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            self.messages.append(dict(message))

        await asyncio.wait_for(self.app(scope, receive, send), 10)
        return Reply(self.messages)


async def ask(app, method, path, body=b"", headers=None, client=HERE, **more):
    """One request by one caller."""
    return await Caller(app, client).ask(method, path, body, headers, **more)


def own(headers=None):
    """The token, and what else is given."""
    return {"authorization": f"Bearer {TOKEN}"} | (headers or {})


def app(*providers, **more):
    return Application(runtime(*providers, **more))


def spied(*script, **more):
    """An application with one scripted model, that model, and its record."""
    records, provider = s.Records(), s.Scripted(s.model("cloud"), *script)
    return app(stages=s.stages(provider, records=records, **more)), provider, records


def ends(records):
    return [(facts.end, facts.error) for _, facts in records.closed]


def is_vendor_error(reply, path, status, code):
    value = reply.json
    assert reply.status == status
    assert value["sampan"]["code"] == code
    assert value["error"]["message"]
    assert value["error"]["type"]
    assert (value.get("type") == "error") == (path.startswith("/v1/messages"))
    return value
