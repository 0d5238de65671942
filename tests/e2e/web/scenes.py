"""The screens, each as somebody finds it: what is on it, and how to get there. A new screen is a line in SCENES."""

from tests.e2e.web.driving import ask, settled, strip_facts

RICH = """## Refund for 陳大文

The booking of **陳大文** can be cancelled until 3 June. What it costs:

| Step | Days | HK$ |
|---|---:|---:|
| Cancel | 1 | 0 |
| Refund | 14 | 1,280 |

1. Write to the office, then
2. wait for the *reference number*.

```python
def refund(paid: float, days: int) -> float:
    return paid * (0.9 if days < 14 else 1.0)
```

The rate is $r = \\frac{paid - fee}{paid}$, and mixed text 中英夾雜 wraps 正常。
"""
ASKS = {
    "en": "Write to 陳大文 (HKID A123456(3), phone 9123 4567) that his booking is cancelled.",
    "zh-Hant-HK": "幫我寫封信畀陳大文（身份證 A123456(3)，電話 9123 4567），話佢個booking取消咗。",
}
REFUSED = {
    "en": "Use the key sk-proj-Zx81hd73kslQWErt9920aaBBccDD to log in.",
    "zh-Hant-HK": "用呢條匙登入：sk-proj-Zx81hd73kslQWErt9920aaBBccDD",
}


def conversation(app, provider, lang):
    """A conversation with everything that a message can be; returns its address."""
    with app.tab(lang=lang) as page:
        provider.says(RICH.replace("陳大文", "[PERSON_1]"), size=40)
        page.locator("#model").select_option("scripted")
        ask(page, ASKS[lang])
        page.locator("#model").select_option("auto")
        answer = ask(page, ASKS[lang])
        answer.locator("[data-act=again]").click()
        answer.locator("[data-again=auto]").first.click()
        page.locator(".siblings", has_text="2/2").wait_for()
        settled(page)
        page.locator("#model").select_option("error-500")
        ask(page, "And the train?" if lang == "en" else "咁火車呢？")
        return page.url.removeprefix(app.server.base_url)


def typed(page, lang):
    strip_facts(page, ASKS[lang])


def a_receipt(page, _):
    page.locator(".rows tbody a").first.click()
    page.locator("#drawer[open] h1").wait_for()


def receipt_page(page, _):
    page.goto(page.locator(".rows tbody a").first.get_attribute("href"))


def explained(page, lang):
    page.locator("textarea[name=text]").first.fill(ASKS[lang])
    page.locator("[hx-post='/policies/explain'] button.main").click()
    page.locator("#explained > *").first.wait_for()


def palette(page, _):
    page.keyboard.press("Control+k")


def keys(page, _):
    page.locator("#transcript").focus()
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()


SCENES = {
    "first": ("/chat", None),
    "typed": ("/chat", typed),
    "chat": ("{conversation}", None),
    "palette": ("/chat", palette),
    "keys": ("/chat", keys),
    "receipts": ("/receipts", None),
    "drawer": ("/receipts", a_receipt),
    "receipt": ("/receipts", receipt_page),
    "report": ("/receipts/report", None),
    "policies": ("/policies", explained),
    "models": ("/models", None),
    "settings": ("/settings", None),
    "missing": ("/chat/cnv_nowhere", None),
}
"""Name -> its address, and what is done there."""
