"""Listed words."""

import pytest

from sampan.contract.errors import ConfigError
from sampan.settings.terms import read_terms


def test_words_and_the_lines_of_a_file(tmp_path):
    file = tmp_path / "terms.txt"
    file.write_text("\ufeffPROJECT Lantau\n\n# a note\n  陳大文  \nPERSON:Ada\n", "utf-8")
    assert read_terms(("one",), str(file)) == ["one", "PROJECT Lantau", "陳大文", "PERSON:Ada"]
    assert read_terms(("one",), "") == ["one"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path, content):
    file = tmp_path / "terms.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match="terms_file"):
        read_terms((), str(file))
