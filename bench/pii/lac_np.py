"""Baidu LAC 2.1 lexer (Apache-2.0) re-implemented as numpy inference, no paddle.

Reads the parameter files that the `LAC` sdist on PyPI carries
(`pip install --no-deps lac`): char/word embedding 58224x128 -> 2 x BiGRU(128)
-> fc 49 -> CRF. Labels used here: PER, LOC, ORG (plus nr/ns/nt POS tags).
Own code; only the published weights are read.
"""

from __future__ import annotations
import importlib.util, os, re
import numpy as np

SENT = re.compile(r"[^\n。！？!?；;]+[\n。！？!?；;]*")


def _tensor(path, shape):
    n = int(np.prod(shape))
    with open(path, "rb") as f:
        b = f.read()
    return np.frombuffer(b[-4 * n :], dtype="<f4").reshape(shape).copy()


def _sig(x):
    return 1.0 / (1.0 + np.exp(-x))


class LacNumpy:
    def __init__(self, root: str | None = None):
        if root is None:
            spec = importlib.util.find_spec("LAC")  # does not import paddle
            root = os.path.join(list(spec.submodule_search_locations)[0], "lac_model")
        m, c = os.path.join(root, "model"), os.path.join(root, "conf")
        self.w2i = {}
        for line in open(os.path.join(c, "word.dic"), encoding="utf-8"):
            i, w = line.rstrip("\n").split("\t", 1)
            self.w2i[w] = int(i)
        self.tags = {}
        for line in open(os.path.join(c, "tag.dic"), encoding="utf-8"):
            i, t = line.rstrip("\n").split("\t", 1)
            self.tags[int(i)] = t  # later lines (PER/LOC/ORG/TIME) overwrite nr/ns/nt/t
        self.rep = {}
        for line in open(os.path.join(c, "q2b.dic"), encoding="utf-8"):
            p = line.rstrip("\n").split("\t")
            if len(p) == 2:
                self.rep[p[0]] = p[1]
        self.words, self.maxw = set(), 1
        for line in open(os.path.join(c, "small_seg.dic"), encoding="utf-8"):
            w = line.split(" ")[0]
            self.words.add(w)
            self.maxw = max(self.maxw, len(w))
        self.maxw = min(self.maxw, 8)
        self.emb = _tensor(os.path.join(m, "word_emb"), (58224, 128))
        g = lambda n, s: _tensor(os.path.join(m, n), s)
        self.layers = []
        for k, d in ((0, 128), (2, 256)):
            self.layers.append(
                [
                    (
                        g(f"fc_{k + j}.w_0", (d, 384)),
                        g(f"fc_{k + j}.b_0", (384,)),
                        g(f"gru_{k + j}.w_0", (128 * 384,)),
                        g(f"gru_{k + j}.b_0", (384,)),
                    )
                    for j in (0, 1)
                ]
            )
        self.fc, self.fcb = g("fc_4.w_0", (256, 49)), g("fc_4.b_0", (49,))
        crf = g("crfw", (51, 49))
        self.start, self.end, self.trans = crf[0], crf[1], crf[2:]
        self.oov = self.w2i.get("OOV", len(self.w2i) - 1)

    def _cut(self, t):
        n = len(t)
        best = [0] * (n + 1)
        nxt = [0] * n
        for i in range(n - 1, -1, -1):
            b, e = best[i + 1] + 1, i + 1
            for j in range(i + 2, min(n, i + self.maxw) + 1):
                if t[i:j] in self.words and best[j] + 1 <= b:
                    b, e = best[j] + 1, j
            best[i], nxt[i] = b, e
        out, i, buf = [], 0, ""
        while i < n:
            w = t[i : nxt[i]]
            if len(w) == 1 and w.isascii() and w.isalnum():
                buf += w
            else:
                if buf:
                    out.append(buf)
                    buf = ""
                out.append(w)
            i = nxt[i]
        if buf:
            out.append(buf)
        return out

    def _gru(self, x, mask, p, rev):
        fw, fb, W, b = p
        B, T, _ = x.shape
        g = x @ fw + fb + b
        Wg, Wc = W[: 128 * 256].reshape(128, 256), W[128 * 256 :].reshape(128, 128)
        h = np.zeros((B, 128), np.float32)
        out = np.zeros((B, T, 128), np.float32)
        for t in range(T - 1, -1, -1) if rev else range(T):
            ur = _sig(g[:, t, :256] + h @ Wg)
            u, r = ur[:, :128], ur[:, 128:]
            c = np.tanh(g[:, t, 256:] + (r * h) @ Wc)
            m = mask[:, t : t + 1]
            h = np.where(m, (1 - u) * h + u * c, h)
            out[:, t] = np.where(m, h, 0)
        return out

    def tag(self, sents):
        toks, lens = [], []
        for s in sents:
            ids, ln = [], []
            for w in self._cut(s):
                if w in self.w2i:
                    ids.append(self.w2i.get(self.rep.get(w, w), self.oov))
                    ln.append(len(w))
                else:
                    for ch in w:
                        ids.append(self.w2i.get(self.rep.get(ch, ch), self.oov))
                        ln.append(1)
            toks.append(ids)
            lens.append(ln)
        B, T = len(toks), max(map(len, toks))
        ids = np.zeros((B, T), int)
        mask = np.zeros((B, T), bool)
        for i, t in enumerate(toks):
            ids[i, : len(t)] = t
            mask[i, : len(t)] = True
        x = self.emb[ids]
        for f, r in self.layers:
            x = np.concatenate([self._gru(x, mask, f, False), self._gru(x, mask, r, True)], -1)
        em = x @ self.fc + self.fcb
        res = []
        for i, t in enumerate(toks):
            e = em[i, : len(t)]
            a = e[0] + self.start
            bp = []
            for k in range(1, len(t)):
                s = a[:, None] + self.trans
                bp.append(s.argmax(0))
                a = s.max(0) + e[k]
            y = [int((a + self.end).argmax())]
            for b in reversed(bp):
                y.append(int(b[y[-1]]))
            res.append((y[::-1], lens[i]))
        return res

    def entities(self, text):
        pieces = [(m.start(), m.group()) for m in SENT.finditer(text) if m.group().strip()]
        if not pieces:
            return []
        out = []
        pieces.sort(key=lambda p: len(p[1]))
        i = 0
        while i < len(pieces):
            batch = pieces[i : i + 16]
            i += 16
            for (off, _), (y, ln) in zip(batch, self.tag([p[1] for p in batch])):
                pos, cur = off, None
                for lab, n in zip(y, ln):
                    t = self.tags.get(lab, "O")
                    typ, bi = (t[:-2], t[-1]) if "-" in t else ("O", "B")
                    if cur and typ == cur[2] and bi == "I":
                        cur[1] = pos + n
                    else:
                        if cur:
                            out.append(tuple(cur))
                        cur = [pos, pos + n, typ] if typ in ("PER", "LOC", "ORG") else None
                    pos += n
                if cur:
                    out.append(tuple(cur))
        return sorted(out)
