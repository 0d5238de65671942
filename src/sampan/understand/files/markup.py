"""Text of XML: what flows together stays together, everything else apart. No document types, no entities."""

import re
from xml.parsers import expat

from sampan.understand.files.reading import CannotRead

_FLOW = frozenset({"t", "delText", "instrText", "delInstrText", "span", "a", "ruby-base", "s"})
_BLOCK = frozenset({"p", "h", "tr", "tc", "row", "si", "br", "cr", "table-row", "table-cell", "txbxContent", "list-item",
                    "line-break", "txBody", "comment", "text"})  # fmt: skip
_WRITES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "s": " ", "line-break": "\n"}
_LAYOUT = frozenset({"posOffset", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset"})
_MACHINE = re.compile(r"[{(]?[0-9A-Fa-f.,%:+-]*[})]?|[A-Za-z]{1,24}|(?:https?|urn):[!-~]*schemas?[!-~]*")
_VALUES = frozenset({"v", "value", "string", "href", "target", "display", "content"})
_WORDS = frozenset({"author", "title", "descr", "name", "displaytext", "prompt", "prompttitle", "error", "errortitle", "alt",
                    "tooltip", "caption", "text", "initials", "userid", "lastmodifiedby", "placeholder", "label", "summary",
                    "creator"})  # fmt: skip
_IDS = re.compile(
    r"(?:rsid|paraId|textId|uniqueId|durableId|id$|type$|typeface$|partName$|contentType$)", re.IGNORECASE
)
_LONG = 7
"""Characters from which digits alone may stand for somebody."""


def xml_text(data: bytes) -> tuple[str, str]:
    """All character data, and all attributes that a person may have written.

    Raises:
        CannotRead: it is damaged, or it declares a document type.
    """
    text = _Text()
    parse(data, text)
    return "".join(text.written).strip(), "\n".join(text.attributes)


class Handler:
    """Takes what `parse` meets. Names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Character data; possibly in pieces."""


def parse(data: bytes, handler: Handler) -> None:
    """Go through XML.

    Raises:
        CannotRead: as `xml_text`.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: handler.start(
        _local(name), {_local(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.CharacterDataHandler = handler.data
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.CommentHandler = handler.data
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise CannotRead("a part of it is damaged") from error


def _no_document_type(*_: object) -> None:
    raise CannotRead("a part of it declares a document type, which none needs")


def _local(name: str) -> str:
    return name.rsplit(" ", 1)[-1]


class _Text(Handler):
    def __init__(self) -> None:
        self.written: list[str] = []
        self.attributes: dict[str, None] = {}
        self._open = ["", ""]
        self._direct = [False]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(name)
        self._direct.append(False)
        if name in _WRITES:
            self.written.append(_WRITES[name])
        elif name in _BLOCK:
            self.written.append("\n")
        for key, value in attributes.items():
            if by_a_person(key, value):
                self.attributes[f"{key}: {value}"] = None

    def end(self, name: str) -> None:
        self._open.pop()
        if (self._direct.pop() and name not in _FLOW) or name in _BLOCK:
            self.written.append("\n")

    def data(self, text: str) -> None:
        if self._open[-1] in _LAYOUT:
            return
        if text.strip():
            self._direct[-1] = True
        self.written.append(text)


def by_a_person(name: str, value: str) -> bool:
    """Whether an attribute's value may be somebody's words, not measures, colours, ids or names of schemas."""
    if not value or _IDS.match(name):
        return False
    if name.lower() in _WORDS:
        return True
    machine = _MACHINE.fullmatch(value)
    return machine is None or (name.lower() in _VALUES and len(value) >= _LONG and any(map(str.isdigit, value)))
