"""Files handed on as their text: only where they could go nowhere, masked like typed text, and told."""

import base64
from functools import partial

import pytest

from sampan.contract.errors import BadRequest
from sampan.contract.files import FileText
from sampan.contract.labels import Kind
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Decided, Dialect, Principal, Refused, Request
from sampan.decide.decider import PolicyDecider
from sampan.decide.packs import default_folders
from sampan.decide.rulebook import Rulebook
from sampan.flow import as_text
from sampan.flow.gather import Turns
from sampan.flow.holding import Holding
from sampan.flow.preview import preview
from sampan.flow.run import decide_only, run
from sampan.flow.stages import Stages
from sampan.protect import MaskingProtector
from sampan.record.build import decided_part
from sampan.understand import BodyLabeller, Detector
from tests.flow import stages as s

HKID = "A123456(3)"
RULES = Rulebook(default_folders()).current()
TEXT_ONLY = frozenset({"chat", "completions", "tools"})
HERE = Model("here", Realm.PERSONAL, (Wire.FAKE,), context=4096, capabilities=TEXT_ONLY)
SEES = Model("sees", Realm.PERSONAL, (Wire.FAKE,), context=4096, capabilities=TEXT_ONLY | {"vision"})
CLOUD = Model("cloud", Realm.PUBLIC, (Wire.FAKE,), context=128000)
PDF = FileText("PDF", ("Author: Ann Wong", f"The tenant's HKID is {HKID}."), shown=(1,))
HARMLESS = FileText("PDF", ("The harvest was good.",), shown=(0,))
HALF = FileText("PDF", ("The harvest was good.",), "page 2 shows a picture", shown=(0,))
PHOTO = FileText("JPEG picture")
SCREENSHOT = FileText("PNG picture", ("Total due: 40 dollars",), shown=(0,))
CLOSED = FileText("PDF", (), "it is encrypted")


class Reader:
    """Reads whatever stands under the file's own bytes."""

    def __init__(self, **known):
        self.known, self.asked = known, []

    def read(self, data, declared):
        self.asked.append(data.decode())
        return self.known[data.decode()]


def file(name="a"):
    url = f"data:application/pdf;base64,{base64.b64encode(name.encode()).decode()}"
    return {"type": "file", "file": {"filename": "lease.pdf", "file_data": url}}


def picture(name="a"):
    return {"type": "image_url", "image_url": {"url": file(name)["file"]["file_data"]}}


def said(text="Who is the tenant?"):
    return {"type": "text", "text": text}


def asking(*parts, asked="auto", dialect=Dialect.CHAT, body=None):
    body = body or {"model": asked, "messages": [{"role": "user", "content": list(parts)}]}
    return Request("rcp_1", dialect, body, Principal("ann"), asked, stream=False, received=0.0, text_size=100)


class World:
    """Real labels, rules and masks around models that play a part."""

    def __init__(self, *models, **known):
        self.records, self.reader = s.Records(), Reader(**known)
        self.providers = {model.name: s.Scripted(model, *s.good("fine")) for model in models}
        decider = PolicyDecider(lambda: RULES, lambda: models)
        labeller = BodyLabeller(Detector.patterns([]), files=self.reader)
        turns = Turns(s.Kept())
        self.stages = Stages(turns, labeller, decider, MaskingProtector(None), self.providers, self.records, Holding())

    async def decide(self, request):
        return await decide_only(request, self.stages)


def sent(decision):
    return decision.labelled.request.body["messages"][-1]["content"]


async def test_a_model_that_reads_no_files_gets_the_text():
    decision = await World(HERE, a=PDF).decide(asking(said(), file()))
    assert [route.model.name for route in decision.routes] == ["here"]
    text = f"--- lease.pdf ---\nThe tenant's HKID is {HKID}.\n--- end of lease.pdf ---\n"
    assert sent(decision) == [{"type": "text", "text": text}, said()]
    labels = decision.labelled.labels
    assert (labels.as_text, labels.counts, labels.unmaskable) == ({"PDF": 1}, {Kind.HKID: 1}, frozenset())
    assert labels.files == {"PDF": {Kind.HKID}}
    assert decision.labelled.files == ()
    assert decided_part(decision)["as_text"] == {"PDF": 1}


async def test_what_keeps_a_file_at_home_is_masked_in_its_text():
    world = World(CLOUD, a=PDF)
    decision = await world.decide(asking(said(), file()))
    assert decision.routes[0].form.masked == {Kind.HKID}
    cleared, _ = world.stages.protector.clear(decision, decision.routes[0])
    assert HKID not in str(cleared.body)
    assert "[HKID_1]" in str(cleared.body)
    assert "Ann Wong" not in str(cleared.body)


async def test_a_file_that_may_go_as_it_is_does():
    world = World(CLOUD, HERE, a=HARMLESS)
    decision = await world.decide(asking(said(), file()))
    assert [route.model.name for route in decision.routes] == ["cloud"]
    assert sent(decision) == [said(), file()]
    assert decision.labelled.labels.as_text == {}
    assert "as_text" not in decided_part(decision)
    assert len(world.reader.asked) == 1


async def test_what_could_not_be_read_stays_known():
    decision = await World(HERE, a=HALF).decide(asking(said(), file()))
    assert decision.labelled.labels.unread == ("the PDF cannot be read: page 2 shows a picture",)
    assert "(not all of it could be read: page 2 shows a picture)" in sent(decision)[0]["text"]
    decision = await World(CLOUD, a=HALF).decide(asking(said(), file()))
    assert isinstance(decision, Refused)
    assert decision.rules == ("unread-stays-home",)
    assert decision.labelled.labels.as_text == {}


@pytest.mark.parametrize("known", [PHOTO, CLOSED])
async def test_a_file_that_says_nothing(known):
    with pytest.raises(BadRequest, match="does not offer files"):
        await World(HERE, a=known).decide(asking(said(), file()))


async def test_a_picture_is_handed_on_only_where_it_has_to_be():
    two = asking(said(), file("a"), picture("b"))
    decision = await World(SEES, a=PDF, b=PHOTO).decide(two)
    assert decision.labelled.labels.as_text == {"PDF": 1}
    assert sent(decision)[2] == picture("b")
    decision = await World(HERE, a=PDF, b=SCREENSHOT).decide(two)
    assert decision.labelled.labels.as_text == {"PDF": 1, "PNG picture": 1}
    assert "Total due" in sent(decision)[1]["text"]
    with pytest.raises(BadRequest):
        await World(HERE, a=PDF, b=PHOTO).decide(two)


async def test_the_texts_size_counts():
    long = FileText("PDF", ("All work and no play. " * 4000,), shown=(0,))
    decision = await World(HERE, a=long).decide(asking(said(), file()))
    assert isinstance(decision, Refused)
    assert decision.code == "context_length_exceeded"
    assert decision.labelled.labels.as_text == {"PDF": 1}


async def test_a_refusal_that_text_would_not_help_against_is_told_of_the_text():
    secret = FileText(
        "PDF", ("-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq3\n-----END RSA PRIVATE KEY-----",), shown=(0,)
    )
    decision = await World(CLOUD, a=secret).decide(asking(said(), file()))
    if isinstance(decision, Refused):
        assert not any("text of the file" in way for way in decision.ways_on)
    else:
        assert Kind.PRIVATE_KEY in decision.routes[0].form.masked


async def test_every_dialect_and_tool_results():
    data = file()["file"]["file_data"]
    source = {"type": "base64", "media_type": "application/pdf", "data": data.partition(",")[2]}
    block = {"type": "document", "title": "My lease", "source": source, "cache_control": {"type": "ephemeral"}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": [block]}
    body = {"model": "auto", "max_tokens": 5, "messages": [{"role": "user", "content": [result, said()]}]}
    decision = await World(HERE, a=HARMLESS).decide(asking(dialect=Dialect.MESSAGES, body=body))
    part = sent(decision)[0]["content"][0]
    assert (part["type"], part["cache_control"]) == ("text", {"type": "ephemeral"})
    assert part["text"].startswith("--- My lease ---\nThe harvest")
    assert body["messages"][0]["content"][0]["content"] == [block]

    own = {"type": "input_file", "filename": "a.pdf", "file_data": data}
    body = {"model": "auto", "input": [{"role": "user", "content": [{"type": "input_text", "text": "?"}, own]}]}
    decision = await World(HERE, a=HARMLESS).decide(asking(dialect=Dialect.RESPONSES, body=body))
    first = decision.labelled.request.body["input"][0]["content"][0]
    assert first == {"type": "input_text", "text": "--- a.pdf ---\nThe harvest was good.\n--- end of a.pdf ---\n"}


async def test_what_stands_in_no_list_of_parts_is_left():
    body = {"model": "auto", "messages": [{"role": "user", "content": [said()], "more": file()}]}
    world = World(CLOUD, a=PDF)
    assert isinstance(await world.decide(asking(body=body)), Refused)
    asked = '{"content": [' + str(file()).replace("'", '"') + "]}"
    body = {"model": "auto", "messages": [{"role": "assistant", "tool_calls": [{"function": {"arguments": asked}}]}]}
    assert isinstance(await world.decide(asking(body=body)), Decided | Refused)


async def test_nothing_moves_around_other_parts():
    other = {"type": "file", "file": {"file_id": "f1"}}
    labelled = World(CLOUD, a=HARMLESS).stages.labeller.label(asking(said(), other, file()))

    async def again(request):
        return World(CLOUD, a=HARMLESS).stages.labeller.label(request)

    text = await as_text.handed_on(labelled, labelled.files, again)
    assert [part["type"] for part in text.request.body["messages"][0]["content"]] == ["text", "file", "text"]


async def test_it_runs_is_recorded_once_and_the_preview_says_the_same():
    world = World(HERE, CLOUD, a=PDF)
    request = asking(said("我的HKID是" + HKID), file())
    decided = []
    opened = world.records.open

    def opening(request):
        record = opened(request)
        record.decided = decided.append
        return record

    world.records.open = opening
    answer = await run(request, world.stages)
    assert [frame async for frame in answer.frames]
    (decision,) = decided
    seen = (await preview(request, world.stages)).decision
    assert seen.labelled.labels == decision.labelled.labels
    assert [route.model.name for route in seen.routes] == [route.model.name for route in decision.routes]
    assert decision.labelled.labels.languages == ("yue",) or "zh" in decision.labelled.labels.languages[0]
    assert [end.end for _, end in world.records.closed] == ["complete"]


async def test_an_approval_is_for_the_text_that_was_decided_on():
    held = []

    class Decider:
        def decide(self, labelled):
            if labelled.files:
                return Refused(labelled, ("r",), "no", ())
            held.append(labelled)
            return Decided(labelled, (), (), "", "")

    world = World(CLOUD, a=PDF)
    labelled = world.stages.labeller.label(asking(said(), file()))

    async def again(request, labeller):
        return labeller.label(request)

    what, _ = await as_text.decide(labelled, Decider(), partial(again, labeller=world.stages.labeller))
    assert what is held[0]
    assert what.labels.as_text == {"PDF": 1}
