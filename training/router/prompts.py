"""Our own prompts: `prompts/DOMAIN.txt`, one a line, `[a|b]` a choice, `\\n` a line break, spoiled a little as people type."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_FOLDER = Path(__file__).parent / "prompts"
_BEFORE = (
    "",
    "",
    "",
    "",
    "",
    "Please ",
    "please help: ",
    "Can you help? ",
    "唔該，",
    "想問吓，",
    "請問",
    "Hi, ",
    "急！",
    "hello 想問 ",
)
_AFTER = (
    "",
    "",
    "",
    "",
    "",
    "",
    " Thanks.",
    " Answer briefly.",
    " 唔該晒",
    " 謝謝",
    " thx",
    " Explain step by step.",
    " 用廣東話答",
    "？",
)


def lines_of(domain: str) -> list[str]:
    """The written lines of a domain."""
    text = (_FOLDER / f"{domain}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]


def filled(line: str, random: Random) -> str:
    """One prompt of a line."""
    while found := _CHOICE.search(line):
        line = f"{line[: found.start()]}{random.choice(found[1].split('|'))}{line[found.end() :]}"
    return line.replace("\\n", "\n").strip()


def generated(domain: str, many: int, seed: int) -> list[str]:
    """Distinct prompts of a domain, at most `many`."""
    random = Random(f"{seed} {domain}")
    lines, found = lines_of(domain), dict[str, None]()
    for at in range(many * 3):
        text = filled(lines[at % len(lines)], random)
        if random.random() < 0.4:
            text = f"{random.choice(_BEFORE)}{text}{random.choice(_AFTER)}"
        if random.random() < 0.1:
            text = text.lower()
        found[text] = None
        if len(found) == many:
            break
    return list(found)
