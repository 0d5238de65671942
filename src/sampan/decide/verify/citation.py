"""Whether what an answer quotes stands in what it was given."""

import re
import unicodedata

_QUOTED = re.compile(
    r"“([^“”\n]{12,400})”|\"([^\"\n]{12,400})\"|「([^「」\n]{6,200})」|『([^『』\n]{6,200})』|^> ?([^\n]{12,400})$",
    re.MULTILINE,
)
_LOOKED_AT = 200_000
_LEAST = 400
"""Characters of context below which there is nothing to quote from."""
_MOST = 20
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)


def citation_found(context: str, answer: str) -> float | None:
    """Share of an answer's quotations that stand in the context, 0 to 1; None without quotations or context.

    Case, width, spaces and marks at the ends do not count.
    """
    if len(context) < _LEAST:
        return None
    quoted = ["".join(groups) for groups in _QUOTED.findall(_CODE.sub("", answer[:_LOOKED_AT]))][:_MOST]
    if not quoted:
        return None
    source = _plain(context[:_LOOKED_AT])
    return sum(_plain(quote) in source for quote in quoted) / len(quoted)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).strip(".,;:!?。，；：！？…\"'")
