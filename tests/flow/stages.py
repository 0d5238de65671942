"""Small stages for tests of the way through: real contract types, scripted behaviour."""

from sampan.contract.answer import End, Frame, Started, Usage
from sampan.contract.errors import StorageFull
from sampan.contract.ids import new_id
from sampan.contract.labels import Labels, Sensitivity
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Decided, Dialect, Form, Labelled, Principal, Request, Route
from sampan.flow.gather import Turns
from sampan.flow.holding import Holding
from sampan.flow.run import now
from sampan.flow.stages import Stages


def model(name, realm=Realm.PUBLIC):
    return Model(name=name, realm=realm, wire=(Wire.FAKE,))


def request(stream=True, dialect=Dialect.CHAT, body=None):
    body = body or {"model": "auto", "messages": [{"role": "user", "content": "hi"}], "stream": stream}
    return Request(
        id=new_id("rcp"),
        dialect=dialect,
        body=body,
        principal=Principal("u"),
        asked="auto",
        stream=stream,
        received=now(),
    )


class Records:
    """Remembers opens and closes."""

    def __init__(self, full=False):
        self.full, self.opened, self.closed, self.reserved = full, [], [], []

    def open(self, request):
        if self.full:
            raise StorageFull("full")
        self.opened.append(request.id)
        return _Record(self, request.id)

    def head(self):
        return "0:0"


class _Record:
    def __init__(self, book, id):
        self.book, self.id = book, id

    def decided(self, decision):
        self.decision = decision

    def reserved(self, charges):
        if self.book.full:
            raise StorageFull("full")
        self.book.reserved.append(list(charges))

    def seal_body(self, body):
        return "hmac:" + str(len(body))

    def close(self, outcome):
        self.book.closed.append((self.id, outcome))
        return outcome


class Labeller:
    def is_slow(self, request):
        return False

    def label(self, request):
        return Labelled(request, (), Labels({}, Sensitivity.INTERNAL, {"patterns": "1"}, languages=("en",)))


class Decider:
    def __init__(self, *routes, refusal=None):
        self.routes, self.refusal = routes, refusal

    def decide(self, labelled):
        if self.refusal:
            return self.refusal(labelled)
        return Decided(labelled, tuple(Route(m, Form()) for m in self.routes), (), "test", "sha256:0")


class FakeCleared:
    def __init__(self, request, route):
        self.id, self.model, self.form, self.stream = request.id, route.model, route.form, request.stream
        self.sent, self.masked, self.hints, self.body, self.dialect = [], {}, {}, request.body, request.dialect
        self.guided = False


class Restorer:
    def __init__(self):
        self.restored = {}

    def frame(self, frame):
        return [frame]

    def finish(self):
        return []

    def whole(self, value):
        return value

    def values(self):
        return {}


class Protector:
    def clear(self, decided, route):
        return FakeCleared(decided.labelled.request, route), Restorer()

    def preview(self, decided, route):
        return {}


class Scripted:
    """Plays a list: events are yielded, exceptions raised, callables awaited."""

    def __init__(self, model, *script):
        self.model, self.script, self.calls, self.closed = model, script, 0, 0

    async def run(self, cleared):
        self.calls += 1
        cleared.sent.append(b"body")
        try:
            for step in self.script:
                if isinstance(step, BaseException):
                    raise step
                if callable(step):
                    await step()
                else:
                    yield step
        finally:
            self.closed += 1


def text(content):
    return Frame({"choices": [{"index": 0, "delta": {"content": content}}]})


def good(*contents):
    return [Started(), *map(text, contents), End(Usage(3, 2), 10, 20)]


class Kept:
    """A Conversations in memory."""

    def __init__(self):
        self.states = {}

    def get(self, scope, response_id):
        return self.states[scope, response_id]

    def put(self, scope, response_id, state):
        self.states[scope, response_id] = state

    def delete(self, scope, response_id):
        del self.states[scope, response_id]


def stages(*providers, records=None, decider=None, holding=None, budgets=None):
    return Stages(
        Turns(Kept()),
        Labeller(),
        decider or Decider(*(p.model for p in providers)),
        Protector(),
        {p.model.name: p for p in providers},
        records or Records(),
        holding or Holding(),
        budgets=budgets,
    )
