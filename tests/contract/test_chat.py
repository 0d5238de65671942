"""Messages travel as JSON, and cannot be changed on their way."""

import msgspec
import pytest

from sampan.contract.chat import Message, State


def test_a_message_is_frozen_and_travels():
    message = Message("m", "", "user", "hi", 1.0, State.STOPPED, facts={"a": 1})
    with pytest.raises(AttributeError):
        message.text = "x"
    assert msgspec.json.decode(msgspec.json.encode(message), type=Message) == message
