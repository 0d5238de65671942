"""Signs that turn the direction of text around: shown as what they are, they cannot disguise anything (Unicode UTR 36, 2.5)."""

import re

from markupsafe import Markup, escape

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")

_SPAN = Markup('<span class="turning" data-sign="{}">{}</span>')


def named(text: str) -> str:
    """Each such sign as `⟨U+202E⟩`."""
    return TURNING.sub(lambda found: f"⟨{_name(found[0])}⟩", text)


def marked(text: str) -> Markup:
    """The same for a page, with the sign itself still there for whoever copies or edits the text.

    Where it stands alone it turns nothing: the style isolates it.
    """
    plain, signs = TURNING.split(text), TURNING.findall(text)
    parts = [escape(plain[0])]
    for sign, rest in zip(signs, plain[1:], strict=True):
        parts += [_SPAN.format(_name(sign), sign), escape(rest)]
    return Markup("").join(parts)


def _name(sign: str) -> str:
    return f"U+{ord(sign):04X}"
