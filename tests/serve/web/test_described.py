"""Every setting has its sentence."""

from sampan.serve.web.described import described, sections
from sampan.settings import SECTIONS
from sampan.settings.writing import kinds


def test_every_setting_is_described_and_none_that_is_not_there():
    assert set(described(str)) == set(kinds())
    assert all(told.endswith(".") for told in described(str).values())
    assert set(sections(str)) == set(SECTIONS)
