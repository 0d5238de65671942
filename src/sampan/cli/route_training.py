"""`sampan route train` and `sampan route eval`: outcomes from a file, and how well the estimates would have chosen."""

import csv
from pathlib import Path

import click
import msgspec

from sampan.cli.running import client
from sampan.cli.voice import options, table, voice
from sampan.cli.words import word
from sampan.contract.errors import BadRequest
from sampan.contract.models import Model, Realm, Wire
from sampan.decide.estimate import Estimator
from sampan.decide.estimate.judge import Asked, judged, outcomes_of
from sampan.settings import load, prepare
from sampan.store.home import lock_home
from sampan.store.keys_at_rest import system_keyring
from sampan.store.opening import open_store

_COLUMNS = {"prompt", "model", "outcome"}
_PART = "estimates"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@options
def train(file: Path) -> None:
    """Learn from FILE: a CSV with the columns `prompt`, `model`, `outcome` (0 to 1). Only while no server runs.

    The texts are read and not kept. What was learned before stays; a model's own weights are fitted to FILE alone.
    """
    settings = load()
    known = {model.name: model for model in settings.models}
    prepare(settings.home)
    with lock_home(settings.home.run):
        store = open_store(settings.home, system_keyring(), settings.receipts.fsync)
        try:
            before = store.learned.part(_PART)
            estimator = Estimator.from_state(msgspec.json.decode(before)) if before else Estimator.default()
            asked, models = read(file, estimator, known)
            estimator.train(outcomes_of(asked, models))
            store.learned.keep({_PART: msgspec.json.encode(estimator.state())})
        finally:
            store.close()
    rows = [(name, estimator.labels(name)) for name in sorted(models)]
    found = {"prompts": len(asked), "models": dict(rows)}
    voice().data(found, table(("model", "outcomes"), rows))


@click.command(name="eval")
@click.argument("file", type=_FILE, required=False)
@options
def evaluate(file: Path | None) -> None:
    """Print how well the estimates choose: on FILE (as for `train`), each fifth judged by what the others tell.

    Without FILE: how far off this home's estimates are, from the outcomes that were learned; the server must run.
    """
    if file is None:
        state = client(load().home).get("/sampan/route/export")[_PART]
        estimator = Estimator.from_state(state)
        rows = [(name, estimator.labels(name)) for name in estimator.names()]
        found = {"off": round(estimator.error(), 4), "models": dict(rows)}
        voice().data(
            found, f"{table(('model', 'outcomes'), rows)}\n\n{word('route_off', off=f'{estimator.error():.3f}')}"
        )
        return
    asked, models = read(file, Estimator.default(), {model.name: model for model in load().models})
    try:
        figures = judged(asked, models, Estimator.default)
    except ValueError as error:
        raise BadRequest(f"{file.name}: {error}.") from None
    facts = {name: round(value, 4) for name, value in msgspec.structs.asdict(figures).items()}
    voice().data(facts, table(("measure", "value"), [(name.replace("_", " "), value) for name, value in facts.items()]))


def read(file: Path, estimator: Estimator, known: dict[str, Model]) -> tuple[list[Asked], dict[str, Model]]:
    """The prompts of a file in its order, each once, and the models in it; one that is not in the settings counts as public.

    Raises:
        BadRequest: columns are missing, or an outcome is not a number from 0 to 1; the message names the line.
    """
    prompts: dict[str, dict[str, float]] = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if not set(rows.fieldnames or ()) >= _COLUMNS:
            raise BadRequest(f"{file.name} needs the columns prompt, model and outcome.")
        for row in rows:
            prompts.setdefault(row["prompt"], {})[row["model"]] = _outcome(row["outcome"], file.name, rows.line_num)
    names = {name for outcomes in prompts.values() for name in outcomes}
    models = {name: known.get(name) or Model(name, Realm.PUBLIC, (Wire.OPENAI,)) for name in sorted(names)}
    return [Asked(estimator.look(prompt, "other"), outcomes) for prompt, outcomes in prompts.items()], models


def _outcome(text: str | None, name: str, line: int) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise BadRequest(f"{name}, line {line}: an outcome is a number from 0 to 1.")
    return value
