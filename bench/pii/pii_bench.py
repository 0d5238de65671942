"""PII detection bench.
  python pii_bench.py --adapter rampart --data synth --json out.json
  python pii_bench.py --all --outdir results/      (one subprocess per adapter and data set)
Adapter: built-in name (adapters.py) or module:Class with detect(text)->[(start,end,label,score)].
Scores: strict = same bounds and coarse class; partial = same coarse class and IoU>=0.5 (greedy);
token = word / CJK character marked sensitive or not (class ignored). F2 weighs recall 2x.
`classes scored` = the coarse classes the data set annotates; predictions of other classes are
left out of strict/partial precision but count as marked in token scores only if --token-all.
"""

from __future__ import annotations
import gzip, argparse, csv, json, os, re, resource, statistics, subprocess, sys, time
import own_set
from labels import coarse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DATA = os.environ.get("PII_DATA", os.path.join(ROOT, "data", "pii"))
WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+|[\u3400-\u9fff\uf900-\ufaff]")


def load_synth(p):
    ig = {"TITLE", "AGE", "NRP"}
    for r in json.load(open(p, encoding="utf-8")):
        yield (
            r["full_text"],
            [
                (s["start_position"], s["end_position"], s["entity_type"])
                for s in r["spans"]
                if s["entity_type"] not in ig
            ],
            [(s["start_position"], s["end_position"]) for s in r["spans"] if s["entity_type"] in ig],
        )


def load_synth_joined(p):
    """Parts of one address that stand next to each other (blanks, line breaks, commas between) as one span."""
    for t, sp, ig in load_synth(p):
        out = []
        for s, e, l in sorted(sp):
            street = lambda x: x in ("STREET_ADDRESS", "ZIP_CODE")
            if (
                out
                and coarse(l) == "LOC" == coarse(out[-1][2])
                and (street(l) or street(out[-1][2]))
                and re.fullmatch(r"[\s,]{0,8}", t[out[-1][1] : s])
            ):
                out[-1] = (out[-1][0], e, "STREET_ADDRESS")
            else:
                out.append((s, e, l))
        yield t, out, ig


def load_synth_held(p):
    """The half of the templates that does not train Sampan's tagger; the same split as training/tagger/presidio.py."""
    import zlib

    for r, row in zip(json.load(open(p, encoding="utf-8")), load_synth_joined(p), strict=True):
        text, at, out = r["full_text"], 0, []
        for span in sorted(r["spans"], key=lambda s: s["start_position"]):
            out += [text[at : span["start_position"]], f"<{span['entity_type']}>"]
            at = span["end_position"]
        template = re.sub(r"\W+", " ", "".join([*out, text[at:]])).strip().lower()
        if zlib.crc32(template[:60].encode()) % 2:
            yield row


def load_pupa(p):
    for r in csv.DictReader(open(p, encoding="utf-8")):
        t = r["user_query"]
        low = t.lower()
        sp = []
        if len(low) != len(t):
            continue
        for u in r["pii_units"].split("||"):
            u = u.strip().lower()
            if len(u) < 3 or "presidio_anonymized" in u:
                continue
            for m in re.finditer(r"(?<![a-z0-9])" + re.escape(u) + r"(?![a-z0-9])", low):
                sp.append((m.start(), m.end(), "PII"))
        ig = [(m.start(), m.end()) for m in re.finditer(r"<PRESIDIO_ANONYMIZED_[A-Z_]+>", t)]
        if sp:
            yield t, sp, ig


def load_jsonl(p):
    for l in gzip.open(p + ".gz", "rt", encoding="utf-8"):
        r = json.loads(l)
        yield r["text"], [(s["start"], s["end"], s["label"]) for s in r["spans"]], []


def load_own(half):
    for record in own_set.records(half):
        yield record.text, [span[:3] for span in record.spans], []


def load_conll(p):
    t, sp, cur = "", [], None
    for l in open(p, encoding="utf-8"):
        l = l.rstrip("\n")
        if not l.strip():
            if cur:
                sp.append(tuple(cur))
                cur = None
            if t:
                yield t, sp, []
            t, sp = "", []
            continue
        c, lab = re.split(r"[\t ]", l)[:2]
        c = c[:1]
        typ = lab[2:].split(".")[0] if lab != "O" and not lab.endswith(".NOM") else ""
        if cur and (lab[0] not in "IME" or typ != cur[2]):
            sp.append(tuple(cur))
            cur = None
        if typ:
            if cur:
                cur[1] = len(t) + 1
            else:
                cur = [len(t), len(t) + 1, typ]
        t += c
    if cur:
        sp.append(tuple(cur))
    if t:
        yield t, sp, []


SETS = {
    "synth": (lambda: load_synth(f"{DATA}/presidio_synth_v2.json")),
    "synth-joined": (lambda: load_synth_joined(f"{DATA}/presidio_synth_v2.json")),
    "synth-held": (lambda: load_synth_held(f"{DATA}/presidio_synth_v2.json")),
    "pupa-tnb": (lambda: load_pupa(f"{DATA}/PUPA_TNB.csv")),
    "weibo-dev": (lambda: load_conll(f"{DATA}/weiboNER_2nd_conll.dev")),
    "msra-dev": (lambda: load_conll(f"{DATA}/msra_dev_2000.conll")),
    "hk-dev": (lambda: load_jsonl(f"{DATA}/hk_pii_dev.jsonl")),
    "hk-dev2": (lambda: load_jsonl(f"{DATA}/hk_pii_dev2.jsonl")),
    "own-dev": (lambda: load_own("own-dev")),
    "own-held": (lambda: load_own("own-held")),
}


def f(p, r, b=1.0):
    return 0.0 if p + r == 0 else (1 + b * b) * p * r / (b * b * p + r)


def prf(tp, fp, fn):
    p = tp / (tp + fp) if tp + fp else 0.0
    r = tp / (tp + fn) if tp + fn else 0.0
    return dict(p=round(p, 4), r=round(r, 4), f1=round(f(p, r), 4), f2=round(f(p, r, 2), 4), tp=tp, fp=fp, fn=fn)


def iou(a, b):
    i = min(a[1], b[1]) - max(a[0], b[0])
    return 0 if i <= 0 else i / (max(a[1], b[1]) - min(a[0], b[0]))


def dedupe(pred):
    """Keep best score, then longest, of overlapping spans of one class; drop overlaps across classes the same way."""
    out = []
    for p in sorted(pred, key=lambda p: (-p[3], p[0] - p[1])):
        if not any(p[0] < q[1] and q[0] < p[1] for q in out):
            out.append(p)
    return out


def rss():
    for l in open("/proc/self/status"):
        if l.startswith("VmRSS"):
            return int(l.split()[1]) // 1024


def run(adapter, data, limit=0, speed=True):
    from adapters import make

    rows = list(SETS[data]())
    if limit:
        rows = rows[:limit]
    r0 = rss()
    t0 = time.time()
    a = make(adapter)
    load = time.time() - t0
    a.detect("warm up: John Smith, 陳大文")
    r1 = rss()
    classes = {coarse(l) or l for _, sp, _ in rows for *_, l in sp}
    untyped = classes == {"PII"}
    S = [0, 0, 0]
    P = [0, 0, 0]
    T = [0, 0, 0]
    per = {}
    leak = tot = 0
    conf = {}
    unk = {}
    t0 = time.time()
    nb = 0
    preds = []
    for text, _, _ in rows:
        nb += len(text.encode())
        preds.append(a.detect(text))
    det = time.time() - t0
    for (text, gold, ign), pred in zip(rows, preds):
        for q in pred:
            if coarse(q[2]) is None:
                unk[q[2]] = unk.get(q[2], 0) + 1
        full = [(s, e, coarse(l) or l, sc) for s, e, l, sc in pred]
        full = [p for p in full if not any(p[0] < y and x < p[1] for x, y in ign)]
        typed = dedupe([p for p in full if p[2] in classes])
        g = [(s, e, coarse(l) or l) for s, e, l in gold]
        if not untyped:
            gs, ps = {x for x in g}, {p[:3] for p in typed}
            S[0] += len(gs & ps)
            S[1] += len(ps - gs)
            S[2] += len(gs - ps)
            used = set()
            for x in g:
                c = per.setdefault(x[2], [0, 0, 0])
                best = max(
                    ((iou(x, p), i) for i, p in enumerate(typed) if i not in used and p[2] == x[2]), default=(0, -1)
                )
                if best[0] >= 0.5:
                    used.add(best[1])
                    P[0] += 1
                    c[0] += 1
                else:
                    P[2] += 1
                    c[2] += 1
            for i, p in enumerate(typed):
                if i not in used:
                    P[1] += 1
                    per.setdefault(p[2], [0, 0, 0])[1] += 1
        gm, pm = bytearray(len(text)), bytearray(len(text))
        for s, e, *_ in g:
            gm[s:e] = b"\1" * (e - s)
        for s, e, *_ in full if untyped else typed:
            pm[s:e] = b"\1" * (e - s)
        for m in WORD.finditer(text):
            k = m.start()
            x, y = gm[k], pm[k : m.end()].count(1) * 2 >= m.end() - k
            if any(s <= k < e for s, e in ign):
                continue
            T[0 if x and y else 1 if y else 2 if x else 0] += 1 if x or y else 0
        for s, e, *_ in g:
            tot += 1
            toks = [m for m in WORD.finditer(text, s, e)]
            if toks and sum(pm[m.start()] for m in toks) < len(toks):
                leak += 1
    res = dict(
        adapter=adapter,
        data=data,
        texts=len(rows),
        gold=tot,
        classes=sorted(classes),
        load_s=round(load, 2),
        rss_base_mb=r0,
        rss_loaded_mb=r1,
        strict=None if untyped else prf(*S),
        partial=None if untyped else prf(*P),
        token=prf(*T),
        span_leak_rate=round(leak / max(1, tot), 4),
        per_class={k: prf(*v) for k, v in sorted(per.items())},
        unmapped_labels=dict(sorted(unk.items(), key=lambda x: -x[1])[:12]),
        corpus_kb=round(nb / 1024, 1),
        corpus_kb_s=round(nb / 1024 / det, 1),
    )
    if speed:
        chunks, cur = [], ""
        for t, *_ in rows:
            cur += t + "\n"
            while len(cur.encode()) >= 1024:
                k = len(cur.encode()[:1024].decode("utf-8", "ignore"))
                chunks.append(cur[:k])
                cur = cur[k:]
            if len(chunks) >= 120:
                break
        ts = []
        for c in chunks[:120]:
            t0 = time.perf_counter()
            a.detect(c)
            ts.append((time.perf_counter() - t0) * 1e3)
        ts.sort()
        res.update(
            p50_ms_per_kb=round(statistics.median(ts), 2),
            p95_ms_per_kb=round(ts[int(0.95 * len(ts)) - 1], 2),
            kb_s=round(len(ts) / (sum(ts) / 1e3), 1),
        )
    res["rss_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return res


def line(r):
    g = lambda k, m: "  -  " if not r[k] else f"{r[k][m]:.3f}"
    return (
        f"{r['adapter']:24} {r['data']:10} strictF1 {g('strict', 'f1')} part P/R/F2 {g('partial', 'p')}/{g('partial', 'r')}/{g('partial', 'f2')} "
        f"tok P/R/F2 {g('token', 'p')}/{g('token', 'r')}/{g('token', 'f2')} leak {r['span_leak_rate']:.3f} "
        f"p50 {r.get('p50_ms_per_kb')}ms p95 {r.get('p95_ms_per_kb')} {r.get('kb_s')}KB/s rss {r['rss_peak_mb']}MB"
    )


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--adapter")
    ap.add_argument("--data", default="synth")
    ap.add_argument("--json")
    ap.add_argument("--limit", type=int, default=0)
    ap.add_argument("--no-speed", action="store_true", help="accuracy only: no timing, no lock needed")
    ap.add_argument("--all", action="store_true")
    ap.add_argument("--outdir", default=os.path.join(HERE, "results"))
    ap.add_argument("--adapters", default="")
    ap.add_argument("--sets", default="synth,pupa-tnb,hk-dev")
    a = ap.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if a.all:
        from adapters import ADAPTERS

        os.makedirs(a.outdir, exist_ok=True)
        for d in a.sets.split(","):
            for n in a.adapters.split(",") if a.adapters else ADAPTERS:
                o = os.path.join(a.outdir, f"{n.replace(':', '_')}__{d}.json")
                c = subprocess.run(
                    ([] if a.no_speed else ["flock", "/tmp/cpu.lock"])
                    + [
                        sys.executable,
                        os.path.join(HERE, "pii_bench.py"),
                        "--adapter",
                        n,
                        "--data",
                        d,
                        "--json",
                        o,
                        "--limit",
                        str(a.limit),
                    ]
                    + (["--no-speed"] if a.no_speed else []),
                    cwd=HERE,
                )
                if c.returncode:
                    print("FAILED", n, d, flush=True)
    else:
        r = run(a.adapter, a.data, a.limit, not a.no_speed)
        if a.json:
            json.dump(r, open(a.json, "w"), indent=1)
        print(line(r), flush=True)
