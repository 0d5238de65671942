"""What the strip says before is what the receipt says after; nothing leaves that it did not tell of."""

import pytest

from tests.e2e.web.driving import ask, strip_facts

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("web-chat")]

PROMPTS = [
    ("auto", "What is the capital of Portugal?"),
    ("auto", "My HKID is A123456(3). Is it valid?"),
    ("auto", "Call Chan Tai Man on 9123 4567 about the viewing, phone first."),
    ("auto", "Card 4111 1111 1111 1111 was charged twice, write a complaint."),
    ("auto:private", "Summarise: patient Chan Tai Man, HKID A123456(3), diagnosed with diabetes."),
    ("auto", "Log in with sk-proj-Zx81hd73kslQWErt9920aaBBccDDeeFF and list the files."),
    ("cloud", "Mail chan.taiman@example.com that the parcel has come."),
    ("campus", "Mail chan.taiman@example.com that the parcel has come, HKID A123456(3)."),
    ("auto", "香港有幾多個區？"),
    ("auto", "我個身份證號碼係 A123456(3)，幫我睇下啱唔啱。"),
    ("auto", "幫我覆陳大文，電話 9123 4567，話佢個位留咗。"),
    ("auto", "陳大文住喺旺角彌敦道 688 號 12 樓 B 室，寄封信畀佢。"),
    ("cloud", "請寫電郵到 taiman@example.hk，陳大文的身份證是 A123456(3)。"),
    ("auto:private", "陳大文嘅病歷：糖尿病，覆診 6 月 3 號。"),
    ("laptop", "將呢句譯做英文：今日天氣好好。"),
    ("campus", "陳大文 A123456(3) 想退款。"),
    ("auto", "幫我用英文覆呢個客：陳大文 (HKID A123456(3)，電話 9123 4567) 想取消6月3號嘅booking。"),
    ("auto", "Please 幫我 check 下 A123456(3) and email chan@example.com 個 result。"),
    ("cloud", "個 API key 係 sk-proj-Zx81hd73kslQWErt9920aaBBccDDeeFF，點解 login 唔到？"),
    ("auto", "Meeting 改咗去 Tuesday，draft 個 message 畀 team。"),
]
"""(model, text) in English, Chinese and both."""


def receipt_of(app, answer):
    name = answer.locator(".chip").get_attribute("href").rpartition("/")[2]
    return app.server.get(f"/sampan/receipts/{name}")


def before(strip):
    return {
        "place": (strip["realm"], strip["model"]),
        "masked": strip["masked"],
        "total": strip["total"],
        "rules": strip["rules"],
    }


def after(receipt):
    model, form = receipt["policy"]["chosen"]
    crossing = receipt["crossings"][0] if receipt["crossings"] else {}
    refused = [rules for name, _, rules in receipt["policy"]["refused"] if name == model]
    masked = crossing.get("masked", {})
    assert bool(masked) == (form == "masked")
    return {
        "place": (crossing.get("to", "personal"), model),
        "masked": masked,
        "total": sum(masked.values()),
        "rules": sorted({rule for rules in refused for rule in rules}),
    }


def test_the_strip_and_the_receipt_agree(app):
    wrong, places = [], set()
    with app.tab() as page:
        for model, text in PROMPTS:
            page.goto("/chat")
            told = before(strip_facts(page, text, model))
            shown = page.locator("#strip .fact").inner_text()
            found = after(receipt_of(app, ask(page, text)))
            places.add(found["place"][0])
            if told != found:
                wrong.append(f"{text}: {told} before, {found} after")
            if str(found["total"] or "") not in shown or any(rule not in shown for rule in found["rules"]):
                wrong.append(f"{text}: the strip reads {shown!r}, and the receipt {found}")
    assert wrong == []
    assert places >= {"personal", "enterprise", "public"}


def test_what_is_sent_is_what_the_preview_showed(app, provider):
    text = "Dear 陳大文, your HKID A123456(3) has come."
    with app.tab() as page:
        strip_facts(page, text)
        shown = page.locator("#strip .span").evaluate_all(
            "all => all.map((one) => [one.querySelector('.found').textContent, one.querySelector('code').textContent])"
        )
        start = len(provider.bodies)
        answer = ask(page, text)
        expected = text
        for value, stand_in in shown:
            expected = expected.replace(value, stand_in)
        assert [body["messages"][-1]["content"] for body in provider.bodies[start:]] == [expected]
        restored = answer.locator(".restored")
        assert restored.all_text_contents() == ["陳大文", "A123456(3)"]
        assert restored.first.get_attribute("title") == "The model saw [PERSON_1]"
        assert "陳大文" in answer.text_content()


def test_a_finding_can_be_sent_as_it_is_this_time(app, provider):
    with app.tab() as page:
        text = "The term 陳大文 is a common name."
        strip_facts(page, text)
        page.locator(".span", has_text="陳大文").click()
        with page.expect_response("**/chat/strip") as told:
            page.locator("[data-span=clear]").first.click()
        assert told.value.json()["total"] == 0
        start = len(provider.bodies)
        answer = ask(page, text)
        assert [body["messages"][-1]["content"] for body in provider.bodies[start:]] == [text]
        assert receipt_of(app, answer)["crossings"][0].get("masked", {}) == {}
