"""Time and memory of one adapter on one thread: `python speed.py --adapter sampan [--patterns]`.

Time a KB: 120 pieces of 1 KB of hk-dev2 and synth (every second of each), median by the clock and by CPU time. 400 KB: one text of
the same mix, best of three, only for what has nothing but patterns. Memory: resident set over the same interpreter
before anything of the tool was imported, everything loaded, after that scanning.
"""

import argparse
import gc
import json
import os
import random
import statistics
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import pii_bench


def pieces():
    """120 pieces of 1 KB, in turn of Hong Kong texts and of English ones; and 400 KB of both mixed."""
    texts = {}
    for name in ("hk-dev2", "synth"):
        rows = [row[0] for row in pii_bench.SETS[name]()]
        random.Random(1).shuffle(rows)
        texts[name] = rows
    out = []
    for rows in texts.values():
        whole = "\n".join(rows).encode()
        whole *= 1 + 60 * 1024 // len(whole)
        out.append([whole[at : at + 1024].decode(errors="ignore") for at in range(0, 60 * 1024, 1024)])
    mixed = texts["hk-dev2"] * 6 + texts["synth"]
    random.Random(1).shuffle(mixed)
    long = "\n".join(mixed).encode()
    long *= 1 + 400 * 1024 // len(long)
    return [piece for pair in zip(*out, strict=True) for piece in pair], long[: 400 * 1024].decode(errors="ignore")


def one_thread():
    """ONNX Runtime takes all cores unless told, by an argument only."""
    try:
        import onnxruntime
    except ImportError:
        return
    made = onnxruntime.InferenceSession

    def session(path, sess_options=None, **more):
        sess_options = sess_options or onnxruntime.SessionOptions()
        sess_options.intra_op_num_threads = sess_options.inter_op_num_threads = 1
        return made(path, sess_options, **more)

    onnxruntime.InferenceSession = session


def resident():
    """Bytes; `rss()` of the harness rounds to MB."""
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def best_of(detect, text, times=3):
    found = []
    for _ in range(times):
        began = time.perf_counter(), time.process_time()
        detect(text)
        found.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    return [round(min(each) * 1e3, 1) for each in zip(*found, strict=True)]


def measure(name, patterns):
    chunks, long = pieces()
    gc.collect()
    bare = resident()
    from adapters import make

    if not patterns and not name.startswith("sampan"):  # which has no use for it: its memory would count
        one_thread()
    adapter = make(name)
    for chunk in chunks[:6]:
        adapter.detect(chunk)
    clock, used = [], []
    for chunk in chunks:
        began = time.perf_counter(), time.process_time()
        adapter.detect(chunk)
        clock.append((time.perf_counter() - began[0]) * 1e3)
        used.append((time.process_time() - began[1]) * 1e3)
    gc.collect()
    return {
        "adapter": name,
        "ms_per_kb": round(statistics.median(clock), 3),
        "cpu_ms_per_kb": round(statistics.median(used), 3),
        "p95_ms_per_kb": round(sorted(clock)[int(0.95 * len(clock)) - 1], 3),
        "memory_mb": round((resident() - bare) / 1e6, 1),
        "long_ms": best_of(adapter.detect, long) if patterns else None,
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--adapter", required=True)
    options.add_argument("--patterns", action="store_true", help="it has nothing but patterns: scan 400 KB at once too")
    options.add_argument("--json")
    given = options.parse_args()
    result = measure(given.adapter, given.patterns)
    if given.json:
        with open(given.json, "w") as out:
            json.dump(result, out)
    print(result)
