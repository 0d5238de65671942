"""Requests, decisions and homes for tests of the record."""

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

CLOUD = Model(name="cloud", realm=Realm.PUBLIC, wire=(Wire.OPENAI,), price=Price(2.5, 10.0), jurisdiction="US")
LOCAL = Model(name="local", realm=Realm.PERSONAL, wire=(Wire.LOCAL,), price=Price(1.0, 1.0))
SECRET = "A123456(3)"


def home_at(folder):
    home = Paths(folder, folder / "data", folder / "state", folder / "run")
    prepare(home)
    return home


class Desk:
    """An open home with a recorder on it."""

    def __init__(self, folder):
        self.home = home_at(folder)
        self.store = open_store(self.home, None)
        self.signer = Signer(self.store.keys.signing)
        self.recorder = Recorder(self.store.receipts, self.signer)
        self.query = Query(self.store.receipts, self.signer.public_key)

    def close(self):
        self.store.close()

    def run(self, **more):
        return run(self.recorder, **more)


def request(asked="auto:best", user="u_1", app="openai-python"):
    body = {"messages": [{"role": "user", "content": SECRET}]}
    return Request(new_id("rcp"), Dialect.CHAT, body, Principal(user, app, "d_1"), asked, True, 0.0)


def decided(asked, routes=None):
    kinds = {Kind.HKID: 1, Kind.PHONE: 2}
    labelled = Labelled(asked, (), Labels(kinds, Sensitivity.RESTRICTED, {"patterns": "1.4"}, languages=("yue", "en")))
    routes = routes or (Route(CLOUD, Form(frozenset(kinds))), Route(LOCAL, Form()))
    refused = (Refusal("cloud", "clear", ("hk-id-stays-home",), f"reason with {SECRET}"),)
    return Decided(labelled, routes, refused, "quality .93 vs .58", "sha256:" + "a" * 64, unmasked={Kind.PHONE: 1})


def run(recorder, end="complete", body=b"sent", error="", asked=None):
    asked = asked or request()
    record = recorder.open(asked)
    record.decided(decided(asked))
    crossing = Crossing("public", "cloud", "op", "US", len(body), 9, record.seal_body(body), {Kind.HKID: 1})
    outcome = Outcome(
        end=end, spent=(Spent(CLOUD, Usage(96, 71)),), crossings=(crossing,), error=error, restored={"HKID": 1},
        ms={"total": 912.0, "first_token": 340.25, "sampan": 0.6},
    )  # fmt: skip
    return record.close(outcome)
