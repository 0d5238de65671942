"""Web pages: the text as one reads it, comments and scripts as well, and attributes that hold words."""

from html.parser import HTMLParser

from sampan.understand.files.markup import by_a_person
from sampan.understand.files.reading import CannotRead, Reading

_INLINE = frozenset({"a", "abbr", "b", "bdi", "bdo", "big", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp",
                     "small", "span", "strong", "sub", "sup", "tt", "u", "var", "wbr"})  # fmt: skip


def read_html(text: str, reading: Reading) -> None:
    """Read a page."""
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except (AssertionError, ValueError) as error:
        raise CannotRead("a part of it is damaged") from error
    reading.show("".join(page.written))
    reading.text("\n".join(page.attributes))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.attributes: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._border(tag)
        for name, value in attrs:
            if value and (by_a_person(name, value) or any(map(str.isdigit, value))):
                self.attributes[f"{name}: {value}"] = None

    def handle_endtag(self, tag: str) -> None:
        self._border(tag)

    def _border(self, tag: str) -> None:
        if tag not in _INLINE:
            self.written.append("\t" if tag in {"td", "th"} else "\n")

    def handle_data(self, data: str) -> None:
        self.written.append(data)

    def handle_comment(self, data: str) -> None:
        self.written.append(f"\n{data}\n")

    def handle_decl(self, decl: str) -> None:
        self.written.append(f"\n{decl}\n")

    def handle_pi(self, data: str) -> None:
        self.written.append(f"\n{data}\n")

    def unknown_decl(self, data: str) -> None:
        self.written.append(f"\n{data}\n")
