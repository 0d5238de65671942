"""A labeller that is made when first asked, and once."""

from sampan.understand.later import Later
from tests.flow.stages import request


class Labeller:
    def label(self, request):
        return ("labelled", request)

    def is_slow(self, request):
        return False


def test_it_is_made_when_first_asked_and_once():
    made = []
    later = Later(lambda: made.append(1) or Labeller())
    asked = request()
    assert later.is_slow(asked)
    assert not made
    assert later.label(asked) == ("labelled", asked)
    assert later.label(asked) == ("labelled", asked)
    assert made == [1]
    assert not later.is_slow(asked)
