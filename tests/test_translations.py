"""Catalogues: fresh, complete, with the same places to fill in."""

import ast
import gettext
import importlib.machinery
import importlib.util
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from sampan.serve.web.language import LANGUAGES
from sampan.wording import LOCALES, wording

ROOT = Path(__file__).parent.parent
SLOT = re.compile(r"\{(\w+)\}")
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


def said_in_code():
    made = tool()
    for path in sorted(made.SOURCE.rglob("*.py")):
        yield from (text for text, _ in made.sentences(ast.parse(path.read_text(encoding="utf-8"))))


def filled(text, like):
    """A template with a value in each place; the same name has the same value as in `like`."""
    values = {name: f"v{at}" for at, name in enumerate(dict.fromkeys(SLOT.findall(like)))}
    return SLOT.sub(lambda found: values[found[1]], text)


def test_what_errors_and_commands_say_is_known_again_with_its_values():
    for language in tool().LANGUAGES:
        spoken = wording(language)
        for text in set(said_in_code()):
            letters = sum(each.isalpha() for each in SLOT.sub("", text))
            if SLOT.search(text) and letters < 4:
                continue  # it says nothing of its own
            assert spoken.read(filled(text, text)) == filled(spoken.text(text), text), text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('raise BadRequest("No.", hint=f"See {error.path}.")', {"No.", "See {path}."}),
        ('raise BadRequest("A" if x else f"B {len(y)} and {len(y)}")', {"A", "B {y} and {y2}"}),
        ('BadRequest(ways_on=("a b", "c d"))', {"a b", "c d"}),
        ("worded(f\"it is {why or 'broken'}\")", {"it is {value}", "broken"}),
        ('class BadRequest:\n    hint = "Do so."', {"Do so."}),
        ('WORDS: dict[str, str] = {"a": "One"}', {"One"}),
        ('table(("name", ""), rows)', {"name"}),
        ('print("No.")', set()),
        ('raise BadRequest(f"{a}: {b}")', set()),
    ],
)
def test_what_is_taken_from_code(code, said):
    assert {text for text, _ in tool().sentences(ast.parse(code))} == said
