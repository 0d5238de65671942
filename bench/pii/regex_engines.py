"""~40 detection patterns over ~400 KB of mixed English/Chinese text: re vs re2 Set vs hyperscan; ahocorasick_rs keyword pass."""

import json, os, random, re, statistics, sys, time

P = {
    "email": r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,24}",
    "hkid": r"\b[A-Za-z]{1,2} ?[0-9]{3} ?[0-9]{3} ?\(?[0-9Aa]\)?",
    "hkphone": r"\b(?:\+?852[- ]?)?[235-9][0-9]{3}[- ]?[0-9]{4}\b",
    "cnphone": r"\b(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}\b",
    "intl": r"\+[1-9][0-9]{0,2}[- ]?[0-9]{2,4}[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}",
    "card": r"\b[3-6][0-9]{3}[- ]?[0-9]{4,6}[- ]?[0-9]{4,5}[- ]?[0-9]{0,4}\b",
    "cnid": r"\b[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]\b",
    "hkpass": r"\b[HK][A-Z]?[0-9]{7,8}\b",
    "cnpass": r"\b[EG][A-Z]?[0-9]{7,8}\b",
    "iban": r"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b",
    "bank": r"\b[0-9]{3}[- ][0-9]{1,6}[- ][0-9]{3,8}(?:[- ][0-9])?\b",
    "oct": r"\b[0-9]{8}[(-][0-9]\)?",
    "plate": r"\b[A-HJ-NP-Z]{2} ?[1-9][0-9]{0,3}\b",
    "br": r"\b[0-9]{8}-[0-9]{3}(?:-[0-9]{2}-[0-9]{2}-[0-9A])?\b",
    "hn": r"\b(?:HN|MRN-?|TWC|OP|AE|SP)[0-9]{7,9}",
    "ipv4": r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b",
    "ipv6": r"\b(?:[0-9a-fA-F]{1,4}:){2,7}(?::?[0-9a-fA-F]{1,4})\b",
    "mac": r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
    "url": r'https?://[^\s<>"]+',
    "dburl": r"\b(?:postgres|mysql|mongodb|redis)(?:\+srv)?://[^\s@]+@[^\s]+",
    "openai": r"\bsk-(?:proj-|ant-)?[A-Za-z0-9_\-]{20}",
    "aws": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "gh": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "ghpat": r"\bgithub_pat_[A-Za-z0-9_]{50,90}\b",
    "google": r"\bAIza[A-Za-z0-9_\-]{35}",
    "slack": r"\bxox[abprs]-[A-Za-z0-9\-]{10}",
    "hf": r"\bhf_[A-Za-z0-9]{30,40}\b",
    "stripe": r"\b[rsp]k_(?:live|test)_[A-Za-z0-9]{16,64}\b",
    "jwt": r"\beyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}",
    "pem": r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----",
    "assign": r"(?i)(?:password|passwd|secret|token|api[_-]?key)\s{0,3}[=:]\s{0,3}\S{6}",
    "dob1": r"\b[0-3]?[0-9][/-][01]?[0-9][/-](?:19|20)[0-9]{2}\b",
    "dob2": r"\b(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]\b",
    "dobzh": r"(?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日",
    "ssn": r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b",
    "nino": r"\b[A-CEGHJ-PR-TW-Z]{2}[0-9]{6}[A-D]\b",
    "twid": r"\b[A-Z][1289][0-9]{8}\b",
    "btc": r"\b(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}\b",
    "eth": r"\b0x[a-fA-F0-9]{40}\b",
    "addrzh": r"[0-9]{1,4}號|[0-9]{1,2}樓|[0-9A-Z]{1,3}室|[0-9A-Z]{1,2}座",
    "sid": r"\b(?:3035|3036|1155)[0-9]{6}\b",
}


def text():
    here = os.path.dirname(os.path.abspath(__file__))
    d = os.path.join(here, "..", "..", "shared", "data", "pii")
    t = [r["full_text"] for r in json.load(open(os.path.join(d, "presidio_synth_v2.json")))] + [
        json.loads(l)["text"] for l in open(os.path.join(d, "hk_pii_dev.jsonl"), encoding="utf-8")
    ] * 6
    random.Random(1).shuffle(t)
    s = "\n".join(t)
    while len(s.encode()) < 400 * 1024:
        s += "\n" + s
    return s.encode()[: 400 * 1024].decode("utf-8", "ignore")


def best(f, n=3):
    ts = []
    for _ in range(n):
        t = time.perf_counter()
        r = f()
        ts.append(time.perf_counter() - t)
    return min(ts), r


T = text()
B = T.encode()
kb = len(B) / 1024
out = {}
rs = {k: re.compile(v) for k, v in P.items()}
ra = {k: re.compile(v, re.A) for k, v in P.items()}
out["re each pattern"] = best(lambda: sum(1 for p in rs.values() for _ in p.finditer(T)))
out["re ASCII each pattern"] = best(lambda: sum(1 for p in ra.values() for _ in p.finditer(T)))
try:
    import re2

    o = re2.Options()
    o.log_errors = False
    r2 = {k: re2.compile(v, o) for k, v in P.items()}
    out["re2 each pattern (str)"] = best(lambda: sum(1 for p in r2.values() for _ in p.finditer(T)))
    r2b = {k: re2.compile(v.encode(), o) for k, v in P.items()}
    out["re2 each pattern (bytes)"] = best(lambda: sum(1 for p in r2b.values() for _ in p.finditer(B)))
    S = re2.Set.SearchSet(o)
    for v in P.values():
        S.Add(v)
    S.Compile()
    L = T.split("\n")
    out["re2 Set prefilter per line + re on hits"] = best(
        lambda: sum(1 for l in L for i in (S.Match(l) or []) for _ in list(ra.values())[i].finditer(l))
    )
except Exception as e:
    print("re2", e)
try:
    import hyperscan as hs

    db = hs.Database(mode=hs.HS_MODE_BLOCK)
    ks = list(P)
    t0 = time.perf_counter()
    ok = []
    for k in ks:
        try:
            hs.Database(mode=hs.HS_MODE_BLOCK).compile(
                expressions=[P[k].encode()], ids=[0], elements=1, flags=[hs.HS_FLAG_SOM_LEFTMOST]
            )
            ok.append(k)
        except Exception as e:
            print("hyperscan cannot", k, e)
    ks = ok
    db.compile(
        expressions=[P[k].encode() for k in ks],
        ids=list(range(len(ks))),
        elements=len(ks),
        flags=[hs.HS_FLAG_SOM_LEFTMOST] * len(ks),
    )
    print("hyperscan compile s", round(time.perf_counter() - t0, 2))

    def h():
        m = []
        db.scan(B, match_event_handler=lambda i, s, e, f, c: m.append((i, s, e)) and None)
        return len(m)

    out["hyperscan SOM, raw events (overlapping)"] = best(h)

    def h2():
        d = {}

        def cb(i, s, e, f, c):
            d[(i, s)] = e

        db.scan(B, match_event_handler=cb)
        return len(d)

    out["hyperscan SOM, longest per start"] = best(h2)
except Exception as e:
    print("hyperscan", repr(e))
try:
    import ahocorasick_rs as ac

    kw = [
        "@",
        "http",
        "sk-",
        "AKIA",
        "ghp_",
        "AIza",
        "xox",
        "hf_",
        "eyJ",
        "BEGIN",
        "password",
        "secret",
        "token",
        "身份證",
        "電話",
        "地址",
        "戶口",
        "護照",
        "病歷",
        "出生",
    ] + [f"關鍵{i}" for i in range(3000)]
    A = ac.AhoCorasick(kw)
    out["ahocorasick_rs 3,020 keywords"] = best(lambda: len(A.find_matches_as_indexes(T)))
    rr = re.compile("|".join(map(re.escape, kw)))
    out["re alternation 3,020 keywords"] = best(lambda: sum(1 for _ in rr.finditer(T)), 1)
except Exception as e:
    print("ac", repr(e))
print(f"{len(P)} patterns, {kb:.0f} KB")
for k, (t, n) in out.items():
    print(f"{k:44} {t * 1e3:9.1f} ms  {kb / 1024 / t:8.2f} MB/s  {n} matches")
