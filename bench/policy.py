"""Seconds to prove a policy's properties: 12 named kinds x 20 models x 20 groups, and each pack as it is accepted.

Beside it what trying everything would take: requests of that world, at what one uncached question to Cedar costs.

Run: python bench/policy.py [repeats]
"""

import json
import statistics
import sys
import time

from sampan.contract.labels import Kind
from sampan.decide.examine import accept
from sampan.decide.packs import default_folders, packs
from sampan.decide.policy import Policies, load
from sampan.decide.proof.properties import Condition, Not, Property
from sampan.decide.proof.prove import Prover
from sampan.decide.source import Layer, Source

KINDS = [str(kind) for kind in Kind][:12]
MODELS = [f"m{at}" for at in range(20)]
GROUPS = [f"g{at}" for at in range(20)]
SEND = 'action in [Action::"infer", Action::"embed"]'


def listed(kinds) -> str:
    return ", ".join(f'Kind::"{kind}"' for kind in kinds)


def rules() -> str:
    """One permit; a rule for each kind; two for each group, each about one model and some kinds."""
    text = [f'permit(principal, {SEND}, resource) when {{ context.complete || resource.realm == Realm::"personal" }};']
    for at, kind in enumerate(KINDS):
        text.append(
            f'@id("k{at}") forbid(principal, {SEND}, resource) when {{ context.clear.contains(Kind::"{kind}") }} unless {{ '
            f'resource.realm == Realm::"personal" || resource.jurisdiction == Jurisdiction::"HK" && resource.operator == "op{at}" }};'
        )
    for at, group in enumerate(GROUPS):
        some = listed(KINDS[at % 6 : at % 6 + 6])
        other = MODELS[at * 7 % 20]
        text.append(f'@id("a{at}") forbid(principal in Group::"{group}", {SEND}, resource == Model::"{MODELS[at]}");')
        text.append(
            f'@id("b{at}") forbid(principal in Group::"{group}", {SEND}, resource == Model::"{other}") when {{ '
            f'context.clear.containsAny([{some}]) || context.sensitivity > 2 && context.masked.contains(Kind::"{KINDS[at % 12]}") '
            f'}} unless {{ resource.jurisdiction == Jurisdiction::"HK" }};'
        )
    return "\n".join(text)


def properties() -> list[Property]:
    """32 that hold, and 21 that do not."""
    found = [
        Property(f"{k} stays", never=Condition(clear=(k,), realm=Not("personal"), jurisdiction=Not("HK")))
        for k in KINDS
    ]
    found += [Property(f"{g} not {m}", never=Condition(group=g, model=m)) for g, m in zip(GROUPS, MODELS, strict=True)]
    found += [
        Property(f"{g} not m{(at + 1) % 20}", never=Condition(group=g, model=f"m{(at + 1) % 20}"))
        for at, g in enumerate(GROUPS)
    ]
    return [*found, Property("home", always=Condition(realm="personal"))]


def timed(repeats: int, work) -> tuple[float, object]:
    """Median of CPU seconds, and what the last run gave."""
    spent, result = [], None
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        spent.append(time.process_time() - start)
    return round(statistics.median(spent), 3), result


def question_us(policies: Policies) -> float:
    example = next(proof.example for proof in Prover(policies, properties()[-3:]).prove() if proof.example is not None)
    start = time.process_time()
    for at in range(300):
        policies.ask(
            example.__class__(
                **{name: getattr(example, name) for name in example.__struct_fields__} | {"user": f"u{at}"}
            ).question()
        )
    return (time.process_time() - start) / 300 * 1e6


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    policies = load([Source(Layer.CEILING, "bench.cedar", rules())])
    seconds, proofs = timed(repeats, lambda: Prover(policies, properties()).prove())
    remarks, _ = timed(repeats, lambda: Prover(policies).remarks())
    world = 3 ** len(KINDS) * len(MODELS) * len(GROUPS) * 3 * 2
    one = question_us(policies)
    outcomes = {name: sum(proof.outcome == name for proof in proofs) for name in ("proven", "fails", "not proven")}
    print(json.dumps({
        "rules": len(policies.rules),
        "properties": len(proofs), **outcomes,
        "prove_s": seconds, "per_property_ms": round(seconds / len(proofs) * 1000, 1), "remarks_s": remarks,
        "one_question_us": round(one, 1), "trying_everything_hours": round(world * one / 1e6 / 3600, 1),
        "accept_s": {name: timed(repeats, lambda name=name: accept(default_folders(pack=name)))[0] for name in packs()},
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
