"""What finds names, addresses and organisations: the tagger, and rules for those that their own form gives away."""

from sampan.contract.ports import Recogniser
from sampan.understand.recognisers import address, org, person
from sampan.understand.tagger import Tagger


def recognisers() -> list[Recogniser]:
    """Fresh ones, as `Detector.default` has them. Nothing is read until the first text."""
    return [Tagger(), person.RECOGNISER, address.RECOGNISER, org.RECOGNISER]
