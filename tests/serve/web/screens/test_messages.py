"""What is done with single messages."""

import asyncio

import orjson
import pytest

from sampan.contract.request import Held
from sampan.flow.agreement import Approver
from tests.flow import stages as s
from tests.serve.web.screens.test_chat import asked, followed
from tests.serve.web.site_rig import Browser


async def test_answering_again_makes_a_sibling(browser):
    first = await asked(browser)
    await followed(browser, first["answer"])
    again = (await browser.send("POST", f"/chat/again/{first['answer']}", {"model": "cloud"})).json
    await followed(browser, again["answer"])
    page = (await browser.get(f"/chat/{first['conversation']}")).raw.decode()
    assert again["answer"] in page
    assert f'id="{first["answer"]}"' not in page
    assert "2/2" in page
    await browser.send("PATCH", f"/chat/{first['conversation']}", {"leaf": first["answer"]})
    page = (await browser.get(f"/chat/{first['conversation']}")).raw.decode()
    assert f'id="{first["answer"]}"' in page
    assert "1/2" in page


async def test_editing_without_a_new_answer(browser):
    begun = await asked(browser, "frist")
    await followed(browser, begun["answer"])
    question = browser.kept.message(browser.app._guard.owner({}).user, begun["answer"])[1].parent
    told = (await browser.send("POST", f"/chat/edit/{question}", {"text": "first"})).json
    assert "first" in told["html"]
    page = (await browser.get(f"/chat/{begun['conversation']}")).raw.decode()
    assert "frist</div>" not in page
    assert begun["answer"] in page


async def test_editing_and_asking_again_keeps_the_old_branch(browser):
    begun = await asked(browser, "one")
    await followed(browser, begun["answer"])
    user = browser.app._guard.owner({}).user
    question = browser.kept.message(user, begun["answer"])[1].parent
    again = (await browser.send("POST", f"/chat/edit/{question}", {"text": "two", "rerun": True})).json
    await followed(browser, again["answer"])
    assert "2/2" in again["html"]
    assert {m.text for m in browser.kept.messages(user, begun["conversation"]) if m.role == "user"} == {"one", "two"}


@pytest.mark.parametrize("text", ["", "  "])
async def test_nothing_is_no_edit(browser, text):
    begun = await asked(browser)
    await followed(browser, begun["answer"])
    question = browser.kept.message(browser.app._guard.owner({}).user, begun["answer"])[1].parent
    assert (await browser.send("POST", f"/chat/edit/{question}", {"text": text, "rerun": True})).status == 400
    assert (await browser.send("POST", f"/chat/edit/{begun['answer']}", {"text": "x"})).status == 400


async def test_places_say_where_it_may_be_answered(browser):
    begun = await asked(browser)
    await followed(browser, begun["answer"])
    html = (await browser.get(f"/chat/places/{begun['answer']}")).raw.decode()
    assert 'data-again="cloud"' in html
    assert "disabled" not in html


async def test_an_approval_is_asked_for_given_and_the_answer_comes(tmp_path):
    class Holds(s.Decider):
        def decide(self, labelled):
            offer = super().decide(labelled)
            return Held(offer, ("person",), ("ask-first",), "Somebody has to agree.")

    stages = s.stages(s.Scripted(s.model("cloud"), *s.good("yes")), decider=Holds(s.model("cloud")))
    browser = await Browser(tmp_path, stages=stages).enter()
    begun = await asked(browser)
    await asyncio.sleep(0.05)
    [item] = stages.holding.listed(Approver(browser.app._guard.owner({}).user))
    reply = await browser.send("POST", f"/chat/approvals/{item['id']}", {"action": "approve"})
    assert reply.status == 200, reply.raw
    told = await followed(browser, begun["answer"])
    assert [event["type"] for event in told if event["type"] in {"held", "end"}] == ["held", "end"]
    assert "Somebody has to agree." in next(event["html"] for event in told if event["type"] == "held")
    assert told[-1]["state"] == "complete"
    browser.close()


async def test_opinions_are_remembered(browser):
    assert (
        await browser.send("POST", "/chat/opinions", {"text": "Lotus", "kind": "USER_TERM", "action": "always"})
    ).status == 200
    assert browser.runtime.findings.done[0][1:] == ("Lotus", "always", "USER_TERM")
    assert (
        await browser.send("POST", "/chat/opinions", {"text": "Lotus", "action": "forget everything"})
    ).status == 400


async def test_taking_a_conversation_along(browser):
    begun = await asked(browser, "hi\nthere")
    await followed(browser, begun["answer"])
    path = f"/chat/{begun['conversation']}/export"
    markdown = await browser.get(path)
    assert "> hi\n> there" in markdown.raw.decode()
    assert "Hello **you**" in markdown.raw.decode()
    assert markdown.headers["content-disposition"].startswith("attachment")
    value = orjson.loads((await browser.get(f"{path}?form=json")).raw)
    assert [message["role"] for message in value["messages"]] == ["user", "assistant"]
    assert value["messages"][1]["receipt"]["id"].startswith("rcp_")


async def test_an_exported_file_is_called_as_the_conversation_is(browser):
    begun = await asked(browser, "x")
    path = f"/chat/{begun['conversation']}"
    for title, called in (('陳大文 "../a:b"', "%E9%99%B3%E5%A4%A7%E6%96%87%20a%20b.md"), ("\u202e///", "U%20202E.md")):
        await browser.send("PATCH", path, {"title": title})
        told = (await browser.get(f"{path}/export")).headers["content-disposition"]
        assert told == f"attachment; filename=\"{begun['conversation']}.md\"; filename*=UTF-8''{called}"
