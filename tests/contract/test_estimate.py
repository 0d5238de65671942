"""What the router hands on never holds a prompt's text, and cannot be changed on its way."""

import msgspec
import pytest

from sampan.contract.estimate import Estimate, Prompt, Trial


@pytest.mark.parametrize("made", [Prompt(), Estimate(0.5, 0.4), Trial(0.5, 0.6)])
def test_is_frozen(made):
    with pytest.raises(AttributeError):
        setattr(made, made.__struct_fields__[0], None)


def test_a_prompt_has_no_room_for_text():
    assert set(Prompt.__struct_fields__) == {"domains", "difficulty", "language"}


def test_travels_as_json():
    prompt = Prompt((("coding", 0.75),), 3, "yue")
    assert msgspec.json.decode(msgspec.json.encode(prompt), type=Prompt) == prompt
