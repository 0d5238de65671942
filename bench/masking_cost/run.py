"""What masking costs: tasks answered by one model through Sampan, in the clear and masked, judged by exact checks.

    .venv/bin/python bench/masking_cost/run.py PATH.gguf [--tasks held] [--forms clear,masked] [--threads 1]

The model is this machine's engine behind its loopback endpoint. For `clear` Sampan is told that it is personal; for the other forms that
it is somebody's public one, so the default rules mask what they always mask, and the values come back in the answer. Same bytes to the
caller's side, greedy decoding, one attempt. What was asked and answered is kept in bench/out/masking_cost; a run that was interrupted
goes on. `tasks.json` was at hand when masking was worked on, `held.json` was written, on other topics, to judge that work.
"""

import argparse
import asyncio
import contextlib
import hashlib
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from datetime import date, datetime
from pathlib import Path

from checks import right

from sampan.providers.local.engine import Engine, EngineSettings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "bench" / "out" / "masking_cost"
FORMS = {
    "clear": ("personal", ""),
    "masked": ("public", "names = true\nguidance = false\n"),
    "guided": ("public", "names = true\nguidance = true\n"),
    "hints": ("public", 'names = true\nguidance = true\nhints = ["gender", "age", "area", "domain"]\n'),
}
"""Form -> the realm that Sampan takes the engine to be in, and `[privacy]`."""


def filled(task, today):
    """A task with today's date and the ages of today, wherever its text says `{en}`, `{zh}`, `{mixed}` or `{1990-05-03}`."""
    text = json.dumps(task, ensure_ascii=False)
    written = {
        "en": f"{today.day} {today:%B %Y}", "zh": f"{today.year}年{today.month}月{today.day}日", "mixed": f"{today.day}/{today.month}/{today.year}",
    }  # fmt: skip
    for name, said in written.items():
        text = text.replace(f"{{{name}}}", said)
    return json.loads(
        re.sub(r"\{(\d{4}-\d\d-\d\d)\}", lambda found: str(age(date.fromisoformat(found[1]), today)), text)
    )


def age(born, today):
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def tasks_of(name):
    today = datetime.now().astimezone().date()
    return [filled(task, today) for task in json.loads((HERE / f"{name}.json").read_text())]


def settings(form, url):
    realm, privacy = FORMS[form]
    return (
        "[local]\nenabled = false\nembeddings = false\ndiscover = false\n"
        f"[privacy]\n{privacy}"
        f'[[model]]\nname = "bench"\nrealm = "{realm}"\nwire = "openai"\nbase_url = "{url}/v1"\nupstream_model = "bench"\n'
        'jurisdiction = "US"\nretries = 0\n'
    )


def call(url, token, body=None):
    head = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    asked = urllib.request.Request(url, json.dumps(body).encode() if body else None, head)
    with urllib.request.urlopen(asked, timeout=600) as reply:
        return json.load(reply), dict(reply.headers)


@contextlib.contextmanager
def sampan(form, url):
    """A running server in front of the engine: (base URL, token)."""
    with tempfile.TemporaryDirectory(prefix="sampan-bench-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        (Path(folder) / "sampan.toml").write_text(settings(form, url))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMPAN_")}
        env = {**kept, "SAMPAN_HOME": folder}
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


class Endpoint(http.server.ThreadingHTTPServer):
    """Stands for a vendor: hands requests on to the engine, and gives the answer that it gave to the same bytes before.

    So a run that was interrupted goes on, and one after a change of Sampan asks the model only what became another request. What was
    asked is kept beside the answer, to be read.
    """

    daemon_threads = True

    def __init__(self, engine, key, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.engine, self.key, self.folder = engine, key, folder
        folder.mkdir(parents=True, exist_ok=True)

    def reply(self, path, body):
        asked = json.dumps(json.loads(body), ensure_ascii=False, sort_keys=True).encode()
        kept = self.folder / f"{hashlib.sha256(asked).hexdigest()[:32]}.json"
        kept.with_suffix(".asked").write_bytes(asked)
        if not kept.exists():
            head = {"content-type": "application/json", "authorization": f"Bearer {self.key}"}
            with urllib.request.urlopen(urllib.request.Request(self.engine + path, body, head), timeout=600) as reply:
                kept.write_bytes(reply.read())
        return kept.read_bytes()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        raw = self.server.reply(self.path, self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


def answers(form, url, tasks):
    """Task id -> {answer, masked, hints}."""
    found = {}
    with sampan(form, url) as (base, token):
        for task in tasks:
            row = found[task["id"]] = asked(task, base, token)
            print(form, task["id"], "right" if right(task, row["answer"]) else "WRONG", row["masked"], file=sys.stderr)
    return found


def asked(task, base, token):
    body = {
        "model": "bench", "messages": [{"role": "user", "content": task["prompt"]}],
        "temperature": 0, "seed": 1, "max_tokens": 200,
    }  # fmt: skip
    reply, head = call(base + "/v1/chat/completions", "", body)
    receipt, _ = call(f"{base}/sampan/receipts/{head['sampan-receipt'].split(';')[0]}", token)
    crossing = (receipt["crossings"] or [{}])[0]
    return {
        "answer": reply["choices"][0]["message"]["content"], "masked": crossing.get("masked", {}),
        "hints": crossing.get("hints", {}),
    }  # fmt: skip


def score(found, tasks):
    return sum(right(task, found[task["id"]]["answer"]) for task in tasks)


def report(found, every):
    forms = list(found)
    yield "| tasks | " + " | ".join(forms) + " | " + " | ".join(f"{form} ÷ clear" for form in forms[1:]) + " |"
    yield "|---|" + "--:|" * (2 * len(forms) - 1)
    groups = [("all", every)]
    for name in ("language", "needs"):
        values = dict.fromkeys(task[name] for task in every)
        groups += [(f"{name}: {value}", [task for task in every if task[name] == value]) for value in values]
    for title, tasks in groups:
        row = [score(found[form], tasks) for form in forms]
        ratios = " | ".join(f"{each / row[0]:.2f}" if row[0] else "-" for each in row[1:])
        yield f"| {title} ({len(tasks)}) | " + " | ".join(map(str, row)) + f" | {ratios} |"
    for form in forms[1:]:
        lost = [
            t
            for t in every
            if right(t, found["clear"][t["id"]]["answer"]) and not right(t, found[form][t["id"]]["answer"])
        ]
        won = [
            t
            for t in every
            if not right(t, found["clear"][t["id"]]["answer"]) and right(t, found[form][t["id"]]["answer"])
        ]
        yield f"\n{form}: lost {', '.join(t['id'] for t in lost) or 'none'}; won {', '.join(t['id'] for t in won) or 'none'}"
        nothing = [t["id"] for t in every if not found[form][t["id"]]["masked"]]
        yield f"{form}: nothing was masked in {', '.join(nothing) or 'none'}"


async def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("path", type=Path)
    options.add_argument("--forms", default=",".join(FORMS))
    options.add_argument("--tasks", default="tasks")
    options.add_argument("--threads", type=int, default=0)
    given = options.parse_args()
    engine = Engine(given.path.resolve(), EngineSettings(context=2048, slots=1, threads=given.threads, idle_s=0))
    found, tasks = {}, tasks_of(given.tasks)
    async with engine.lease() as (url, key):
        endpoint = Endpoint(url, key, OUT / given.path.stem)
        threading.Thread(target=endpoint.serve_forever, daemon=True).start()
        for form in given.forms.split(","):
            found[form] = await asyncio.to_thread(answers, form, f"http://127.0.0.1:{endpoint.server_port}", tasks)
    await engine.stop()
    text = "\n".join(report(found, tasks)) + "\n"
    (OUT / f"{given.path.stem}.{given.tasks}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1))
    (OUT / f"{given.path.stem}.{given.tasks}.md").write_text(text)
    print(text)


if __name__ == "__main__":
    asyncio.run(main())
