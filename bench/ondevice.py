"""A model on this machine through Sampan's endpoint, against its engine (llama.cpp's server, xllamacpp) asked directly.

    .venv/bin/python bench/ondevice.py PATH.gguf [--pairs 5] [--tokens 96]

Sampan is the whole server, started by `sampan up` with everything on: labels, policy, restoring, receipts. The engine
alone is a second process of the same engine with the same settings. Both get the same bytes, decode greedily, and are
asked in turns, so that a busy machine slows both. Prints one JSON object: tokens/s of each side and the median of
the pairs' ratios; and of a long conversation's second turn the time to the first token and the engine's CPU time, with the
prompt cache and without (asked by another person, who may not share it).
"""

import argparse
import asyncio
import json
import statistics
import time
from pathlib import Path

import aiohttp
import orjson
import psutil
from serving import sampan

from sampan.providers.local.engine import Engine, EngineSettings
from sampan.providers.sse import SseParser

CONTEXT = 4096
WORDS = (
    "the ferry leaves the central pier at seven and carries office workers mail parcels fresh bread and lamps".split()
)
SETTINGS = (
    f'[local]\nmodel = "bench"\ncontext = {CONTEXT}\nidle_unload_minutes = 0\ndiscover = false\nembeddings = false\n'
)


def prompt(words: int, salt: str) -> list[dict]:
    text = " ".join([salt, *(WORDS[i * 7 % len(WORDS)] for i in range(words))])
    return [{"role": "user", "content": text}]


def body_of(messages: list[dict], tokens: int, **more) -> dict:
    return {
        "model": "bench", "messages": messages, "max_tokens": tokens, "stream": True, "temperature": 0, "ignore_eos": True,
        "stream_options": {"include_usage": True}, **more,
    }  # fmt: skip


async def ask(session: aiohttp.ClientSession, base: str, body: dict, key: str = "") -> tuple[float, float, int]:
    """(time to the first text, whole time, tokens), in seconds."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
    began, first, tokens, parser = time.perf_counter(), 0.0, 0, SseParser()
    async with session.post(base + "/v1/chat/completions", data=orjson.dumps(body), headers=headers) as reply:
        if reply.status != 200:
            raise SystemExit(await reply.text())
        async for chunk in reply.content.iter_any():
            for _, data in parser.feed(chunk):
                if data == b"[DONE]":
                    continue
                event = orjson.loads(data)
                tokens = (event.get("usage") or {}).get("completion_tokens", tokens)
                if not first and event.get("choices") and event["choices"][0]["delta"].get("content"):
                    first = time.perf_counter() - began
    return first, time.perf_counter() - began, tokens


def cpu(*processes: psutil.Process) -> float:
    """CPU seconds spent so far: what others do on this machine hardly changes it."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


async def speeds(session, base: str, ours, alone: Engine, pairs: int, tokens: int) -> list[dict[str, float]]:
    """Of each pair: tokens/s by the clock and by CPU time, through Sampan and of the engine alone."""
    found = []
    own = {"cache_prompt": True, "id_slot": 1}
    async with alone.lease() as (url, key), aiohttp.ClientSession(headers={"connection": "close"}) as one:
        sides = {"sampan": (session, base, "", {}, ours), "engine": (one, url, key, own, (psutil.Process(alone.pid),))}
        for pair in range(pairs + 1):
            row = {}
            # who goes first changes: a machine that gets busier would favour one
            for name in sorted(sides, reverse=bool(pair % 2)):
                client, where, secret, more, processes = sides[name]
                before = cpu(*processes)
                _, seconds, count = await ask(
                    client, where, body_of(prompt(40, f"pair {pair}"), tokens, **more), secret
                )
                row[name], row[f"{name}_cpu"] = count / seconds, count / (cpu(*processes) - before)
            found.append(row)
    await alone.stop()
    return found[1:]  # the first warms both up


async def second_turns(session, base: str, engine: psutil.Process, keys: list[str]) -> dict:
    """Of a second turn after 800 words: seconds to the first token and the engine's CPU seconds, with and without cache."""
    found = {"with_cache": [], "without_cache": []}
    for turn, other in enumerate(keys):
        history = prompt(800, f"history {turn}")
        second = [*history, {"role": "assistant", "content": "Yes."}, *prompt(30, "next")]
        await ask(session, base, body_of(history, 2))
        for name, key in (("with_cache", ""), ("without_cache", other)):
            before = cpu(engine)
            first, _, _ = await ask(session, base, body_of(second, 1), key)
            found[name].append((first, cpu(engine) - before))
    return found


async def made_keys(session, base: str, token: str, count: int) -> list[str]:
    """Keys of persons who share nothing with the one that asks without a key."""
    keys = []
    for number in range(count):
        body = {"name": f"bench {number}", "user": f"person {number}"}
        async with session.post(
            base + "/sampan/keys", json=body, headers={"authorization": f"Bearer {token}"}
        ) as reply:
            made = await reply.json()
        keys.append(made.get("secret") or made["key"])
    return keys


async def measure(path: Path, pairs: int, tokens: int) -> dict:
    alone = Engine(path, EngineSettings(context=CONTEXT, slots=2, idle_s=0))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(600)) as session:
        async with sampan(path, "bench", SETTINGS, session) as (base, token, pid):
            process = psutil.Process(pid)
            engine = next(child for child in process.children() if "engine_child" in " ".join(child.cmdline()))
            rows = await speeds(session, base, (process, engine), alone, pairs, tokens)
            keys = await made_keys(session, base, token, min(pairs, 3))
            turns = await second_turns(session, base, engine, keys)
    first = {name: median(wall for wall, _ in values) for name, values in turns.items()}
    spent = {name: median(used for _, used in values) for name, values in turns.items()}
    return {
        "model": path.name,
        "threads": alone.settings.thread_count,
        "tokens_per_s": {name: median(row[name] for row in rows) for name in ("sampan", "engine")},
        "tokens_per_cpu_s": {name: median(row[f"{name}_cpu"] for row in rows) for name in ("sampan", "engine")},
        "ratio": median(row["sampan"] / row["engine"] for row in rows),
        "ratio_cpu": median(row["sampan_cpu"] / row["engine_cpu"] for row in rows),
        "ratios": sorted(round(row["sampan"] / row["engine"], 2) for row in rows),
        "second_turn_first_token_s": first,
        "second_turn_cpu_s": spent,
        "sooner": round(first["without_cache"] / first["with_cache"], 1),
        "sooner_cpu": round(spent["without_cache"] / max(spent["with_cache"], 0.01), 1),
    }


def median(values) -> float:
    return round(statistics.median(values), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=96)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(measure(given.path, given.pairs, given.tokens)), indent=1))


main()
