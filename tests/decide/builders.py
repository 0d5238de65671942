"""Builders for the tests of deciding."""

from sampan.contract.labels import Finding, Kind, Labels, Passage, Piece, sensitivity_of
from sampan.contract.models import Model, Price, Realm, Site, Wire
from sampan.contract.request import Dialect, Labelled, Principal, Request
from sampan.settings import Paths

LOCAL = Model("local", Realm.PERSONAL, (Wire.LOCAL,), site=Site.DEVICE, context=4096)
CAMPUS = Model("campus", Realm.ENTERPRISE, (Wire.OPENAI,), site=Site.EDGE, context=32768, price=Price(0.5, 1.0))
CHEAP = Model("cheap", Realm.PUBLIC, (Wire.OPENAI,), context=64000, price=Price(0.2, 0.4))
CLOUD = Model("cloud", Realm.PUBLIC, (Wire.OPENAI,), jurisdiction="US", context=128000, price=Price(2.5, 10.0))
E5 = Model("e5", Realm.PERSONAL, (Wire.LOCAL,), site=Site.DEVICE, context=512, capabilities=frozenset({"embeddings"}))


def home(folder) -> Paths:
    """A home in one folder."""
    return Paths(folder, folder / "data", folder / "state", folder / "run")


def make(text="hello", findings=(), asked="auto", **given) -> Labelled:
    """A labelled chat request. `findings`: (kind, text) pairs. `given`: fields of Labels, Request, or `body`."""
    body = {"model": asked, "messages": [{"role": "user", "content": text}]} | given.pop("body", {})
    labels = {name: given.pop(name) for name in list(given) if name in Labels.__struct_fields__}
    request = Request(
        "rcp_1", given.pop("dialect", Dialect.CHAT), body, given.pop("principal", Principal("ann")), asked,
        stream=False, received=0.0, **given,
    )  # fmt: skip
    spans, counts = [], {}
    for kind, found in findings:
        at = max(text.find(found), 0)
        spans.append(Finding(at, at + len(found), kind, 1.0, found))
        if kind is not Kind.LOOKALIKE:
            counts[kind] = counts.get(kind, 0) + 1
    passage = Passage(text, (Piece(("messages", 0, "content"), 0, len(text)),), tuple(spans))
    facts = {"sensitivity": sensitivity_of(frozenset(counts)), "detectors": {"patterns": "1"}} | labels
    return Labelled(request, (passage,), Labels(counts, **facts))
