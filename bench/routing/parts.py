"""What the measurements share: tables, folds, readers that never saw a fold, models, estimators trained on some rows."""

import hashlib
import tempfile
from pathlib import Path

import numpy as np
import train  # training/router
from rows import read

from sampan.contract.models import Model, Price, Realm, Wire
from sampan.decide.estimate import Estimator, PromptReader
from sampan.decide.estimate.calibrate import Pair
from sampan.decide.estimate.estimator import Outcome

FOLDS = 5


def fold_of(prompt):
    return int(hashlib.sha1(prompt.encode()).hexdigest(), 16) % FOLDS


class Data:
    """Development tables cut into folds, or (with `full`) a folder with the other rows as the part that is judged."""

    def __init__(self, folder: Path, full: Path | None):
        self.tables = {name: read(folder / f"{name}.csv.gz") for name in train.TABLES}
        self.held = {}
        for name in train.TABLES if full else ():
            seen = {row.prompt for row in self.tables[name]}
            path = full / f"{name.removesuffix('_dev').removesuffix('_train')}.csv.gz"
            if path.exists():
                self.held[name] = [row for row in read(path) if row.prompt not in seen]
        self.full = bool(full)
        self._readers = {}

    def splits(self, name, folds):
        """(reader, training rows, judged rows): the reader saw neither topics nor outcomes of what is judged."""
        if self.full:
            if name in self.held:
                yield PromptReader.default(), self.tables[name], self.held[name]
            return
        for fold in folds:
            rows = self.tables[name]
            yield (
                self.reader(fold),
                [r for r in rows if fold_of(r.prompt) != fold],
                [r for r in rows if fold_of(r.prompt) == fold],
            )

    def reader(self, fold):
        if fold not in self._readers:
            kept = {name: [row for row in rows if fold_of(row.prompt) != fold] for name, rows in self.tables.items()}
            source = b"".join(path.read_bytes() for path in sorted(Path(train.__file__).parent.rglob("*.[pt][yx]*")))
            source += b"".join(
                (train.OUT.parents[1] / f"{name}.py").read_bytes() for name in ("cues", "ngrams", "table")
            )
            key = hashlib.sha1(source + str(sum(map(len, kept.values()))).encode()).hexdigest()[:12]
            path = Path(tempfile.gettempdir()) / f"sampan-bench-reader-{key}-{fold}.bin"
            if not path.exists():
                path.write_bytes(train.reader(kept))
            self._readers[fold] = PromptReader(path.read_bytes())
        return self._readers[fold]


WEAK = Model("mixtral-8x7b-instruct", Realm.PUBLIC, (Wire.OPENAI,), price=Price(0.24, 0.24))
STRONG = Model("gpt-4-1106-preview", Realm.PUBLIC, (Wire.OPENAI,), price=Price(10.0, 30.0))
PAIR = {"weak": WEAK, "strong": STRONG}


def truth(rows, names):
    return np.array([[row.outcomes[name] for name in names] for row in rows])


def drawn(rows, many, seed):
    order = np.random.RandomState(seed).permutation(len(rows))
    return [rows[at] for at in order[:many]]


def looked(reader, rows, memory):
    """Each prompt read once for each reader."""
    estimator, looks = Estimator(reader), []
    for row in rows:
        key = id(reader), row.prompt
        if key not in memory:
            memory[key] = estimator.look(train.question(row.prompt), "en")
        looks.append(memory[key])
    return looks


def trained(reader, rows, models, memory):
    """The shipped estimator, trained with the shipped code on all outcomes of these rows. models: column -> Model."""
    estimator = Estimator(reader, half_life=float("inf"))
    looks = looked(reader, rows, memory)
    estimator.train(
        [
            Outcome(model, look, row.outcomes[column])
            for row, look in zip(rows, looks, strict=True)
            for column, model in models.items()
        ]
    )
    return estimator


def expected(estimator, reader, rows, models, memory, calibrated=True):
    """(rows, models) expected quality."""
    ask = estimator.estimate if calibrated else estimator.uncalibrated
    return np.array(
        [
            [ask(model, look.prompt, look.traits).quality for model in models.values()]
            for look in looked(reader, rows, memory)
        ]
    )


def calibrated(estimator, reader, rows, models, memory):
    found = expected(estimator, reader, rows, models, memory, calibrated=False)
    came = truth(rows, models)
    estimator.calibrate([Pair(float(q), float(y)) for q, y in zip(found.ravel(), came.ravel(), strict=True)])
    return estimator
