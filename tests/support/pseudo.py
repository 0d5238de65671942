"""A language in which every text of the catalogue is the English one in brackets: what stands outside was never translated."""

import re
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from sampan.wording import LOCALES, Catalogue, Wording

_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
_PATH = re.compile(r"(?:http:/)?/[\w./-]+")
_WORD = re.compile(r"[A-Za-z]{3,}")


def pseudo():
    """The texts of the catalogue, bracketed."""
    made = Catalog()
    with (LOCALES / "zh_Hant_HK" / "LC_MESSAGES" / "sampan.po").open("rb") as stream:
        for message in read_po(stream, locale="zh_Hant_HK"):
            if message.id:
                many = isinstance(message.id, tuple)
                made.add(message.id, tuple(f"⟦{text}⟧" for text in message.id) if many else f"⟦{message.id}⟧")
    out = BytesIO()
    write_mo(out, made)
    out.seek(0)
    return Wording(Catalogue(out))


def outside(text, names=()):
    """English words that stand in no brackets and are none of the names."""
    text = _PATH.sub(" ", text)
    while (shorter := _INNERMOST.sub(" ", text)) != text:
        text = shorter
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return _WORD.findall(text)
