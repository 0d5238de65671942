"""Catalogues: fresh, complete, with the same places to fill in."""

import gettext
import importlib.machinery
import importlib.util
import re
from pathlib import Path

from babel.messages.pofile import read_po

from sampan.serve.web.language import LANGUAGES
from sampan.wording import LOCALES

ROOT = Path(__file__).parent.parent
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|`[^`]*`")


def tool():
    loader = importlib.machinery.SourceFileLoader("translations", str(ROOT / "scripts" / "translations"))
    made = importlib.util.module_from_spec(importlib.util.spec_from_loader("translations", loader))
    loader.exec_module(made)
    return made


def test_catalogues_are_fresh():
    made = tool()
    said = made.template()
    for language in made.LANGUAGES:
        po, mo = made.written(made.catalogue(language, said))
        path = made.po_path(language)
        assert path.read_bytes() == po, "run scripts/translations"
        assert path.with_suffix(".mo").read_bytes() == mo, "run scripts/translations"


def test_everything_is_translated_with_the_same_places():
    for language in tool().LANGUAGES:
        with tool().po_path(language).open("rb") as stream:
            for message in read_po(stream, locale=language):
                if not message.id:
                    continue
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                assert all(strings), message.id
                for text in strings:
                    assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(ids[-1])), message.id


def test_every_language_but_english_has_one():
    for tag in LANGUAGES:
        found = gettext.find("sampan", LOCALES, [tag.replace("-", "_")])
        assert bool(found) is (tag != "en")
