"""Signs that turn the direction of text around: shown as what they are, they cannot disguise anything (Unicode UTR 36, 2.5)."""

import re

from markupsafe import Markup, escape

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def named(text: str) -> str:
    """Each such sign as `⟨U+202E⟩`."""
    return TURNING.sub(lambda found: f"⟨{_name(found[0])}⟩", text)


def marked(text: str) -> Markup:
    """The same for a page, with the sign itself still there for whoever copies or edits the text.

    Where it stands alone it turns nothing: the style isolates it.
    """
    return Markup(TURNING.sub(_span, str(escape(text))))  # noqa: S704 - escaped before


def _span(found: re.Match[str]) -> str:
    return f'<span class="turning" data-sign="{_name(found[0])}">{found[0]}</span>'


def _name(sign: str) -> str:
    return f"U+{ord(sign):04X}"
