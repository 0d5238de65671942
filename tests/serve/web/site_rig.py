"""The web app over ASGI with small stages: a browser that keeps its cookies."""

import re
from urllib.parse import urlencode

import orjson

from sampan.serve.asgi import Application
from sampan.store.conversations import KeptConversations
from sampan.store.device import Device
from tests.flow import stages as s
from tests.serve import rig


class Browser:
    """`headers` go with every request; `enter` opens a session."""

    def __init__(self, tmp_path, *providers, stages=None, **more):
        self.device = Device(tmp_path / "db", b"k" * 32)
        self.kept = KeptConversations(self.device)
        self.stages = stages or s.stages(*(providers or [s.Scripted(s.model("cloud"), *s.good("Hello ", "**you**"))]))
        self.runtime = rig.runtime(stages=self.stages, conversations=self.kept, **more)
        self.headers = {}
        self.put()

    def put(self, **parts):
        """The same with other parts of its runtime; before `enter`."""
        self.runtime = self.runtime._replace(**parts)
        self.app = Application(self.runtime)

    def close(self):
        self.device.close()

    async def get(self, path, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await rig.ask(self.app, "GET", path, headers={**self.headers, **named})

    async def send(self, method, path, value):
        headers = {**self.headers, "content-type": "application/json"}
        return await rig.ask(self.app, method, path, orjson.dumps(value), headers)

    async def form(self, path, **fields):
        headers = {**self.headers, "content-type": "application/x-www-form-urlencoded"}
        return await rig.ask(self.app, "POST", path, urlencode(fields).encode(), headers)

    async def enter(self):
        ticket = (await rig.ask(self.app, "POST", "/sampan/tickets", b"{}", rig.own())).json["ticket"]
        reply = await self.form("/enter", ticket=ticket)
        assert reply.status == 303
        self.headers["cookie"] = reply.headers["set-cookie"].split(";")[0]
        page = (await self.get("/chat")).raw.decode()
        self.headers["sampan-csrf"] = re.search(r'name="csrf" content="([^"]+)"', page)[1]
        return self
