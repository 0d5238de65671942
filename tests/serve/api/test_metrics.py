"""What is counted, and that no label is of the caller's making."""

import re

from sampan.contract.errors import UnknownModel, UpstreamRefused
from sampan.contract.labels import Kind, Labels, Sensitivity
from sampan.contract.request import Decided, Form, Labelled, Route
from sampan.serve.api.metrics import exposition
from tests.flow import stages as s
from tests.serve import rig

WORD = "A1234563-typed-by-somebody"


async def text(app):
    reply = await rig.ask(app, "GET", "/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    return reply.raw.decode()


def value(page, line):
    found = re.search(rf"^{re.escape(line)} (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_no_label_carries_a_value_of_a_request():
    class Asked(s.Decider):
        def decide(self, labelled):
            raise UnknownModel(f"There is no model called {labelled.request.asked}.")

    upstream = UpstreamRefused(WORD, status=400, upstream={"error": {"message": WORD, "type": WORD, "code": WORD}})
    unknown = rig.app(stages=s.stages(decider=Asked()))
    failing = rig.app(s.Scripted(s.model("cloud"), upstream))
    headers = {"user-agent": WORD, "x-request-id": WORD, "idempotency-key": WORD}
    for app, body in ((unknown, rig.CHAT | {"model": WORD}), (failing, rig.CHAT), (rig.app(), rig.CHAT | {"user": WORD}),
                      (rig.app(), rig.CHAT | {"messages": [{"role": WORD, "content": WORD}]}), (rig.app(), WORD.encode())):  # fmt: skip
        await rig.ask(app, "POST", "/v1/chat/completions", body, headers)
        await rig.ask(app, "POST", f"/v1/{WORD}", body, headers)
        assert WORD.lower() not in (await text(app)).lower()


async def test_asking_for_many_names_makes_no_new_series():
    app = rig.app(stages=s.stages(decider=s.Decider()))
    await rig.ask(app, "POST", "/v1/chat/completions", rig.CHAT)
    before = (await text(app)).count("\n")
    for number in range(20):
        await rig.ask(app, "POST", "/v1/chat/completions", rig.CHAT | {"model": f"model-{number}"})
        await rig.ask(app, "GET", f"/v1/models/model-{number}")
    assert (await text(app)).count("\n") == before


async def test_an_answer_is_counted_with_what_was_masked():
    class Masking(s.Decider):
        def decide(self, labelled):
            counts = {Kind.PHONE: 2, Kind.EMAIL: 1}
            labels = Labels(counts, Sensitivity.CONFIDENTIAL, {})
            route = Route(self.routes[0], Form(frozenset({Kind.PHONE})))
            return Decided(Labelled(labelled.request, (), labels), (route,), (), "test", "sha256:0")

    provider = s.Scripted(s.model("cloud"), *s.good("a"))
    app = rig.app(stages=s.stages(provider, decider=Masking(provider.model)))
    before = await text(app)
    await rig.ask(app, "POST", "/v1/chat/completions", rig.CHAT)
    after = await text(app)
    for line, more in (('sampan_masked_total{kind="PHONE"}', 2), ('sampan_masked_total{kind="EMAIL"}', 0),
                       ('sampan_requests_total{end="answered",form="masked",model="cloud"}', 1),
                       ('sampan_request_seconds_count{model="cloud"}', 1)):  # fmt: skip
        assert value(after, line) - value(before, line) == more


def test_models_that_are_gone_are_gone():
    drift = rig.Routing().health()["drift"]
    first = exposition("12:abc", rig.Models("one", "two", state="loading 5 %"), {}, drift).decode()
    assert value(first, 'sampan_model_ready{model="two",realm="public"}') == 0.0
    assert 'model="two"' in first
    assert value(first, "sampan_receipts") == 12.0
    second = exposition("", rig.Models("one"), {"tagger": {"times": 3}}, drift | {"alarm": True}).decode()
    assert (value(first, "sampan_route_drift"), value(second, "sampan_route_drift")) == (0.0, 1.0)
    assert (value(first, "sampan_route_outcomes"), value(first, "sampan_route_calibration_error")) == (7.0, 0.25)
    assert value(second, 'sampan_model_ready{model="one",realm="public"}') == 1.0
    assert 'sampan_model_ready{model="two"' not in second
    assert value(second, "sampan_receipts") == 0.0
    assert value(second, 'sampan_detector_failures{detector="tagger"}') == 3.0
