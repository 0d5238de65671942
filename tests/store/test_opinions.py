"""What people said of findings."""

import pytest

from sampan.contract.errors import BadRequest, NotFound
from sampan.store.opinions import PersonsOpinions


def test_they_outlive_the_process_and_are_each_persons_own(device):
    opinions = PersonsOpinions(device)
    opinions.said("ann", "9123 4567", "dismiss")
    opinions.said("ann", "Project Lotus", "always", "ORG")
    opinions.said("bob", "9123 4567", "confirm")
    for one in (opinions, PersonsOpinions(device)):
        assert [(o["text"], o["verdict"], o["kind"]) for o in one.listed("ann")] == [
            ("9123 4567", "dismissed", ""),
            ("Project Lotus", "always", "ORG"),
        ]
        assert [o.verdict for o in one.of("bob")] == ["confirmed"]
        assert one.of("eve") == ()


def test_the_last_word_counts_and_can_be_taken_back(device):
    opinions = PersonsOpinions(device)
    opinions.said("ann", "9123 4567", "dismiss")
    before = opinions.of("ann")
    assert opinions.of("ann") is before
    opinions.said("ann", "9123 4567", "confirm")
    assert [one.verdict for one in opinions.of("ann")] == ["confirmed"]
    assert opinions.forgotten("ann", "9123 4567") == {"text": "9123 4567", "forgotten": True}
    assert PersonsOpinions(device).of("ann") == ()
    with pytest.raises(NotFound):
        opinions.forget("ann", "9123 4567")


@pytest.mark.parametrize(
    ("text", "action", "kind", "param"),
    [("9123 4567", "like", "", "action"), ("x", "dismiss", "", "text"), ("x" * 5000, "always", "", "text"), ("xy", "always", "THING", "kind"),
     ("xy", "always", "LOOKALIKE", "kind")],
)  # fmt: skip
def test_what_is_refused(device, text, action, kind, param):
    with pytest.raises(BadRequest) as raised:
        PersonsOpinions(device).said("ann", text, action, kind)
    assert raised.value.param == param
