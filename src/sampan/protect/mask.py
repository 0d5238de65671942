"""A body with stand-ins in the place of findings. The original is never changed: what changes is copied on the way."""

import json
from collections.abc import Sequence
from typing import Any

from sampan.contract.errors import PolicyRefused
from sampan.contract.labels import Finding, Into, Kind, Passage, Path, Piece, Step
from sampan.contract.request import Json
from sampan.protect.known import Known
from sampan.protect.telling import Telling


class Masked:
    """A masked body. counts: kind -> findings replaced, look-alikes left out. texts: every text that was changed.

    hints: kind -> those of them whose stand-in says something of the value.
    """

    __slots__ = ("body", "counts", "hints", "texts")

    def __init__(self, body: Json, counts: dict[str, int], hints: dict[str, int], texts: list[str]) -> None:
        self.body, self.counts, self.hints, self.texts = body, counts, hints, texts


class _Node:
    """What changes at one point of the body, and below it.

    key: the new name of the member that leads here. gone: an item of a list that the stand-in's end left nothing of.
    """

    __slots__ = ("below", "gone", "key", "text")

    def __init__(self) -> None:
        self.below: dict[Step, _Node] = {}
        self.gone = False
        self.text: str | None = None
        self.key: str | None = None


_SAME = _Node()
"""Nothing changes here."""


def mask(
    body: Json, passages: Sequence[Passage], kinds: frozenset[Kind], known: Known, telling: Telling | None = None
) -> Masked:
    """Replace every finding of these kinds, and every look-alike of a stand-in; put before texts what `telling` tells.

    Raises:
        PolicyRefused: a finding stands where it cannot be replaced; nothing is sent.
    """
    root = _Node()
    counts: dict[str, int] = {}
    hints: dict[str, int] = {}
    texts: list[str] = []
    for passage in passages:
        wanted = [each for each in passage.findings if each.kind in kinds or each.kind is Kind.LOOKALIKE]
        for each in wanted:
            if each.kind is not Kind.LOOKALIKE:
                counts[each.kind._value_] = counts.get(each.kind._value_, 0) + 1
                if known.hints_at(each.kind, each.text):
                    hints[each.kind._value_] = hints.get(each.kind._value_, 0) + 1
        if wanted:
            shares = [(each, _shares(each, passage, known)) for each in wanted]
            for at, piece in enumerate(passage.pieces):
                _change(root, passage.text, piece, [(each, own[at]) for each, own in shares], texts)
    if telling is not None and counts:
        for path, line in telling.before(passages, kinds, known).items():
            _put_before(root, path, line, body)
    return Masked(_applied(body, root), counts, hints, texts)


def _put_before(root: _Node, path: Path, line: str, body: Json) -> None:
    node = root
    text: Any = body
    for step in path:
        node, text = node.below.setdefault(step, _Node()), text[step]
    node.text = line + _applied(text, node)


def _shares(each: Finding, passage: Passage, known: Known) -> list[str]:
    """What each piece gets of a finding's stand-in: the first all of it.

    A later piece that the value fills wholly gets one character of the stand-in's end: it must not become empty, as
    some endpoints refuse empty parts, and read one after the other the pieces still say the stand-in. Where there are
    more such pieces than characters, the rest of them go.
    """
    written = known.stand_in(each.kind, each.text)
    pieces = passage.pieces
    if len(pieces) == 1:
        return [written]
    touched = [at for at, piece in enumerate(pieces) if each.start < piece.end and each.end > piece.start]
    filled = [at for at in touched[1:] if each.start <= pieces[at].start and each.end >= pieces[at].end]
    del filled[len(written) - 1 :]
    first = len(written) - len(filled)
    shares = [""] * len(pieces)
    for sign, at in enumerate(filled, first):
        shares[at] = written[sign]
    if touched:
        shares[touched[0]] = written[:first]
    return shares


def _change(root: _Node, text: str, piece: Piece, wanted: list[tuple[Finding, str]], texts: list[str]) -> None:
    concerned = [(each, share) for each, share in wanted if each.start < piece.end and each.end > piece.start]
    if not concerned:
        return
    if not piece.maskable:
        if all(each.kind is Kind.LOOKALIKE for each, _ in concerned):
            return
        raise PolicyRefused("A value stands where it cannot be replaced by a stand-in.", rules=("unmaskable",))
    parts: list[str] = []
    at = piece.start
    for each, share in concerned:
        parts.append(text[at : max(at, each.start)])
        parts.append(share)
        at = min(each.end, piece.end)
    parts.append(text[at : piece.end])
    changed = "".join(parts)
    texts.append(changed)
    _enter(root, piece.path, changed)


def _enter(root: _Node, path: Path, text: str) -> None:
    node = holder = root
    for step in path:
        if step is Into.KEY:
            node.key = text
            return
        holder, node = node, node.below.setdefault(step, _Node())
    node.text = text
    holder.gone = not text and path[-1] in ("text", "content") and isinstance(path[-2], int)


def _applied(value: Any, node: _Node) -> Any:
    if node.text is not None:
        return node.text
    if not node.below:
        return value
    if isinstance(value, str):
        return _inside_json(value, node.below[Into.JSON])
    if isinstance(value, list):
        changes = ((item, node.below.get(at, _SAME)) for at, item in enumerate(value))
        return [_applied(item, below) for item, below in changes if not below.gone]
    copied: Json = {}
    for name, member in value.items():
        below = node.below.get(name)
        if below is None:
            copied[name] = member
        else:
            copied[name if below.key is None else below.key] = _applied(member, below)
    return copied


def _inside_json(text: str, node: _Node) -> str:
    """The JSON text with what changes inside; written with the spaces its author used, as far as one can tell."""
    value = _applied(json.loads(text), node)
    separators = (", ", ": ") if '": ' in text or '", ' in text else (",", ":")
    written = json.dumps(value, ensure_ascii=False, separators=separators)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=separators)
    return written
