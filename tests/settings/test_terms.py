"""The user's own words."""

import msgspec
import pytest

from sampan.contract.errors import ConfigError
from sampan.settings import load
from sampan.settings.terms import terms_of, words_in


def test_lines_count_unless_empty_or_commented(tmp_path):
    path = tmp_path / "terms.txt"
    path.write_text("\ufeffProject Lotus\n\n# not this\nPERSON:陳大文 \n", encoding="utf-8")
    assert words_in(str(path)) == ["Project Lotus", "PERSON:陳大文"]
    assert words_in("") == []


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_list_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "terms.txt"
    if content:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be read"):
        words_in(str(path))


def test_both_places_count(tmp_path):
    (tmp_path / "t.txt").write_text("two")
    settings = load({"privacy.terms": ["one"], "privacy.terms_file": str(tmp_path / "t.txt")})
    assert terms_of(settings) == ["one", "two"]
    assert msgspec.structs.asdict(settings.privacy)["terms"]
