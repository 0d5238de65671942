"""Held requests for tests."""

from sampan.contract.ids import new_id
from sampan.contract.labels import Kind, Labels, Sensitivity
from sampan.contract.request import Decided, Dialect, Form, Held, Labelled, Principal, Request, Route
from sampan.flow.agreement import Approver
from sampan.flow.run import now
from tests.flow import stages as s

ASKER = Principal("ann", key="key_app")
OWNER = Approver("owner")
ANN = Approver("ann", key="key_ann")
STAFF = Approver("wong", ("staff",), "key_wong")


def request(text="hi", principal=ASKER, conversation="", **more):
    body = {"model": "cloud", "messages": [{"role": "user", "content": text}]}
    return Request(new_id("rcp"), Dialect.CHAT, body, principal, "cloud", stream=False, received=now(),
                   conversation=conversation, **more)  # fmt: skip


def held(asked=None, needed=("staff",), rules=("ask",), kinds=(), masked=frozenset(), **more):
    labels = Labels(dict.fromkeys(kinds, 1), Sensitivity.INTERNAL, {"patterns": "1"})
    labelled = Labelled(asked or request(), (), labels)
    route = Route(more.pop("model", s.model("cloud")), Form(frozenset(masked)))
    offer = Decided(labelled, (route,), (), "asked by name", more.pop("policy", "sha256:1"))
    return Held(offer, tuple(needed), tuple(rules), "somebody has to look", **more)


PHONE, EMAIL = Kind.PHONE, Kind.EMAIL


class Deciding:
    """A decider that holds everything it is shown; `says` replaces its answer."""

    def __init__(self, **facts):
        self.facts, self.says, self.asked = facts, None, 0

    def decide(self, labelled):
        self.asked += 1
        if self.says is not None:
            return self.says(labelled)
        return held(labelled.request, **self.facts)
