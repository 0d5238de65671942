import pytest

from sampan.decide.packs import default_folders
from sampan.decide.policy import Policies
from sampan.decide.rulebook import Rulebook


@pytest.fixture(scope="session")
def default_policies() -> Policies:
    """The default pack, as a person without other rules has it."""
    book = Rulebook(default_folders())
    assert book.broken == ""
    return book.current()
