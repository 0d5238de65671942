"""What would happen: nothing is sent, nothing recorded."""

from sampan.contract.labels import Kind
from sampan.contract.request import Decided, Form, Refused, Route
from sampan.flow.preview import preview
from tests.flow import stages as s


class Protector:
    def preview(self, decided, route):
        return {"A123456(3)": "[HKID_1]"}


class Masks(s.Decider):
    def decide(self, labelled):
        form = Form(frozenset({Kind.HKID}))
        return Decided(labelled, tuple(Route(model, form) for model in self.routes), (), "test", "sha256:0")


def parts(decider):
    provider, records = s.Scripted(s.model("cloud"), *s.good("x")), s.Records()
    return provider, records, s.stages(provider, records=records, decider=decider)._replace(protector=Protector())


async def test_what_would_be_masked():
    provider, records, stages = parts(Masks(s.model("cloud")))
    seen = await preview(s.request(), stages)
    assert seen.stand_ins == {"A123456(3)": "[HKID_1]"}
    assert (provider.calls, records.opened) == (0, [])


async def test_nothing_masked_where_it_goes_in_the_clear_or_nowhere():
    assert (await preview(s.request(), parts(s.Decider(s.model("cloud")))[2])).stand_ins == {}
    refused = s.Decider(refusal=lambda labelled: Refused(labelled, ("r",), "no", ()))
    assert (await preview(s.request(), parts(refused)[2])).stand_ins == {}
