"""The local engine through Sampan's provider, against the same engine (llama.cpp's server, xllamacpp) asked directly.

    .venv/bin/python bench/ondevice.py PATH.gguf [--pairs 5] [--tokens 96]

Both sides use the same child process, the same prompt and greedy decoding, in turns, so that a busy machine slows both.
Prints one JSON object: tokens/s of each side and their ratio (median over pairs), and the time to the first token of a
conversation's second turn with and without the prompt cache.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import time
from pathlib import Path

import aiohttp
import orjson

from sampan.contract import cleared as contract
from sampan.contract.answer import Frame
from sampan.contract.request import Dialect, Form, Principal, Request, Route
from sampan.providers.local.catalogue import as_model
from sampan.providers.local.engine import Engine, EngineSettings
from sampan.providers.local.provider import LocalProvider
from sampan.providers.sse import SseParser

CONTEXT = 4096
MODEL = as_model("bench", context=CONTEXT, capabilities=frozenset({"chat"}))
WORDS = (
    "the ferry leaves the central pier at seven and carries office workers mail parcels fresh bread and lamps".split()
)


class Reply:
    """One answer, as `egress.post` gives it."""

    def __init__(self, reply: aiohttp.ClientResponse) -> None:
        self._reply, self.status, self.headers = reply, reply.status, {}
        self.read = reply.read

    async def chunks(self):
        async for chunk in self._reply.content.iter_any():
            yield chunk


class Door:
    """`egress.post` over one session; the session is shared with the direct side, so both pay the same."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @contextlib.asynccontextmanager
    async def post(self, cleared, url, body, headers, *, timeout_s):
        async with self._session.post(url, data=body, headers=headers) as reply:
            yield Reply(reply)


def prompt(words: int, salt: str) -> list[dict]:
    text = " ".join([salt, *(WORDS[i * 7 % len(WORDS)] for i in range(words))])
    return [{"role": "user", "content": text}]


def body_of(messages: list[dict], tokens: int) -> dict:
    return {"messages": messages, "max_tokens": tokens, "stream": True, "temperature": 0, "ignore_eos": True}


def cleared_of(body: dict, user: str = "ann") -> contract.Cleared:
    request = Request("rcp_b", Dialect.CHAT, body, Principal(user), "bench", stream=True, received=0.0)
    return contract.Cleared(contract._SEAL, request, Route(MODEL, Form()), body, {})


async def through(provider: LocalProvider, body: dict, user: str = "ann") -> tuple[float, float, int]:
    """(time to the first text, whole time, tokens) in seconds."""
    began, first, tokens = time.perf_counter(), 0.0, 0
    async for event in provider.run(cleared_of(body, user)):
        if isinstance(event, Frame) and not first and event.data["choices"][0]["delta"].get("content"):
            first = time.perf_counter() - began
        tokens = getattr(getattr(event, "usage", None), "output", tokens)
    return first, time.perf_counter() - began, tokens


async def direct(session: aiohttp.ClientSession, where: tuple[str, str], body: dict) -> tuple[float, float, int]:
    """As `through`, with nothing of Sampan in between but its parser of event streams."""
    began, first, tokens, parser = time.perf_counter(), 0.0, 0, SseParser()
    body = {**body, "stream_options": {"include_usage": True}, "cache_prompt": False, "id_slot": 1}
    headers = {"authorization": f"Bearer {where[1]}", "content-type": "application/json", "connection": "close"}
    async with session.post(where[0] + "/v1/chat/completions", data=orjson.dumps(body), headers=headers) as reply:
        async for chunk in reply.content.iter_any():
            for _, data in parser.feed(chunk):
                if data != b"[DONE]":
                    tokens = (orjson.loads(data).get("usage") or {}).get("completion_tokens", tokens)
    return first, time.perf_counter() - began, tokens


async def measure(path: Path, pairs: int, tokens: int) -> dict:
    engine = Engine(path, EngineSettings(context=CONTEXT, slots=2, idle_s=0))
    async with aiohttp.ClientSession() as session, engine.lease() as where:
        provider = LocalProvider(MODEL, engine, Door(session))
        await through(provider, body_of(prompt(20, "warm"), 4))
        ours, alone = [], []
        for pair in range(pairs):
            body = body_of(prompt(40, f"pair {pair}"), tokens)
            _, seconds, count = await through(provider, body, user=f"u{pair}")
            ours.append(count / seconds)
            _, seconds, count = await direct(session, where, body)
            alone.append(count / seconds)
        turns = {"with_cache": [], "without_cache": []}
        for pair in range(min(pairs, 3)):
            history = prompt(800, f"history {pair}")
            second = [*history, {"role": "assistant", "content": "Yes."}, *prompt(30, "next")]
            for name, other in (("with_cache", "ann"), ("without_cache", f"someone {pair}")):
                await through(provider, body_of(history, 2), user="ann")
                turns[name].append((await through(provider, body_of(second, 2), user=other))[0])
        await provider.aclose()
    first = {name: statistics.median(values) for name, values in turns.items()}
    return {
        "model": path.name,
        "threads": engine.settings.thread_count,
        "tokens_per_s": {"sampan": round(statistics.median(ours), 1), "engine": round(statistics.median(alone), 1)},
        "ratio": round(statistics.median(a / b for a, b in zip(ours, alone, strict=True)), 3),
        "second_turn_first_token_s": {name: round(value, 3) for name, value in first.items()},
        "cache_gain": round(first["without_cache"] / first["with_cache"], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=96)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(measure(given.path, given.pairs, given.tokens)), indent=1))


main()
