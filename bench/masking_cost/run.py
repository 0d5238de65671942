"""What masking costs: 40 tasks answered by one model through Sampan, in the clear and masked, judged by exact checks.

    .venv/bin/python bench/masking_cost/run.py PATH.gguf [--forms clear,masked]

The model is this machine's engine behind its loopback endpoint. For `clear` Sampan is told that it is personal; for the other forms that
it is somebody's public one, so the default rules mask what they always mask, and the values come back in the answer. Same bytes to the
caller's side, greedy decoding, one attempt. Answers are kept in bench/out/masking_cost; a run that was interrupted goes on.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from checks import right

from sampan.providers.local.engine import Engine, EngineSettings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "bench" / "out" / "masking_cost"
FORMS = {"clear": ("personal", ""), "masked": ("public", "names = true\n")}
"""Form -> the realm that Sampan takes the engine to be in, and `[privacy]`."""
TASKS = json.loads((HERE / "tasks.json").read_text())


def settings(form, url):
    realm, privacy = FORMS[form]
    return (
        "[local]\nenabled = false\nembeddings = false\ndiscover = false\n"
        f"[privacy]\n{privacy}"
        f'[[model]]\nname = "bench"\nrealm = "{realm}"\nwire = "openai"\nbase_url = "{url}/v1"\nupstream_model = "bench"\n'
        'api_key = "env:BENCH_ENGINE_KEY"\njurisdiction = "US"\nretries = 0\n'
    )


def call(url, token, body=None):
    head = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    asked = urllib.request.Request(url, json.dumps(body).encode() if body else None, head)
    with urllib.request.urlopen(asked, timeout=600) as reply:
        return json.load(reply), dict(reply.headers)


@contextlib.contextmanager
def sampan(form, url, key):
    """A running server in front of the engine: (base URL, token)."""
    with tempfile.TemporaryDirectory(prefix="sampan-bench-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        (Path(folder) / "sampan.toml").write_text(settings(form, url))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMPAN_")}
        env = {**kept, "SAMPAN_HOME": folder, "BENCH_ENGINE_KEY": key}
        server = subprocess.Popen(
            [sys.executable, "-m", "sampan", "up", "-q", "--port", str(port)], env=env, cwd=folder
        )
        try:
            base = f"http://127.0.0.1:{port}"
            for _ in range(240):
                with contextlib.suppress(urllib.error.URLError):
                    call(base + "/healthz", "")
                    break
                time.sleep(0.25)
            yield base, next(Path(folder).rglob("token")).read_text().strip()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


def digest(form):
    found = hashlib.sha256(json.dumps(FORMS[form]).encode())
    if form != "clear":
        for path in sorted((ROOT / "src" / "sampan").rglob("*.py")):
            if path.parent.parts[-1] != "cli":
                found.update(path.read_bytes())
    return found.hexdigest()[:12]


def answers(form, url, key, model):
    """Task id -> {answer, masked, hints}; those that were asked before are taken from the file."""
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{model}-{form}.jsonl"
    kept = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    code = digest(form)
    done = {row["prompt"]: row for row in kept if row["code"] == code}
    left = [task for task in TASKS if task["prompt"] not in done]
    if left:
        with sampan(form, url, key) as (base, token), path.open("a") as out:
            for task in left:
                row = asked(task, base, token) | {"prompt": task["prompt"], "code": code}
                done[task["prompt"]] = row
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                out.flush()
                print(
                    form, task["id"], "right" if right(task, row["answer"]) else "WRONG", row["masked"], file=sys.stderr
                )
    return {task["id"]: done[task["prompt"]] for task in TASKS}


def asked(task, base, token):
    body = {
        "model": "bench", "messages": [{"role": "user", "content": task["prompt"]}],
        "temperature": 0, "seed": 1, "max_tokens": 200,
    }  # fmt: skip
    reply, head = call(base + "/v1/chat/completions", "", body)
    receipt, _ = call(f"{base}/sampan/receipts/{head['sampan-receipt'].split(';')[0].split(',')[0]}", token)
    crossings = receipt.get("crossings") or receipt.get("receipt", {}).get("crossings") or [{}]
    return {
        "answer": reply["choices"][0]["message"]["content"], "masked": crossings[0].get("masked", {}),
        "hints": crossings[0].get("hints", {}),
    }  # fmt: skip


def score(found, tasks):
    return sum(right(task, found[task["id"]]["answer"]) for task in tasks)


def report(found):
    forms = list(found)
    yield "| tasks | " + " | ".join(forms) + " | " + " | ".join(f"{form} ÷ clear" for form in forms[1:]) + " |"
    yield "|---|" + "--:|" * (2 * len(forms) - 1)
    groups = [("all", TASKS)]
    for name in ("language", "needs"):
        values = dict.fromkeys(task[name] for task in TASKS)
        groups += [(f"{name}: {value}", [task for task in TASKS if task[name] == value]) for value in values]
    for title, tasks in groups:
        row = [score(found[form], tasks) for form in forms]
        ratios = " | ".join(f"{each / row[0]:.2f}" if row[0] else "-" for each in row[1:])
        yield f"| {title} ({len(tasks)}) | " + " | ".join(map(str, row)) + f" | {ratios} |"
    for form in forms[1:]:
        lost = [
            t
            for t in TASKS
            if right(t, found["clear"][t["id"]]["answer"]) and not right(t, found[form][t["id"]]["answer"])
        ]
        won = [
            t
            for t in TASKS
            if not right(t, found["clear"][t["id"]]["answer"]) and right(t, found[form][t["id"]]["answer"])
        ]
        yield f"\n{form}: lost {', '.join(t['id'] for t in lost) or 'none'}; won {', '.join(t['id'] for t in won) or 'none'}"
        nothing = [t["id"] for t in TASKS if not found[form][t["id"]]["masked"]]
        yield f"{form}: nothing was masked in {', '.join(nothing) or 'none'}"


async def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("path", type=Path)
    options.add_argument("--forms", default=",".join(FORMS))
    given = options.parse_args()
    engine = Engine(given.path.resolve(), EngineSettings(context=2048, slots=1, idle_s=0))
    found = {}
    async with engine.lease() as (url, key):
        for form in given.forms.split(","):
            found[form] = await asyncio.to_thread(answers, form, url, key, given.path.stem)
    await engine.stop()
    text = "\n".join(report(found)) + "\n"
    (OUT / f"{given.path.stem}.md").write_text(text)
    print(text)


if __name__ == "__main__":
    asyncio.run(main())
