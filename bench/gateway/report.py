#!/usr/bin/env python3
"""Markdown tables out of bench.py's results: the last row of each target wins."""

import json
import sys
from pathlib import Path

rows, base = {}, None
for path in sys.argv[1:]:
    for line in Path(path).read_text().splitlines():
        r = json.loads(line)
        if r["target"] == "direct":
            base = r["scenarios"]
        old = rows.get(r["target"], {"base": {}, "scenarios": {}})
        mine = {s: base[s] for s in r["scenarios"] if base and s in base}  # direct, in the same invocation
        rows[r["target"]] = {**r, "base": {**old["base"], **mine}, "scenarios": {**old["scenarios"], **r["scenarios"]}}


def ms(us):
    return f"{us / 1000:.2f}"


def cell(r, s, key="lat_us", q="p50"):
    a, b = r["scenarios"].get(s), (r["base"] or {}).get(s)
    if not a or not a.get("ok"):
        return "fail" if a else "-"
    v = a[key][q]
    return ms(v - b[key][q]) if b and r["target"] != "direct" else ms(v)


def num(r, s, key):
    a = r["scenarios"].get(s)
    return "-" if not a else "fail" if not a.get("ok") else f"{a.get(key) or 0:.0f}"


print(
    "| target | rps c32 | CPU us/req | +p50 c1 | +p99 c1 | +p50 c32 | +p99 c32 | +p50 slow c32 | +p99 slow c32 | big rps | big CPU us | start s | RSS idle | RSS end |"
)
print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
for n, r in rows.items():
    s = r["scenarios"]
    last = s.get("load20k") or (list(s.values())[-1] if s else {})
    print(
        f"| {n} | {num(r, 'ns_c32', 'rps')} | {num(r, 'ns_c32', 'cpu_us_per_req')} | {cell(r, 'ns_c1')} | {cell(r, 'ns_c1', q='p99')} | "
        f"{cell(r, 'ns_c32')} | {cell(r, 'ns_c32', q='p99')} | {cell(r, 'slow_c32')} | {cell(r, 'slow_c32', q='p99')} | "
        f"{num(r, 'big_c8', 'rps')} | {num(r, 'big_c8', 'cpu_us_per_req')} | {r.get('ready_s')} | {r.get('rss_idle_mb')} | {last.get('rss_after_mb')} |"
    )
print()
print(
    "| target | burst streams/s c32 | CPU us/stream | +TTFB p50 c1 | +total p50 c1 | paced c32 CPU us/stream | paced c32 +TTFB p50 | +TTFB p99 | paced c128 streams/s (direct) | paced c128 +total p50 |"
)
print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
for n, r in rows.items():
    d = (r["base"] or {}).get("paced_c128", {}).get("rps", 0)
    print(
        f"| {n} | {num(r, 's_c32', 'rps')} | {num(r, 's_c32', 'cpu_us_per_req')} | {cell(r, 's_c1', 'ttfb_us')} | {cell(r, 's_c1')} | "
        f"{num(r, 'paced_c32', 'cpu_us_per_req')} | {cell(r, 'paced_c32', 'ttfb_us')} | {cell(r, 'paced_c32', 'ttfb_us', 'p99')} | "
        f"{num(r, 'paced_c128', 'rps')} ({d:.0f}) | {cell(r, 'paced_c128')} |"
    )
