"""The targets of routing, measured with the code that is shipped (`decide/estimate`), best single, random and oracle beside.

`ROUTING_DATA=TABLES make bench-route` (or `ROUTING_DATA=... PYTHONPATH=src:training/router python bench/routing/route.py`).
With `--full FOLDER` (the same tables, all rows) the shipped reader and all development rows train, and only rows that are
not among them are judged. Without it: five folds by the hash of the prompt; reader and estimator never see the judged fold.
"""

import argparse
import os
import statistics
import time
from pathlib import Path

import metrics
import numpy as np
import parts

from sampan.contract.models import Model, Price, Realm, Wire
from sampan.decide.estimate import Estimator, PromptReader
from sampan.decide.estimate.calibrate import Pair, ece
from sampan.decide.estimate.combine import Combiner, Judged
from sampan.decide.estimate.guarantee import Compared, promise
from sampan.decide.verify import arithmetic
from sampan.decide.verify.truncation import truncated

ALL = 10**9


def show(name, figures, target=""):
    mean = {key: statistics.fmean(one[key] for one in figures) for key in figures[0]}
    spread = statistics.pstdev([one[next(iter(mean))] for one in figures])
    text = "  ".join(
        f"{key} {value:.1f}" if key.startswith("CPT") else f"{key} {value:.3f}" for key, value in mean.items()
    )
    print(
        f"{name:54} {text}  (sd {spread:.3f}, {len(figures)} runs){'  target ' + target if target else ''}", flush=True
    )


def bounds(data, name, folds):
    figures = {"random": [], "prompt length": [], "oracle": []}
    for _, _, rows in data.splits(name, folds):
        came = parts.truth(rows, parts.PAIR)
        gain = came[:, 1] - came[:, 0]
        draws = np.random.RandomState(1).rand(20, len(rows))
        figures["random"].extend(metrics.routellm(one, came[:, 0], came[:, 1]) for one in draws)
        figures["prompt length"].append(metrics.routellm([len(row.prompt) for row in rows], came[:, 0], came[:, 1]))
        figures["oracle"].append(metrics.routellm(gain + 1e-6 * draws[0], came[:, 0], came[:, 1], bins=200))
    for label, some in figures.items():
        show(label, some)


def two_models(data, name, budgets, folds, seeds):
    memory = {}
    for labels, target in budgets:
        figures, errors = [], []
        for reader, known, rows in data.splits(name, folds):
            for seed in range(seeds if labels < ALL else 1):
                taken = parts.drawn(known, labels, seed)
                came = parts.truth(rows, parts.PAIR)
                estimator = parts.trained(reader, taken, parts.PAIR, memory)
                found = parts.expected(estimator, reader, rows, parts.PAIR, memory)
                figures.append(metrics.routellm(found[:, 1] - found[:, 0], came[:, 0], came[:, 1]))
                if labels and seed == 0:
                    cut = len(taken) * 4 // 5
                    half = parts.calibrated(
                        parts.trained(reader, taken[:cut], parts.PAIR, memory), reader, taken[cut:], parts.PAIR, memory
                    )
                    told = parts.expected(half, reader, rows, parts.PAIR, memory)
                    errors.append(
                        {
                            "ECE of the estimate": ece(
                                [Pair(float(q), float(y)) for q, y in zip(told.ravel(), came.ravel(), strict=True)]
                            )
                        }
                    )
        if figures:
            show(f"Sampan, {'all' if labels >= ALL else labels} labels", figures, target)
        if errors:
            show("  calibrated on a fifth of the labels", errors, "<= .05")


def cascade(data, folds, seeds):
    """As a trial is judged: what is expected of the stronger model, less the verifier's score of the answer that is there."""
    memory = {}
    for labels, target in ((0, ">= .68"), (100, ""), (300, ">= .80 / <= 15.5 / <= 34"), (ALL, "")):
        figures, told = [], {}
        for reader, known, rows in data.splits("routellm_gsm8k_dev", folds):
            estimator = Estimator(reader)
            judged = {row.prompt: _judged(estimator, reader, row, memory) for row in [*known, *rows]}
            came = parts.truth(rows, parts.PAIR)
            for seed in range(seeds if 0 < labels < ALL else 1):
                taken = parts.drawn(known, labels, seed)
                combiner = Combiner.of([judged[row.prompt] for row in taken])
                there = parts.expected(
                    parts.trained(reader, taken, parts.PAIR, memory), reader, rows, parts.PAIR, memory
                )
                score = [
                    strong - combiner.raw(judged[row.prompt].features)
                    for (_, strong), row in zip(there, rows, strict=True)
                ]
                figures.append(metrics.routellm(score, came[:, 0], came[:, 1]))
                told.setdefault(seed, []).extend(
                    Pair(combiner.score(judged[row.prompt].features), row.outcomes["weak"]) for row in rows
                )
        show(f"Sampan, cascade, {'all' if labels >= ALL else labels} labels", figures, target)
        show(
            "  ECE of the verifier, folds together",
            [{"ECE": ece(pairs)} for pairs in told.values()],
            "<= .05" if labels else "",
        )


def _judged(estimator, reader, row, memory):
    look = parts.looked(reader, [row], memory)[0]
    prior = estimator.estimate(parts.WEAK, look.prompt, look.traits).quality
    cut = truncated(row.answer, "stop", limited=False)
    seen = {**arithmetic.features(row.prompt, row.answer), "truncated": cut, "prompt_estimate": prior}
    return Judged(seen, row.outcomes["weak"])


def nine_models(data, folder, folds, seeds):
    lines = [
        line.split(",") for line in (folder / "llmrouter9_models.csv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    price = {name: float(cost) for name, _, cost, _ in lines}
    columns = list(data.tables["llmrouter9_dev"][0].outcomes)
    models = {
        name: Model(name, Realm.PUBLIC, (Wire.OPENAI,), price=Price(price[name], price[name])) for name in columns
    }
    cost, memory = np.array([price[name] for name in columns]), {}
    for labels, target in ((100, "accuracy >= .645"), (300, ""), (ALL, "AIQ >= .635, cost to match <= .33")):
        figures, beside = [], {"best single": [], "random": [], "oracle": []}
        for reader, known, rows in data.splits("llmrouter9_dev", folds):
            best = int(parts.truth(known, columns).mean(0).argmax())
            came = parts.truth(rows, columns)
            beside["best single"].append(
                metrics.many(
                    np.tile(np.eye(9)[best], (len(rows), 1)) * 0 + parts.truth(known, columns).mean(0), came, cost, best
                )
            )
            beside["random"].append({"accuracy": came.mean()})
            beside["oracle"].append(metrics.many(came, came, cost, best))
            for seed in range(seeds if labels < ALL else 1):
                estimator = parts.trained(reader, parts.drawn(known, labels, seed), models, memory)
                figures.append(metrics.many(parts.expected(estimator, reader, rows, models, memory), came, cost, best))
        if labels == 100:
            for name, some in beside.items():
                show(name, some)
        show(f"Sampan, {'all' if labels >= ALL else labels} labels", figures, target)


def guaranteed(data, epsilon=0.03, delta=0.1, calibrate_on=1000, redraws=200):
    """Trained on 1,500 labels; 1,000 other pairs decide the threshold; what is left says whether the promise held."""
    memory = {}
    reader, known, rows = next(data.splits("routellm_mmlu_dev", [0]))
    taken = parts.drawn(known, 1500, 0)
    pool = rows if data.full else [*rows, *[row for row in known if row.prompt not in {each.prompt for each in taken}]]
    estimator = parts.trained(reader, taken, parts.PAIR, memory)
    found = parts.expected(estimator, reader, pool, parts.PAIR, memory)
    came = parts.truth(pool, parts.PAIR)
    pairs = [Compared(float(q[1] - q[0]), *map(float, y)) for q, y in zip(found, came, strict=True)]
    shares, broken = [], 0
    for seed in range(redraws):
        order = np.random.RandomState(seed).permutation(len(pairs))
        made = promise([pairs[at] for at in order[:calibrate_on]], epsilon, delta)
        kept = [pairs[at] for at in order[calibrate_on:]]
        down = [one for one in kept if one.score <= made.accept_below]
        shares.append(len(down) / len(kept))
        broken += sum(one.strong - one.weak for one in down) / len(kept) > epsilon
    figures = [{"kept on the weak model": statistics.fmean(shares), "violations": broken / redraws}]
    show(f"eps {epsilon}, delta {delta}, {calibrate_on} pairs, {redraws} redraws", figures, ">= .25, <= .10")


def speed(data):
    rows = data.tables["routellm_mmlu_dev"]
    estimator = parts.trained(PromptReader.default(), rows[:600], parts.PAIR, {})
    texts = [(row.prompt * 5)[:1024] for row in rows[600:1600]]
    taken = {"read": [], "read and two estimates with heads": []}
    for text in texts:
        start = time.thread_time_ns()
        look = estimator.look(text, "en")
        middle = time.thread_time_ns()
        for model in parts.PAIR.values():
            estimator.estimate(model, look.prompt, look.traits)
        end = time.thread_time_ns()
        taken["read"].append((middle - start) / 1e6)
        taken["read and two estimates with heads"].append((end - start) / 1e6)
    for name, some in taken.items():
        cuts = statistics.quantiles(some, n=20)
        print(
            f"{name + ', 1 KB, CPU ms':54} p50 {cuts[9]:.3f}  p95 {cuts[18]:.3f}  target whole decision <= 1 (bench/decide.py)",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("ROUTING_DATA"))
    parser.add_argument("--full", type=Path, default=os.environ.get("ROUTING_FULL"))
    parser.add_argument("--folds", type=int, default=parts.FOLDS, help="how many of the five are judged")
    parser.add_argument("--only", default="mmlu,gsm8k,cascade,nine,guarantee,speed")
    given = parser.parse_args()
    if not given.data:
        parser.error("say where the outcome tables are: --data FOLDER or ROUTING_DATA")
    data, folds, only = parts.Data(Path(given.data), given.full), range(given.folds), given.only.split(",")
    if "mmlu" in only:
        print("\n## RouteLLM MMLU (RouteLLM's best per column: .603 / 35.4 / 70.3)")
        bounds(data, "routellm_mmlu_dev", folds)
        two_models(
            data,
            "routellm_mmlu_dev",
            ((0, ">= .61"), (200, ""), (1500, ">= .65 / <= 30 / <= 64"), (ALL, ">= .68 / <= 27 / <= 58")),
            folds,
            2,
        )
    if "gsm8k" in only:
        print("\n## RouteLLM GSM8K, prompt only (RouteLLM's best per column: .622 / 33.6 / 63.3)")
        bounds(data, "routellm_gsm8k_dev", folds)
        two_models(data, "routellm_gsm8k_dev", ((0, ""), (300, ""), (ALL, ">= .66 / <= 31 / <= 59")), folds, 3)
    if "cascade" in only:
        print("\n## RouteLLM GSM8K, the weak model answers first and its answer is looked at")
        cascade(data, folds, 5)
    if "nine" in only:
        print("\n## Nine open models")
        nine_models(data, Path(given.data), folds, 10)
    if "guarantee" in only:
        print("\n## Guarantee (MMLU)")
        guaranteed(data)
    if "speed" in only:
        print("\n## Time")
        speed(data)


if __name__ == "__main__":
    main()
