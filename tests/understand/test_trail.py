"""From steps to a path."""

from sampan.contract.labels import Into
from sampan.understand.trail import Trail, path_of


def test_the_body_itself_has_no_steps():
    assert path_of(None) == ()


def test_steps_in_order():
    trail = Trail(Trail(Trail(Trail(None, "messages"), 0), "arguments"), Into.JSON)
    assert path_of(trail) == ("messages", 0, "arguments", Into.JSON)


def test_trails_share_their_beginning():
    before = Trail(None, "a")
    assert path_of(Trail(before, 1)) == ("a", 1)
    assert path_of(Trail(before, 2)) == ("a", 2)
