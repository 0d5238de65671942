"""Sampan beside its peers, one table: `python beside.py --data FOLDER` (or PII_DATA); `make bench-pii` calls it.

Runs with Sampan's interpreter; the peers run with that of --peers (peers.py makes it). Every cell is a process of its own and a file in
bench/out/pii, so that a run that was interrupted goes on where it stopped. A cell is taken up again only when code, versions
and data are what they were; times only within one run. What is not there is named, never left out.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "bench" / "out" / "pii"

TOOLS = {
    "sampan": "",
    "sampan-places": "",
    "sampan-patterns": "",
    "presidio-0.4": "presidio",
    "presidio-zh+lac": "presidio lac",
    "rampart": "rampart",
    "lac-np": "lac",
    "argus-fast": "argus",
    "datafog": "datafog",
}
"""Tool -> the peers it needs."""
NAMES = {
    "sampan": "Sampan",
    "sampan-places": "Sampan and bare places",
    "sampan-patterns": "Sampan, patterns alone",
    "presidio-0.4": "Presidio + spaCy",
    "presidio-zh+lac": "Presidio, Chinese, + LAC",
    "rampart": "Rampart",
    "lac-np": "LAC",
    "argus-fast": "argus-redact",
    "datafog": "datafog",
}
PATTERNS = ("sampan-patterns", "argus-fast", "datafog")
SETS = {
    "hk-dev2": ("hk_pii_dev2.jsonl.gz", "Hong Kong texts, second author", 0),
    "hk-dev": ("hk_pii_dev.jsonl.gz", "Hong Kong texts, first author (patterns were developed on it)", 0),
    "synth-joined": ("presidio_synth_v2.json", "presidio-research synth v2, parts of one address joined", 0),
    "synth": ("presidio_synth_v2.json", "presidio-research synth v2, parts of an address apart", 0),
    "synth-held": ("presidio_synth_v2.json", "synth v2, the templates that trained nothing of Sampan, joined", 0),
    "pupa-tnb": ("PUPA_TNB.csv", "PUPA prompts", 0),
    "weibo-dev": ("weiboNER_2nd_conll.dev", "Weibo dev", 0),
    "msra-dev": ("msra_dev_2000.conll", "MSRA, the first 600 sentences", 600),
}
"""Set -> file, title, texts (0: all)."""
HONG_KONG = ("hk-dev2", "hk-dev")
PLACES = ("synth-joined", "synth", "synth-held", "pupa-tnb", "weibo-dev", "msra-dev")
"""Sets that call a bare city or district a location; Sampan never masks one, so it is measured with and without."""
ENGLISH = ("synth-joined", "synth", "synth-held", "pupa-tnb")
HARNESS = (
    "adapters.py",
    "kinds.py",
    "labels.py",
    "lac_np.py",
    "negatives.py",
    "peers.txt",
    "pii_bench.py",
    "sampan_adapter.py",
)


def digest(*paths):
    found = hashlib.sha256()
    for path in paths:
        for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if each.is_file() and "__pycache__" not in each.parts:
                found.update(each.read_bytes())
    return found.hexdigest()[:16]


class Run:
    def __init__(self, data, peers):
        self.data, self.peers = data, peers
        OUT.mkdir(parents=True, exist_ok=True)
        state = peers / "peers.json"
        self.absent = json.loads(state.read_text()) if state.exists() else {}
        harness = [HERE / name for name in HARNESS]
        self.ours = digest(ROOT / "src" / "sampan" / "understand", *harness)
        self.theirs = digest(*harness)
        stamp = OUT / "run"
        if not stamp.exists():
            stamp.write_text(str(time.time()))
        self.id = stamp.read_text()
        self.failed = {}

    def why_absent(self, tool):
        missing = [(p, self.absent.get(p, "its venv was not made")) for p in TOOLS[tool].split()]
        return "; ".join(f"{peer}: {why}" for peer, why in missing if why)

    def cell(self, script, tool, data, *more):
        """What one measurement gave; None when it cannot be made."""
        if (data and not (self.data / SETS[data][0]).exists()) or self.why_absent(tool):
            return None
        own = tool.startswith("sampan")
        key = [self.ours if own else self.theirs, digest(self.data / SETS[data][0]) if data else self.id, more]
        path = OUT / f"{script}__{tool}__{data}.json"
        if path.exists():
            kept = json.loads(path.read_text())
            if json.dumps(kept["key"]) == json.dumps(key):
                return kept["result"]
        result = self.measured(script, tool, data, more)
        if result is not None:
            path.write_text(json.dumps({"key": key, "result": result}))
        return result

    def measured(self, script, tool, data, more):
        python = sys.executable if tool.startswith("sampan") else str(self.peers / "bin" / "python")
        part = OUT / f"part-{os.getpid()}.json"
        command = [python, HERE / f"{script}.py", "--adapter", tool, "--json", part, *more]
        command += ["--data", data] if data else []
        one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        paths = {"PYTHONPATH": str(ROOT / "src")} if tool.startswith("sampan") else {"PYTHONPATH": ""}
        began = time.time()
        env = {**os.environ, **one, **paths, "PII_DATA": str(self.data)}
        done = subprocess.run(command, cwd=HERE, env=env, capture_output=True, text=True, check=False)
        print(f"  {script} {tool} {data}: {time.time() - began:.0f} s", file=sys.stderr)
        if done.returncode:
            self.failed[script, tool, data] = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            return None
        result = json.loads(part.read_text())
        part.unlink()
        return result

    def tools_for(self, data):
        for tool in TOOLS:
            if tool == "sampan-places" and data not in PLACES:
                continue
            if tool == "sampan-patterns" and data not in HONG_KONG:
                continue
            if tool in ("presidio-zh+lac", "lac-np") and data in ENGLISH:
                continue
            yield tool

    def accuracy(self, tool, data):
        limit = SETS[data][2]
        return self.cell("pii_bench", tool, data, "--no-speed", *(["--limit", str(limit)] if limit else []))

    def everything(self):
        accuracy = {data: {tool: self.accuracy(tool, data) for tool in self.tools_for(data)} for data in SETS}
        kinds = {d: {t: self.cell("kinds", t, d) for t in self.tools_for(d)} for d in HONG_KONG}
        negatives = {d: {t: self.cell("negatives", t, d) for t in self.tools_for(d)} for d in HONG_KONG}
        speed = {}
        if all((self.data / SETS[name][0]).exists() for name in ("hk-dev2", "synth")):
            for tool in TOOLS:
                if tool != "sampan-places":
                    speed[tool] = self.cell("speed", tool, "", *(["--patterns"] if tool in PATTERNS else []))
        return accuracy, kinds, negatives, speed


def number(value, digits=3):
    return "-" if value is None else f"{value:.{digits}f}".replace("0.", ".", 1 if value < 1 else 0)


def triple(part):
    return "-" if not part else " / ".join(number(part[k]) for k in ("p", "r", "f2"))


def best_peer(row, value, *, low=False):
    """(tool, value) of the best peer."""
    there = [(t, value(r)) for t, r in row.items() if r and not t.startswith("sampan") and value(r) is not None]
    return (min if low else max)(there, key=lambda each: each[1], default=(None, None))


def f1(result):
    return result["partial"]["f1"]


def f2(result):
    return result["partial"]["f2"]


def leak(result):
    return result["span_leak_rate"]


def goals(found):
    """Lines of the issue's table: (set, what, target, at most?, row of tools, value of a cell, Sampan's tool)."""
    accuracy, kinds, negatives, speed = found
    for data in HONG_KONG:
        yield data, "partial F2", 0.93, False, accuracy[data], f2, "sampan"
        yield data, "leak, checksum or prefix", 0.05, True, kinds[data], lambda r: r["provable_leak"], "sampan"
        yield data, "leak, all", 0.10, True, accuracy[data], leak, "sampan"
        yield data, "hard negatives masked", 0.05, True, negatives[data], lambda r: r["hit"] / r["total"], "sampan"
    for data in ("synth-joined", "synth", "synth-held"):
        yield data, "partial F2", 0.75, False, accuracy[data], f2, "sampan-places"
        yield data, "leak", 0.20, True, accuracy[data], leak, "sampan-places"
    yield "pupa-tnb", "token recall", 0.80, False, accuracy["pupa-tnb"], lambda r: r["token"]["r"], "sampan-places"
    yield "pupa-tnb", "token precision", 0.50, False, accuracy["pupa-tnb"], lambda r: r["token"]["p"], "sampan-places"
    yield "weibo-dev", "partial F1", 0.65, False, accuracy["weibo-dev"], f1, "sampan-places"
    yield "msra-dev", "partial F1", 0.78, False, accuracy["msra-dev"], f1, "sampan-places"
    whole = {tool: cell for tool, cell in speed.items() if tool not in PATTERNS}
    quick = {tool: cell for tool, cell in speed.items() if tool in PATTERNS}
    yield "speed", "everything, ms a KB", 5, True, whole, lambda r: r["cpu_ms_per_kb"], "sampan"
    yield "speed", "patterns, ms a KB", 0.05, True, quick, lambda r: r["cpu_ms_per_kb"], "sampan-patterns"
    yield "speed", "400 KB of patterns, ms", 20, True, quick, lambda r: r["long_ms"][1], "sampan-patterns"
    yield "memory", "over a bare process, all loaded, MB", 80, True, whole, lambda r: r["memory_mb"], "sampan"


def goal_table(found):
    yield "| set | measure | target | Sampan | | best peer of this run |"
    yield "|---|---|--:|--:|---|---|"
    for data, what, target, low, row, value, tool in goals(found):
        mine = value(row[tool]) if row.get(tool) else None
        peer, theirs = best_peer(row, value, low=low)
        met = "" if mine is None else "met" if (mine <= target if low else mine >= target) else "missed"
        sign = "≤" if low else "≥"
        beside = "none" if peer is None else f"{number(theirs)} ({NAMES[peer]})"
        yield f"| {data} | {what} | {sign} {target:g} | {number(mine)} | {met} | {beside} |"


def set_table(data, row):
    typed = data != "pupa-tnb"
    yield f"\n{SETS[data][1]} (`{data}`)\n"
    yield "| tool |" + (" partial P / R / F2 | F1 |" if typed else "") + " token P / R / F2 | leak |"
    yield "|---|" + ("---|--:|" if typed else "") + "---|--:|"
    for tool, cell in row.items():
        if cell:
            part = f" {triple(cell['partial'])} | {number(cell['partial']['f1'])} |" if typed else ""
            yield f"| {NAMES[tool]} |{part} {triple(cell['token'])} | {number(cell['span_leak_rate'])} |"


def speed_table(speed):
    yield "\nOne thread, CPU time (by the clock in brackets)\n"
    yield "| tool | ms a KB, median | p95 by the clock | 400 KB, ms | memory over a bare process, MB |"
    yield "|---|--:|--:|--:|--:|"
    for tool, cell in speed.items():
        if cell:
            long = "" if not cell["long_ms"] else f"{cell['long_ms'][1]:g} ({cell['long_ms'][0]:g})"
            each = f"{cell['cpu_ms_per_kb']:g} ({cell['ms_per_kb']:g})"
            yield f"| {NAMES[tool]} | {each} | {cell['p95_ms_per_kb']:g} | {long} | {cell['memory_mb']:g} |"


def kind_table(kinds, negatives):
    from kinds import table

    for data in HONG_KONG:
        if kinds[data].get("sampan"):
            yield f"\nSampan by kind, `{data}`\n"
            yield from table(kinds[data]["sampan"])
    yield "\nHard negatives of which something would be masked, and the leak of what a checksum or a prefix proves\n"
    yield "| tool |" + "".join(f" {data}: masked | {data}: leak |" for data in HONG_KONG)
    yield "|---|" + "--:|--:|" * len(HONG_KONG)
    for tool in negatives["hk-dev2"]:
        row = [(negatives[data][tool], kinds[data][tool]) for data in HONG_KONG]
        if all(all(pair) for pair in row):
            cells = (f" {n['hit']} of {n['total']} | {number(k['provable_leak'])} |" for n, k in row)
            yield f"| {NAMES[tool]} |" + "".join(cells)


def report(run, found):
    accuracy, kinds, negatives, speed = found
    yield from goal_table(found)
    for data, row in accuracy.items():
        if any(row.values()):
            yield from set_table(data, row)
    yield from kind_table(kinds, negatives)
    yield from speed_table(speed)
    missing = [
        f"`{data}`: {file} is not in the folder" for data, (file, *_) in SETS.items() if not (run.data / file).exists()
    ]
    gone = [f"{NAMES[tool]}: {why}" for tool in TOOLS if (why := run.why_absent(tool))]
    broken = [f"{NAMES[tool]}, {script} {data}: {why}" for (script, tool, data), why in run.failed.items()]
    for title, lines in (
        ("Absent sets", missing),
        ("Absent peers; remove .venv-bench to try again", gone),
        ("Failed", broken),
    ):
        if lines:
            yield f"\n{title} (see bench/pii/README.md)\n"
            yield from (f"- {each}" for each in lines)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--data", default=os.environ.get("PII_DATA") or ROOT / "data" / "pii", type=pathlib.Path)
    options.add_argument("--peers", default=ROOT / ".venv-bench", type=pathlib.Path)
    given = options.parse_args()
    if not given.data.is_dir():
        raise SystemExit(
            f"error: no folder {given.data}\n  try: PII_DATA=FOLDER make bench-pii; the sets: bench/pii/README.md"
        )
    run = Run(given.data.resolve(), given.peers.resolve())
    text = "\n".join(report(run, run.everything())) + "\n"
    (OUT / "report.md").write_text(text)
    (OUT / "run").unlink()
    print(text)
    sys.exit(1 if run.failed else 0)


if __name__ == "__main__":
    main()
