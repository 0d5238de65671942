from anthropic.types import Usage as MessagesUsage
from openai.types import CompletionUsage
from openai.types.responses import ResponseUsage

from sampan.contract.answer import Usage
from sampan.providers.translate.ends import Tokens
from tests.providers.translate.vendor import CHAT_USAGE, MESSAGE_USAGE


def test_each_way_of_counting_becomes_every_other():
    for counts in (CHAT_USAGE, MESSAGE_USAGE):
        tokens = Tokens()
        tokens.read({"usage": counts})
        assert tokens.for_chat() == CHAT_USAGE
        assert tokens.for_messages() == MESSAGE_USAGE
        again = Tokens()
        again.read({"response": {"usage": tokens.for_responses()}})
        assert again.for_chat() == CHAT_USAGE
        CompletionUsage.model_validate(tokens.for_chat())
        MessagesUsage.model_validate(tokens.for_messages())
        ResponseUsage.model_validate(tokens.for_responses())


def test_a_message_delta_keeps_what_it_leaves_out():
    tokens = Tokens()
    tokens.read({"message": {"usage": {"input_tokens": 5, "cache_read_input_tokens": 3, "output_tokens": 1}}})
    tokens.read({"usage": {"output_tokens": 8}})
    assert tokens.usage == Usage(input=8, output=8, cached=3)
    tokens.read({"usage": {"input_tokens": 6, "output_tokens": 9}})
    assert tokens.usage == Usage(input=9, output=9, cached=3)


def test_nonsense_counts_as_nothing():
    tokens = Tokens()
    for usage in (None, [], {"prompt_tokens": "x"}, {"prompt_tokens": -1, "prompt_tokens_details": []}, {}):
        tokens.read({"usage": usage})
    assert tokens.usage == Usage()
