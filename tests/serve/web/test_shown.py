"""Messages as pages show them."""

from tests.serve.web.screens.test_chat import asked, followed


async def test_what_was_put_back_is_marked(browser):
    begun = await asked(browser)
    await followed(browser, begun["answer"])
    user = browser.app._guard.owner({}).user
    _, message = browser.kept.message(user, begun["answer"])
    from msgspec import structs

    facts = {**message.facts, "restored": {"you": "[PERSON_1]"}}
    browser.kept.change(user, structs.replace(message, facts=facts))
    page = (await browser.get(f"/chat/{begun['conversation']}")).raw.decode()
    assert 'class="restored"' in page
    assert "The model saw [PERSON_1]" in page
    chinese = (await browser.get(f"/chat/{begun['conversation']}", accept_language="zh-HK")).raw.decode()
    assert "模型看到的是 [PERSON_1]" in chinese
