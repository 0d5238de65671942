"""The documents say what the code does: generated pages are fresh, every setting and path is there, links resolve."""

import importlib.util
import re
from importlib.machinery import SourceFileLoader
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest

from sampan.serve.api.faces import FACES
from sampan.settings import SECTIONS
from sampan.settings.model_tables import ModelTable, PriceTable

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    [ROOT / "README.md", *DOCS.rglob("*.md"), *(ROOT / "bench").rglob("*.md"), *(ROOT / "news").glob("*.md")]
)
NEWS = re.compile(r"[a-z0-9][a-z0-9-]*\.(feature|fix|change|removal|doc)\.md")
DECISION = re.compile(r"(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md")


def named(path):
    return str(path.relative_to(ROOT))


def prose(path):
    """A page without its code blocks."""
    return re.sub(
        r"^( *)(```|~~~).*?^\1\2[^\n]*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )


def code_in(page):
    """Everything that stands as inline code on a reference page."""
    return set(re.findall(r"`([^`\n]+)`", prose(DOCS / "reference" / page)))


def reference():
    loader = SourceFileLoader("reference", str(ROOT / "scripts" / "reference"))
    spec = importlib.util.spec_from_loader("reference", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_generated_pages_are_fresh():
    stale = [named(page) for page, text in reference().pages().items() if page.read_text(encoding="utf-8") != text]
    assert stale == [], "run scripts/reference"


def test_every_setting_is_described():
    keys = [f"{name}.{field.name}" for name, struct in SECTIONS.items() for field in msgspec.structs.fields(struct)]
    keys += [field.name for field in msgspec.structs.fields(ModelTable)]
    keys += [f"price.{field.name}" for field in msgspec.structs.fields(PriceTable)]
    described = code_in("settings.md")
    assert [key for key in keys if not {key, f"model.{key}"} & described] == []


def test_no_setting_is_made_up():
    tables = {name: {field.name for field in msgspec.structs.fields(struct)} for name, struct in SECTIONS.items()}
    dotted = [code.split(".") for code in code_in("settings.md") if re.fullmatch(r"[a-z]+\.[a-z_]+", code)]
    assert [f"{table}.{key}" for table, key in dotted if table in tables and key not in tables[table]] == []


def routes():
    """Every path that is served, from the tables that the server itself reads."""
    source = (ROOT / "src" / "sampan" / "serve" / "api" / "own.py").read_text(encoding="utf-8")
    found = re.findall(r"""\bRoute\(\s*"([^"]+)\"""", source)
    assert found, "the routes of serve/api/own.py were not found"
    return sorted({re.sub(r":\w+\}", "}", path) for path in [*FACES, *found]})


def test_every_path_is_described():
    described = code_in("http.md")
    assert [path for path in routes() if path not in described] == []


def test_no_path_is_made_up():
    served = {*routes(), "/"}
    tables = prose(DOCS / "reference" / "http.md").partition("Not offered")[0]
    named_there = set(re.findall(r"^\| `(/[^`]*)`", tables, re.MULTILINE))
    assert named_there <= served, named_there - served


def anchors(path):
    titles = re.findall(r"^#+ +(.+?) *$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(path):
    found = []
    for target in re.findall(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)", prose(path)):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        name, _, anchor = target.partition("#")
        to = (path.parent / unquote(name)).resolve() if name else path
        if not to.exists() or (anchor and to.suffix == ".md" and unquote(anchor) not in anchors(to)):
            found.append(target)
    return found


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_resolve(path):
    assert broken_links(path) == []


def test_a_broken_link_is_seen(tmp_path):
    page, other = tmp_path / "page.md", tmp_path / "other.md"
    other.write_text("# A title, here\n")
    page.write_text("[a](other.md#a-title-here) [b](https://example.org) `[c](x.md)`\n```\n[d](y.md)\n```\n")
    assert broken_links(page) == ["x.md"]
    page.write_text("[a](none.md) [b](other.md#none) ![c](none.svg)\n")
    assert broken_links(page) == ["none.md", "other.md#none", "none.svg"]


def test_every_page_can_be_found():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = [path.relative_to(DOCS) for path in DOCS.rglob("*.md") if path.parent.name in {"guide", "reference"}]
    assert [str(path) for path in pages if f"({path})" not in index] == []


def test_news():
    names = [path.name for path in (ROOT / "news").iterdir() if path.name != "README.md"]
    assert names
    assert [name for name in names if not NEWS.fullmatch(name)] == []


def test_decisions():
    paths = sorted((DOCS / "decisions").iterdir())
    numbers = [found[1] if (found := DECISION.fullmatch(path.name)) else path.name for path in paths]
    assert numbers == [f"{number:04}" for number in range(1, len(paths) + 1)]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 60, path.name
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Choice", "Cost", "How we would know it was wrong"], path.name


def test_every_lint_exception_has_its_reason():
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = re.search(r"^ignore = \[(.*?)\]", settings, re.DOTALL | re.MULTILINE)[1]
    page = (DOCS / "decisions" / "0002-lint-rules.md").read_text(encoding="utf-8")
    assert [rule for rule in re.findall(r'"(\w+)"', ignored) if f"`{rule}`" not in page] == []
