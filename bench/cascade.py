"""Forty prompts of daily work under `auto`: a real model of 1.5 billion parameters on trial, a fake strong one behind it.

    .venv/bin/python bench/cascade.py PATH.gguf [--prompts FILE.toml] [--out RESULTS.json] [--only N]

Sampan is the whole server, started by `sampan up`, with its settings as they are by default. `cascade_prompts.toml` was at
hand when the trials were made; `cascade_held.toml` was written to judge them. The strong model is a stand-in on loopback
that knows every answer of the file and has a price; the small one is real. Printed: for each prompt what its receipt says, kept and
escalated by kind, how many answers are right, and with `--alone` what the small model says where the strong one answered:
what would have been right there too.
"""

import argparse
import asyncio
import contextlib
import json
import re
import time
import tomllib
import unicodedata
from pathlib import Path

import aiohttp
from aiohttp import web
from serving import free_port, sampan

PROMPTS = Path(__file__).with_name("cascade_prompts.toml")
SETTINGS = """
[local]
model = "small"
context = 2048
idle_unload_minutes = 0
discover = false
embeddings = false

[route]
{second_usd}

[[model]]
name = "strong"
realm = "public"
wire = "openai"
base_url = "http://127.0.0.1:{port}/v1"
upstream_model = "strong"
jurisdiction = "US"
operator = "Example AI"
price = {{ input = 2.5, output = 10.0 }}
context = 128000
"""


class Strong:
    """The strong model: answers from the file. asked: how often."""

    def __init__(self, prompts):
        self.known, self.asked = {each["text"]: each["strong"] for each in prompts}, 0

    async def answer(self, request):
        body = await request.json()
        self.asked += 1
        text = self.known.get(body["messages"][-1]["content"], "I do not know.")
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": len(body["messages"][-1]["content"]), "completion_tokens": len(text)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return web.json_response(
            {"id": "s", "object": "chat.completion", "choices": [choice], "usage": usage, "model": "strong"}
        )


@contextlib.asynccontextmanager
async def running(path, prompts, session, second_usd):
    """Sampan with both models: (base URL, token, the strong model)."""
    strong, port = Strong(prompts), free_port()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", strong.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    settings = SETTINGS.format(port=port, second_usd="" if second_usd is None else f"second_usd = {second_usd}")
    try:
        async with sampan(path, "small", settings, session) as (base, token, _):
            yield base, token, strong
    finally:
        await runner.cleanup()


async def ask(session, base, model, text, **more):
    """(answer, receipt id, seconds)."""
    body = {"model": model, "messages": [{"role": "user", "content": text}], **more}
    began = time.perf_counter()
    async with session.post(base + "/v1/chat/completions", json=body) as reply:
        told = await reply.json()
        if reply.status != 200:
            raise SystemExit(told)
        receipt = reply.headers["sampan-receipt"].split(";")[0]
    return told["choices"][0]["message"]["content"] or "", receipt, time.perf_counter() - began


def is_right(prompt, answer):
    return re.search(prompt["right"], unicodedata.normalize("NFKC", answer), re.IGNORECASE) is not None


async def measure(asked, prompts):
    rows = []
    timeout = aiohttp.ClientTimeout(total=1200)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        running(asked.path.resolve(), prompts, session, asked.second_usd) as (base, token, strong),
    ):
        for prompt in prompts:
            before = strong.asked
            answer, receipt, seconds = await ask(session, base, "auto", prompt["text"])
            async with session.get(
                f"{base}/sampan/receipts/{receipt}", headers={"authorization": f"Bearer {token}"}
            ) as reply:
                told = await reply.json()
            crossed = strong.asked > before
            alone = answer
            if crossed and asked.alone:
                alone, _, _ = await ask(session, base, "small", prompt["text"], max_tokens=400)
            trial = told.get("route", {}).get("trial", {})
            rows.append({
                "kind": prompt["kind"], "text": prompt["text"], "kept": not crossed, "right": is_right(prompt, answer),
                "small_right": is_right(prompt, alone), "small": alone, "trial": trial, "why": told["policy"]["why"],
                "explained": bool(told["policy"]["why"]) and ("score" in trial or "error" in trial or not trial),
                "crossings": len(told["crossings"]), "cost_usd": told["cost_usd"], "seconds": round(seconds, 1),
            })  # fmt: skip
            show(rows[-1])
    return rows


def show(row):
    trial = row["trial"]
    score = f"{trial['score']:.2f}/{trial['accept_at']:.2f}" if "score" in trial else trial.get("error", "no trial")
    said = ", ".join(f"{name} {weight:+.1f}" for name, weight in trial.get("checks", {}).items())
    where, right = "kept" if row["kept"] else "sent", "right" if row["right"] else "wrong"
    print(
        f"{row['kind']:4} {where} {right} {score:14} {row['seconds']:5.1f} s {row['text'][:40]!r} [{said}]", flush=True
    )


def summary(rows, asked):
    def share(name, chosen):
        return f"{sum(row[name] for row in chosen)}/{len(chosen)}"

    by_kind = {kind: [row for row in rows if row["kind"] == kind] for kind in ("easy", "hard")}
    kept, sent = [row for row in rows if row["kept"]], [row for row in rows if not row["kept"]]
    told = {
        "kept": {kind: share("kept", chosen) for kind, chosen in by_kind.items()},
        "right: auto": share("right", rows),
        "right of those kept": share("right", kept),
        "cost of auto, dollars": round(sum(row["cost_usd"] for row in rows), 6),
        "receipts that say why": share("explained", rows),
        "crossings agree with receipts": all((row["crossings"] > 0) == (not row["kept"]) for row in rows),
    }
    if asked.alone:
        told["right: small alone"] = share("small_right", rows)
        told["small would have been right of those sent"] = share("small_right", sent)
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", type=int, default=0, help="the first N prompts")
    parser.add_argument("--alone", action="store_true", help="ask the small model too where the strong one answered")
    parser.add_argument(
        "--second-usd", type=float, help="`route.second_usd`; 0: how busy this machine is does not count"
    )
    parser.add_argument("--prompts", type=Path, default=PROMPTS)
    asked = parser.parse_args()
    prompts = tomllib.loads(asked.prompts.read_text(encoding="utf-8"))["prompt"]
    rows = asyncio.run(measure(asked, prompts[: asked.only or None]))
    if asked.out:
        asked.out.write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    print(json.dumps(summary(rows, asked), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
