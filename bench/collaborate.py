"""Two models on private documents: a real one of 1.5 billion parameters inside, a scripted strong one outside that sees what leaves.

    .venv/bin/python bench/collaborate.py PATH.gguf [--way plan|rewrite] [--only ID,ID] [--out RESULTS.json]

Sampan is the whole server, started by `sampan up`, with its default settings and `privacy.names`. The documents are invented
(`collaborate_documents.toml`), 4 to 10 KB of English, written Chinese and Cantonese mixed with English. The stand-in outside knows the tasks: it
asks the questions of the file, gives the advice of the file, and joins notes by repeating them, so nothing in an answer is
its own knowledge. Everything that reaches it is kept and held against the document: values, names, copied stretches.
Printed for each task and way: steps, crossings and their receipts, what left, how many of the facts wanted are in the answer.
"""

import argparse
import asyncio
import json
import re
import time
import tomllib
import unicodedata
from pathlib import Path

import aiohttp
from aiohttp import web
from serving import free_port, sampan

from sampan.flow.verbatim import Original, without_copies

DOCUMENTS = Path(__file__).with_name("collaborate_documents.toml")
SETTINGS = """
[local]
model = "small"
idle_unload_minutes = 0
discover = false
embeddings = false
threads = {threads}

[privacy]
names = true

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
WAYS = ("plan", "rewrite")


class Strong:
    """The model outside. job: the task at hand; heard: every text that reached it since `heard` was emptied."""

    def __init__(self):
        self.job, self.way, self.heard = None, "", []

    async def answer(self, request):
        body = await request.json()
        asked = body["messages"][-1]["content"]
        self.heard.append(json.dumps(body, ensure_ascii=False))
        if self.way == "rewrite":
            said = self.job["advice"]
        elif len(self.heard) == 1:
            said = self.job["questions"]
        else:
            said = "\n".join(line for line in asked.splitlines() if line.startswith("- "))
        message = {"role": "assistant", "content": said.strip()}
        usage = {"prompt_tokens": len(asked) // 3, "completion_tokens": len(said) // 3}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return web.json_response(
            {"id": "s", "object": "chat.completion", "choices": [choice], "usage": usage, "model": "strong"}
        )


def documents(chosen):
    """The documents of the file, with the text of those that are made of others."""
    every = tomllib.loads(DOCUMENTS.read_text(encoding="utf-8"))["document"]
    by_id = {each["id"]: each for each in every}
    for each in every:
        for part in map(by_id.__getitem__, each.get("of", ())):
            each["text"] = "\n\n".join(filter(None, [each.get("text", ""), part["text"]]))
            each["private"] = each.get("private", []) + part["private"]
            each["names"] = each.get("names", []) + part["names"]
    return [each for each in every if not chosen or each["id"] in chosen]


def plain(text):
    """Letters and digits alone, in one width and case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


def crossed(document, heard):
    """What of the document stands in the texts that left: values, names, and whether a long stretch was copied."""
    said, original = plain("\n".join(heard)), Original(document["text"])
    lines = [
        part for text in heard for line in json.loads(text)["messages"] for part in re.split(r"[\n…]", line["content"])
    ]
    return {
        "values": [value for value in document["private"] if plain(value) in said],
        "names": [name for name in document["names"] if plain(name) in said],
        "copied": any(without_copies(line, original) != line for line in lines),
        "characters": sum(map(len, heard)),
    }


def found(job, answer):
    said = unicodedata.normalize("NFKC", answer)
    return [bool(re.search(fact, said, re.IGNORECASE)) for fact in job["right"]]


async def ask(session, base, document, job, way):
    """(answer or error, receipt id, seconds)."""
    messages = [{"role": "user", "content": document["text"]}, {"role": "user", "content": job["task"]}]
    body = {"model": "auto", "messages": messages, "sampan": {"collaborate": way}}
    began = time.perf_counter()
    async with session.post(base + "/v1/chat/completions", json=body) as reply:
        told = await reply.json()
        receipt = reply.headers.get("sampan-receipt", "").split(";")[0]
    seconds = time.perf_counter() - began
    if "choices" not in told:
        return f"ERROR {told['error'].get('code')}: {told['error'].get('message')}", receipt, seconds
    return told["choices"][0]["message"]["content"] or "", receipt, seconds


async def receipts(session, base, token, number):
    """The receipt of the whole, and those of its steps."""

    async def one(which):
        headers = {"authorization": f"Bearer {token}"}
        async with session.get(f"{base}/sampan/receipts/{which}", headers=headers) as reply:
            return await reply.json()

    whole = await one(number)
    return whole, [await one(step) for step in whole.get("route", {}).get("together", {}).get("steps", ())]


async def measure(asked):
    rows, strong, port = [], Strong(), free_port()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", strong.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    timeout = aiohttp.ClientTimeout(total=3600)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            sampan(asked.path.resolve(), "small", SETTINGS.format(port=port, threads=asked.threads), session) as (
                base,
                token,
                _,
            ),
        ):
            for document in documents(asked.only):
                for job in document["task"]:
                    for way in [asked.way] if asked.way else WAYS:
                        strong.job, strong.way, strong.heard = job, way, []
                        answer, number, seconds = await ask(session, base, document, job, way)
                        whole, steps = await receipts(session, base, token, number)
                        rows.append(
                            row_of(document, job, way, answer, strong.heard, whole, steps) | {"s": round(seconds, 1)}
                        )
                        show(rows[-1])
                        if asked.out:
                            asked.out.write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    finally:
        await runner.cleanup()
    return rows


def row_of(document, job, way, answer, heard, whole, steps):
    outward = [step for step in steps if step["crossings"]]
    return {
        "id": document["id"], "language": document["language"], "task": job["task"], "way": way, "answer": answer,
        "facts": found(job, answer), "left": crossed(document, heard), "heard": heard, "end": whole["end"]["how"] if isinstance(whole.get("end"), dict) else whole.get("end"),
        "steps": len(steps), "outward": len(outward),
        "masked": [crossing.get("masked", {}) for step in outward for crossing in step["crossings"]],
        "receipts_agree": len(outward) == len(heard) and not whole["crossings"],
        "bytes": sum(len(text.encode()) for text in heard), "document_bytes": len(document["text"].encode()),
    }  # fmt: skip


def show(row):
    left = row["left"]
    print(
        f"{row['id']:11} {row['way']:7} facts {sum(row['facts'])}/{len(row['facts'])} steps {row['steps']:2} crossings {row['outward']} "
        f"values {len(left['values'])} names {len(left['names'])} copied {left['copied']} bytes {row['bytes']} of "
        f"{row['document_bytes']} {row['s']:.0f} s {row['answer'][:60]!r}",
        flush=True,
    )


def summary(rows):
    def facts(chosen):
        return f"{sum(sum(row['facts']) for row in chosen)}/{sum(len(row['facts']) for row in chosen)}"

    told = {}
    for way in WAYS:
        mine = [row for row in rows if row["way"] == way]
        told[way] = {
            "tasks": len(mine),
            "answered": sum(not row["answer"].startswith("ERROR") for row in mine),
            "facts": facts(mine),
            "facts by language": {
                name: facts([row for row in mine if row["language"] == name]) for name in ("en", "zh", "yue")
            },
            "values that left": sum(len(row["left"]["values"]) for row in mine),
            "names that left": sum(len(row["left"]["names"]) for row in mine),
            "tasks with a copied stretch": sum(row["left"]["copied"] for row in mine),
            "receipts agree with what arrived": sum(row["receipts_agree"] for row in mine),
            "bytes out ÷ bytes of the documents": round(
                sum(row["bytes"] for row in mine) / max(sum(row["document_bytes"] for row in mine), 1), 2
            ),
            "median seconds": sorted(row["s"] for row in mine)[len(mine) // 2] if mine else None,
        }
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--only", type=lambda said: said.split(","), help="ids of documents, with commas between")
    parser.add_argument("--threads", type=int, default=0, help="of the local model; 1 on a machine that others use too")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    rows = asyncio.run(measure(asked))
    print(json.dumps(summary(rows), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
