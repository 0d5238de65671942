"""A model's answer as HTML: rendered and cleaned here, once a block, so that no browser ever parses what a model wrote.

No raw HTML, no picture from anywhere (a picture's address could carry a value out), no script. CommonMark 0.31 with tables,
strikethrough and TeX as MathML.
"""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import tostring

import nh3
from latex2mathml import exceptions as tex_errors
from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from sampan.serve.web.signs import named

LONGEST = 64 << 10
"""Characters of one block; a longer one is shown as it is."""
_MOST_BRACKETS = 16_384
"""Each may begin a link, and is looked at against all that follow: 64,000 of them would take 1.4 seconds."""
_LONGEST_TEX = 4096
_DEEPEST = 40
_MATH = {"math", "mi", "mn", "mo", "ms", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot", "mstyle", "merror", "mpadded",
         "mphantom", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "mtable",
         "mtr", "mtd", "menclose"}  # fmt: skip
_TAGS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "a", "ul", "ol", "li", "blockquote",
         "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "span", "figure", "figcaption", "button", "div"} | _MATH  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "span": {"class", "title", "tabindex"},
    "code": {"class"},
    "pre": {"tabindex"},
    "figure": {"class"},
    "button": {"class", "type"},
    "div": {"class", "tabindex", "role"},
    "ol": {"start"},
    "th": {"class"},
    "td": {"class"},
    "math": {"xmlns", "display"},
    "mo": {"stretchy", "fence", "separator", "lspace", "rspace", "form", "movablelimits", "accent"},
    "mi": {"mathvariant"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "mspace": {"width", "linebreak"},
    "mfrac": {"linethickness"},
}
_SCHEMES = {"http", "https", "mailto"}

_NO_TEX: tuple[type[Exception], ...] = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
           *(each for each in vars(tex_errors).values() if isinstance(each, type) and issubclass(each, Exception)))  # fmt: skip
"""What the converter raises on what is no TeX: the formula is then shown as it was written."""

Restored = Mapping[str, str]
"""Value that was put back -> the stand-in that the model saw."""


class Writer:
    """Renders Markdown in one language."""

    def __init__(self, copy: str, seen: str) -> None:
        """copy: the label of the button beside code. seen: `the model saw {stand_in}`, as a format."""
        self._copy, self._seen = copy, seen
        self._parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable(
            ["table", "strikethrough"]
        )
        dollarmath_plugin(self._parser, allow_space=False, allow_digits=False, double_inline=True)
        rules: dict[str, Any] = {
            "text": self._text, "code_inline": self._code, "fence": self._block, "code_block": self._block,
            "image": self._image, "math_inline": _tex, "math_inline_double": _tex_block, "math_block": _tex_block,
            "table_open": _table_open, "table_close": _table_close, "th_open": _cell, "td_open": _cell,
        }  # fmt: skip
        for name, rule in rules.items():
            self._parser.add_render_rule(name, _as_method(rule))

    def html(self, text: str, restored: Restored | None = None) -> str:
        """One or more blocks of Markdown as safe HTML; never raises for content."""
        shown = named(text)
        if _takes_long(shown):
            return f'<pre class="long">{escape(shown)}</pre>'
        try:
            env = {"restored": dict(restored or {})}
            tokens = self._parser.parse(shown, env)
            if any(token.level >= _DEEPEST - 2 for token in tokens):  # what is deeper the parser leaves out
                return f'<pre class="long">{escape(shown)}</pre>'
            made = str(self._parser.renderer.render(tokens, self._parser.options, env))
        except (RecursionError, ValueError, IndexError):
            return f"<pre>{escape(shown)}</pre>"
        return _clean(made)

    def finished(self, text: str) -> int:
        """Up to where a growing text consists of blocks that nothing to come can change."""
        if _takes_long(text):
            return len(text)
        tokens = [token for token in self._parser.parse(text) if token.level == 0 and token.map and token.nesting >= 0]
        if len(tokens) < 2 or tokens[-1].map is None:
            return 0
        return _offset(text, tokens[-1].map[0])

    def _text(self, tokens: list[Token], at: int, _options: object, env: dict[str, Any]) -> str:
        return self._marked(tokens[at].content, env)

    def _code(self, tokens: list[Token], at: int, _options: object, env: dict[str, Any]) -> str:
        return f"<code>{self._marked(tokens[at].content, env)}</code>"

    def _block(self, tokens: list[Token], at: int, _options: object, env: dict[str, Any]) -> str:
        token = tokens[at]
        words = token.info.split()
        name = escape(words[0][:24]) if words else ""
        button = f'<button type="button" class="copy">{escape(self._copy)}</button>'
        code = f'<pre tabindex="0"><code>{self._marked(token.content, env)}</code></pre>'
        return f'<figure class="code"><figcaption><span>{name}</span>{button}</figcaption>{code}</figure>'

    def _image(self, tokens: list[Token], at: int, _options: object, env: dict[str, Any]) -> str:
        """A picture is not loaded: what it would show is said."""
        told = tokens[at].content or str(tokens[at].attrs.get("src", ""))
        return f'<span class="picture">{self._marked(told, env)}</span>'

    def _marked(self, text: str, env: dict[str, Any]) -> str:
        """Escaped, with every value that was put back underlined."""
        restored: dict[str, str] = env.get("restored") or {}
        values = sorted((re.escape(value) for value in restored if value), key=len, reverse=True)
        if not values or not text:
            return escape(text)
        parts = re.split(f"({'|'.join(values)})", text)
        return "".join(self._told(part, restored[part]) if part in restored else escape(part) for part in parts)

    def _told(self, value: str, stand_in: str) -> str:
        told = escape(self._seen.format(stand_in=stand_in))
        return f'<span class="restored" tabindex="0" title="{told}">{escape(value)}</span>'


def _as_method(rule: Any) -> Any:
    """A render rule gets the renderer first."""
    return lambda _renderer, tokens, at, options, env: rule(tokens, at, options, env)


def _takes_long(text: str) -> bool:
    return len(text) > LONGEST or text.count("[") > _MOST_BRACKETS


def _tex(tokens: list[Token], at: int, *_: object) -> str:
    return _mathml(tokens[at].content, "inline")


def _tex_block(tokens: list[Token], at: int, *_: object) -> str:
    return f'<div class="math" tabindex="0">{_mathml(tokens[at].content, "block")}</div>'


def _mathml(tex: str, display: str) -> str:
    if len(tex) > _LONGEST_TEX or tex.count("{") > 200:
        return f"<code>{escape(tex)}</code>"
    try:
        made = convert_to_element(tex, display=display)
    except _NO_TEX:
        return f"<code>{escape(tex)}</code>"
    for part in made.iter():  # signs stand there as references; what the formula says is text, never a tag
        part.text = unescape(part.text) if part.text else part.text
    return tostring(made, encoding="unicode")


def _table_open(*_: object) -> str:
    return '<div class="table" tabindex="0" role="group"><table>'


def _table_close(*_: object) -> str:
    return "</table></div>"


def _cell(tokens: list[Token], at: int, *_: object) -> str:
    """Alignment by class: inline style is not allowed here."""
    style = str(tokens[at].attrs.get("style", ""))
    side = style.removeprefix("text-align:")
    return f'<{tokens[at].tag} class="{side}">' if side in {"left", "right", "center"} else f"<{tokens[at].tag}>"


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        attribute_filter=_attribute,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href":
        return value if _leads_out(value) else None
    return value


def _leads_out(address: str) -> bool:
    """Whether a link names its place in full: one inside this app could make the reader do something here.

    A browser takes `http:/settings` for a page beside the one that is shown.
    """
    try:
        parts = urlsplit(address)
        return parts.scheme in _SCHEMES and (parts.scheme == "mailto" or bool(parts.hostname))
    except ValueError:
        return False


def _offset(text: str, line: int) -> int:
    at = 0
    for _ in range(line):
        at = text.index("\n", at) + 1
    return at
