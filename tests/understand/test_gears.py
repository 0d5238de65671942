"""Which gear a request gets."""

from sampan.understand.gears import Gears
from tests.flow.stages import request


class Labeller:
    def __init__(self, name, slow=False):
        self.name, self.slow = name, slow

    def label(self, request):
        return self.name

    def is_slow(self, request):
        return self.slow


def test_the_thorough_gear_only_where_it_could_matter():
    asked = request()
    for leaves, gear in ((True, "thorough"), (False, "quick")):
        gears = Gears(Labeller("quick"), Labeller("thorough"), lambda _, leaves=leaves: leaves)
        assert gears.label(asked) == gear
        assert gears.is_slow(asked) is leaves


def test_what_is_slow_in_the_quick_gear_is_slow():
    assert Gears(Labeller("quick", slow=True), Labeller("thorough"), lambda _: False).is_slow(request())
