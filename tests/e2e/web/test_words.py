"""Nothing on a screen is untranslated: pages in a language that marks and stretches each of its texts."""

import os
import re
import shutil
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from tests.e2e.web.conftest import PROMPTS, models
from tests.e2e.web.driving import App, shot
from tests.e2e.web.looking import cut
from tests.e2e.web.scenes import SCENES, conversation
from tests.support.server import BY_PRICE, NO_LOCAL, Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("web-screens")]

ROOT = Path(__file__).parents[3]
LANG = "zh-Hant-HK"
"""The pseudo-language stands in its place."""
KEEP = re.compile(r"(%\(\w+\)s|\{\w*\}|`[^`]*`|&\w+;|<[^>]+>)")
ACCENTS = str.maketrans("aeiouAEIOUcnsy", "áéíóúÁÉÍÓÚçñšý")


def stretched(text):
    """A text one third longer, between brackets, with accents; what stands for a value stays."""
    parts = KEEP.split(text)
    told = "".join(part if at % 2 else part.translate(ACCENTS) for at, part in enumerate(parts))
    return f"⟦{told}{' ~' * (len(text) // 6)}⟧"


def catalogue():
    """What scripts/translations finds, each text stretched."""
    loader = SourceFileLoader("translations", str(ROOT / "scripts" / "translations"))
    script = module_from_spec(spec_from_loader("translations", loader))
    loader.exec_module(script)
    made = script.template()
    for message in made:
        if message.id:
            many = isinstance(message.id, tuple | list)
            message.string = (stretched(message.id[-1]),) if many else stretched(message.id)
    made.locale = "zh_Hant_HK"
    written = BytesIO()
    write_mo(written, made)
    return written.getvalue()


@pytest.fixture(scope="module")
def pseudo(browser, provider, tmp_path_factory):
    """A Sampan whose second language is the pseudo-language: the same sources, another catalogue."""
    folder = tmp_path_factory.mktemp("pseudo")
    shutil.copytree(ROOT / "src" / "sampan", folder / "src" / "sampan", copy_function=os.symlink)
    os.symlink(ROOT / "packs", folder / "packs")
    words = folder / "src" / "sampan" / "locales" / "zh_Hant_HK" / "LC_MESSAGES" / "sampan.mo"
    words.unlink()
    words.write_bytes(catalogue())
    path = os.pathsep.join([str(folder / "src"), os.environ.get("PYTHONPATH", "")])
    toml = NO_LOCAL + BY_PRICE + PROMPTS + models(provider.base_url)
    with Server(tmp_path_factory.mktemp("home"), toml, env={"PYTHONPATH": path}) as server:
        yield App(browser, server)


SAID = """() => {
  const found = new Set();
  const data = 'code, pre, .chatting h1, .setting option, kbd, .rule, .tag, .user .text, .assistant > .text,'
    + ' .conversations .title, #palette-list, textarea, .found, '
    + 'optgroup option, .brand, .matched, .file, script, .rows td, .flows text, details table td, .ruled, .model strong, .mark';
  const bare = (text) => /[A-Za-z]{2,}/.test(text) && !text.includes('⟦');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement;
    if (bare(node.data) && bare(at.textContent) && !at.closest(data)) found.add(`${at.tagName}.${at.className}: ${node.data.trim()}`);
  }
  for (const each of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      const value = each.getAttribute(name);
      if (value && bare(value) && !each.closest('.rule, .chip, textarea.code')) found.add(`${each.tagName}[${name}]: ${value}`);
    }
  if (!document.title.includes('⟦') && !document.querySelector('.chatting article')) found.add(`title: ${document.title}`);
  return [...found];
}"""
DATA = re.compile(
    r"(laptop|campus|cloud|scripted|endless|slow|error-500|OpenAI|Anthropic|English|US|sampan-web|https?://\S+|Sampan [\d.]+ · Apache-2.0"
    r"|[\d.,]+ [KMG]?B|rcp_\w+|US\$[\d.]+|@id\S+|[A-Z][A-Z_]+|[a-z]+(-[a-z]+)+)"
)


def test_every_text_is_translated_and_fits(pseudo, provider):
    wrong = []
    address = conversation(pseudo, provider, LANG)
    with pseudo.context(lang=LANG, width=320, height=640) as made:
        made.watch.expect("404")
        for name, (where, acts) in SCENES.items():
            page = made.new_page()
            page.goto(where.format(conversation=address))
            if acts:
                acts(page, LANG)
            assert "⟦" in page.locator("body").inner_text()
            wrong += [
                f"{name}: {each}"
                for each in page.evaluate(SAID)
                if DATA.sub("", each.split(": ", 1)[1]).strip(" ·–-,.")
            ]
            wrong += [f"{name}: {each}" for each in cut(page)]
            shot(page, f"{name}-pseudo-light-320")
            page.close()
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
