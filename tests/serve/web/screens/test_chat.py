"""Chat over HTTP: what is sent, what is kept, what comes back."""

import asyncio
import base64
import re

import orjson
import pytest

from sampan.contract.answer import Started
from sampan.contract.chat import Message, State
from sampan.contract.errors import UpstreamDown
from sampan.contract.request import Held, Refused
from sampan.flow.preview import preview
from tests.flow import stages as s
from tests.serve.web.site_rig import Browser


async def asked(browser, text="hi", **more):
    reply = await browser.send("POST", "/chat/send", {"text": text, **more})
    assert reply.status == 200, reply.raw
    return reply.json


def events(reply):
    return [orjson.loads(line[6:]) for line in reply.raw.split(b"\n") if line.startswith(b"data: ")]


async def followed(browser, answer, after=0):
    return events(await browser.get(f"/chat/answers/{answer}/events?after={after}"))


async def test_asking_keeps_the_question_and_streams_the_answer(browser):
    begun = await asked(browser, "hi <there>")
    assert "hi &lt;there&gt;" in begun["html"]
    told = await followed(browser, begun["answer"])
    assert [e["text"] for e in told if e["type"] == "delta"] == ["Hello ", "**you**"]
    assert "<strong>you</strong>" in "".join(e["html"] for e in told if e["type"] == "block")
    assert told[-1]["type"] == "end"
    page = (await browser.get(f"/chat/{begun['conversation']}")).raw.decode()
    assert "hi &lt;there&gt;" in page
    assert "<strong>you</strong>" in page
    assert page.count("<article") == 2


async def test_coming_back_in_the_middle_gets_the_rest_once(browser):
    begun = await asked(browser)
    whole = await followed(browser, begun["answer"])
    for at in range(len(whole) + 1):
        assert await followed(browser, begun["answer"], at) == whole[at:]


async def test_the_answer_goes_on_when_nobody_listens(browser):
    begun = await asked(browser)
    await asyncio.sleep(0.05)
    user = browser.app._guard.owner({}).user
    _, message = browser.kept.message(user, begun["answer"])
    assert (message.text, message.state) == ("Hello **you**", State.COMPLETE)
    assert message.receipt.startswith("rcp_")


async def test_a_second_question_carries_the_first(tmp_path):
    seen = []

    class Decider(s.Decider):
        def decide(self, labelled):
            seen.append(labelled.request.body["messages"])
            return super().decide(labelled)

    model = s.model("cloud")
    stages = s.stages(s.Scripted(model, *s.good("yes")), decider=Decider(model))
    browser = await Browser(tmp_path, stages=stages).enter()
    first = await asked(browser, "one")
    await followed(browser, first["answer"])
    second = await asked(browser, "two", conversation=first["conversation"], parent=first["answer"])
    await followed(browser, second["answer"])
    assert [m["content"] for m in seen[-1]] == ["one", "yes", "two"]
    browser.close()


async def test_a_refusal_is_an_answer(tmp_path):
    def refusal(labelled):
        return Refused(labelled, ("hk-id-stays-home",), "HKIDs stay home.", ("ask `auto:private`", "mask more"))

    stages = s.stages(s.Scripted(s.model("cloud")), decider=s.Decider(refusal=refusal))
    browser = await Browser(tmp_path, stages=stages).enter()
    begun = await asked(browser)
    await followed(browser, begun["answer"])
    page = (await browser.get(f"/chat/{begun['conversation']}")).raw.decode()
    assert "HKIDs stay home." in page
    assert "mask more" in page
    browser.close()


async def test_a_failure_keeps_what_came(tmp_path):
    provider = s.Scripted(s.model("cloud"), Started(), s.text("half "), UpstreamDown("It broke."))
    browser = await Browser(tmp_path, provider).enter()
    begun = await asked(browser)
    told = await followed(browser, begun["answer"])
    assert told[-1]["state"] == "failed"
    page = (await browser.get(f"/chat/{begun['conversation']}")).raw.decode()
    assert "half" in page
    assert "It broke." in page
    browser.close()


async def test_stopping(tmp_path):
    gate = asyncio.Event()
    records = s.Records()
    provider = s.Scripted(s.model("cloud"), Started(), s.text("half "), gate.wait, s.text("never"))
    browser = await Browser(tmp_path, stages=s.stages(provider, records=records)).enter()
    begun = await asked(browser)
    await asyncio.sleep(0.05)
    assert (await browser.send("POST", f"/chat/answers/{begun['answer']}/stop", {})).status == 200
    user = browser.app._guard.owner({}).user
    _, message = browser.kept.message(user, begun["answer"])
    assert (message.text, message.state) == ("half ", State.STOPPED)
    assert records.closed[0][1].end == "stopped"
    assert provider.closed == 1
    browser.close()


async def test_the_strip_says_where_it_would_go(browser):
    told = (await browser.send("POST", "/chat/strip", {"text": "hi"})).json
    assert (told["outcome"], told["model"], told["realm"]) == ("decided", "cloud", "public")
    assert "cloud" in told["html"]
    assert set(told) <= {"outcome", "realm", "model", "form", "masked", "total", "rules", "html"}, "findings once only"
    assert browser.stages.recorder.opened == []


async def test_drafts_titles_and_deleting(browser):
    begun = await asked(browser)
    path = f"/chat/{begun['conversation']}"
    await browser.send("PATCH", path, {"draft": "typed <b>", "title": "My title"})
    page = (await browser.get(path)).raw.decode()
    assert "typed &lt;b&gt;</textarea>" in page
    assert "My title" in page
    assert (await browser.send("DELETE", path, {})).status == 204
    assert (await browser.get(path)).status == 404


async def test_what_can_be_done_with_a_conversation_that_has_just_begun(browser):
    for temporary in (False, True):
        begun = await asked(browser, "<dragon>", temporary=temporary)
        part = (await browser.get(f"/chat/{begun['conversation']}/about")).raw.decode()
        assert f'data-does="DELETE /chat/{begun["conversation"]}"' in part
        assert (f"/chat/{begun['conversation']}/export" in part) is not temporary
        assert "<dragon>" not in part
    assert (await browser.get("/chat/cnv_x/about")).status == 404


async def test_searching(browser):
    begun = await asked(browser, "where is the dragon boat")
    found = (await browser.form("/chat/list", search="DRAGON")).raw.decode()
    assert begun["conversation"] in found
    assert begun["conversation"] not in (await browser.form("/chat/list", search="lion")).raw.decode()


@pytest.mark.parametrize(
    ("method", "path", "value"),
    [
        ("POST", "/chat/send", {"text": "   "}),
        ("POST", "/chat/send", {"text": 3}),
        ("POST", "/chat/send", {"text": "x", "nothing": 1}),
        ("PATCH", "/chat/x", {"draft": 5}),
    ],
)
async def test_bad_input_is_said(browser, method, path, value):
    assert (await browser.send(method, path, value)).status == 400


@pytest.mark.parametrize("path", ["/chat/cnv_x", "/chat/answers/msg_x/events"])
async def test_what_is_not_there(browser, path):
    assert (await browser.get(path)).status == 404


async def test_files_go_with_the_message(tmp_path):
    seen = []

    class Decider(s.Decider):
        def decide(self, labelled):
            seen.append(labelled.request.body["messages"])
            return super().decide(labelled)

    model = s.model("cloud")
    browser = await Browser(
        tmp_path, stages=s.stages(s.Scripted(model, *s.good("yes")), decider=Decider(model))
    ).enter()
    file = {"name": "a.csv", "kind": "text/csv", "data": base64.b64encode(b"x,y").decode()}
    begun = await asked(browser, "see", files=[file])
    await followed(browser, begun["answer"])
    assert "a.csv" in begun["html"]
    second = await asked(browser, "and", conversation=begun["conversation"], parent=begun["answer"])
    await followed(browser, second["answer"])
    for messages in seen:
        assert messages[0]["content"][1] == {
            "type": "file",
            "file": {"filename": "a.csv", "file_data": "data:text/csv;base64,eCx5"},
        }
    browser.close()


@pytest.mark.parametrize("file", [{"name": "a", "kind": "text/csv", "data": "%%"}, {"name": "", "kind": "text/csv", "data": ""},
                                  {"name": "a", "kind": "x'><script>", "data": ""}, {"name": "a"}])  # fmt: skip
async def test_what_is_no_file_is_refused(browser, file):
    assert (await browser.send("POST", "/chat/send", {"text": "x", "files": [file]})).status == 400


async def test_too_many_files(browser):
    file = {"name": "a", "kind": "text/csv", "data": ""}
    assert (await browser.send("POST", "/chat/send", {"text": "x", "files": [file] * 11})).status == 400


async def test_a_temporary_chat_is_listed_and_kept_nowhere(browser):
    begun = await asked(browser, "secret dragon", temporary=True)
    await followed(browser, begun["answer"])
    assert begun["conversation"].startswith("tmp_")
    assert "secret dragon" in (await browser.get(f"/chat/{begun['conversation']}")).raw.decode()
    assert browser.kept.listed(browser.app._guard.owner({}).user) == []
    assert len(browser.stages.recorder.closed) == 1


async def waiting(tmp_path):
    """A browser, and an answer whose model never begins."""
    provider = s.Scripted(s.model("cloud"), asyncio.Event().wait)
    browser = await Browser(tmp_path, provider).enter()
    begun = await asked(browser)
    await asyncio.sleep(0.02)
    return browser, provider, begun


async def test_deleting_a_conversation_stops_its_answers(tmp_path):
    browser, provider, begun = await waiting(tmp_path)
    assert (await browser.send("DELETE", f"/chat/{begun['conversation']}", {})).status == 204
    assert provider.closed == 1
    browser.close()


async def test_deleting_all_conversations_stops_their_answers(tmp_path):
    browser, provider, _ = await waiting(tmp_path)
    reply = await browser.send("DELETE", "/settings/conversations", {"sure": True})
    assert reply.json == {"deleted": 1}
    assert provider.closed == 1
    browser.close()


async def test_nobody_follows_an_answer_after_the_session_is_over(tmp_path):
    gate = asyncio.Event()
    browser = await Browser(tmp_path, s.Scripted(s.model("cloud"), gate.wait, *s.good("secret"))).enter()
    begun = await asked(browser)
    following = asyncio.ensure_future(followed(browser, begun["answer"]))
    await asyncio.sleep(0.02)
    assert (await browser.send("POST", "/leave", {})).status == 303
    gate.set()
    assert [e["type"] for e in await following] == ["status"]
    browser.close()


async def test_a_number_that_is_far_too_long_is_a_number(browser):
    begun = await asked(browser)
    assert (await browser.get(f"/chat/answers/{begun['answer']}/events?after={'9' * 5000}")).status == 200


async def test_one_look_at_a_time_and_none_for_who_left(tmp_path, monkeypatch):
    under_way, most, looks = 0, 0, []

    async def slow(asked, _):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        looks.append(asked.body["messages"][-1]["content"])
        await asyncio.sleep(0.02)
        under_way -= 1
        return await preview(asked, browser.stages)

    browser = await Browser(tmp_path).enter()
    monkeypatch.setattr("sampan.serve.web.screens.chat.preview", slow)
    replies = [asyncio.ensure_future(browser.send("POST", "/chat/strip", {"text": text})) for text in "abc"]
    assert [(await reply).status for reply in replies] == [200] * 3
    assert (most, looks) == (1, ["a", "b", "c"])

    async def gone(_):
        return True

    monkeypatch.setattr("starlette.requests.Request.is_disconnected", gone)
    assert (await browser.send("POST", "/chat/strip", {"text": "d"})).status == 204
    assert looks == ["a", "b", "c"]
    browser.close()


async def test_what_is_searched_for_is_in_no_address(browser):
    page = (await browser.get("/chat")).raw.decode()
    assert 'hx-post="/chat/list' in page
    await asked(browser, "hello there")
    assert "No conversation says that." not in (await browser.get("/chat/list?search=nothing")).raw.decode()


async def test_what_would_wait_for_an_approval_says_so(tmp_path):
    class Decider(s.Decider):
        def decide(self, labelled):
            return Held(super().decide(labelled), ("teachers",), ("ask-a-teacher",), "a pupil is named")

    model = s.model("cloud")
    stages = s.stages(s.Scripted(model, *s.good("yes")), decider=Decider(model))
    browser = await Browser(tmp_path, stages=stages).enter()
    reply = await browser.send("POST", "/chat/strip", {"text": "hi"})
    assert reply.status == 200
    assert "Needs an approval" in reply.json["html"]
    assert "teachers" in reply.json["html"]
    browser.close()


async def test_what_finds_no_room_leaves_no_conversation_behind(browser):
    user = browser.app._guard.owner({}).user
    with browser.device.write() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    with browser.device.write() as connection:
        connection.execute(f"PRAGMA max_page_count = {pages}")
    reply = await browser.send("POST", "/chat/send", {"text": "long " * 40_000})
    assert reply.status == 507
    assert browser.kept.listed(user) == []


async def test_a_long_conversation_is_drawn_from_its_end(browser):
    user = browser.app._guard.owner({}).user
    made, parent = browser.kept.begin(user, "long"), ""
    for n in range(250):
        message = Message(f"msg_{n}", parent, "assistant" if n % 2 else "user", f"said {n}.", float(n))
        browser.kept.add(user, made.id, message)
        parent = message.id
    page, numbers = (await browser.get(f"/chat/{made.id}")).raw.decode(), []
    while True:
        shown = [int(each) for each in re.findall(r"said (\d+)\.", page)]
        numbers = list(dict.fromkeys(shown)) + numbers
        more = re.search(r'hx-get="(/chat/cnv_[^"]+/earlier[^"]+)"', page)
        if not more:
            break
        assert len(set(shown)) == 100
        page = (await browser.get(more[1], hx_request="true")).raw.decode()
    assert numbers == list(range(250))
