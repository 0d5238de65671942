"""Real labels for tests of protection: requests are read by the real labeller."""

import functools

from sampan.contract.answer import Frame
from sampan.contract.labels import Kind
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Decided, Dialect, Form, Principal, Request, Route
from sampan.protect import MaskingProtector
from sampan.understand import BodyLabeller, Detector

CLOUD = Model(name="cloud", realm=Realm.PUBLIC, wire=(Wire.FAKE,))
ALL = frozenset(Kind) - {Kind.LOOKALIKE}
HKID, PHONE, EMAIL = "A123456(3)", "9123 4567", "ada@example.com"


class Vault:
    """A StandIns in memory."""

    def __init__(self):
        self.kept = {}

    def get(self, scope, conversation):
        return dict(self.kept.get((scope, conversation), {}))

    def put(self, scope, conversation, known):
        for name, what in known.items():
            self.kept.setdefault((scope, conversation), {}).setdefault(name, what)

    def forget(self, scope, conversation):
        self.kept.pop((scope, conversation), None)


@functools.cache
def labeller():
    return BodyLabeller(Detector.patterns(["PERSON:陳大文", 'PERSON:Anne "Nan" O\'Neil', "PERSON:A\\B\nC"]))


def request(body, dialect=Dialect.CHAT, conversation=""):
    return Request(
        id="rcp_test",
        dialect=dialect,
        body=body,
        principal=Principal("ann"),
        asked="cloud",
        stream=bool(body.get("stream")),
        received=0.0,
        conversation=conversation,
    )


def chat(*texts, **more):
    return {"model": "cloud", "messages": [{"role": "user", "content": text} for text in texts], **more}


def decided(body, dialect=Dialect.CHAT, kinds=ALL, conversation="", restore_arguments=True):
    labelled = labeller().label(request(body, dialect, conversation))
    return Decided(labelled, (Route(CLOUD, Form(kinds)),), (), "test", "sha256:0", restore_arguments)


def protected(body, dialect=Dialect.CHAT, vault=None, **how):
    """(cleared, restorer) of a body that may only go masked."""
    decision = decided(body, dialect, **how)
    return MaskingProtector(vault or Vault()).clear(decision, decision.routes[0])


def streamed(restorer, frames):
    """Every frame that comes out, the last ones too."""
    out = []
    for frame in frames:
        out.extend(restorer.frame(frame))
    return [*out, *restorer.finish()]


def pieces(text, size):
    return [text[at : at + size] for at in range(0, len(text), size)] or [""]


def chunk(index=0, finish=None, **delta):
    return Frame({"id": "c", "choices": [{"index": index, "delta": delta, "finish_reason": finish}]})


def said(frames, member="content"):
    """The text that chat chunks add up to."""
    return "".join(f.data["choices"][0]["delta"].get(member) or "" for f in frames if f.data.get("choices"))
