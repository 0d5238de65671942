"""`sampan policy`: show, check and explain the rules. Needs no server."""

from pathlib import Path
from typing import Any

import click
import msgspec

from sampan.cli.completing import pack_names
from sampan.cli.exit_codes import Exit
from sampan.cli.group import LazySubgroup
from sampan.cli.voice import end, options, table, voice
from sampan.cli.words import read, reason_of, term, word
from sampan.contract.errors import NotFound
from sampan.decide.check import Outcome
from sampan.decide.examine import Examination, examination
from sampan.decide.packs import Folders, folders_of, pack_path, sources_of
from sampan.decide.policy import load
from sampan.settings import Settings
from sampan.settings import load as load_settings
from sampan.wording import worded


@click.group(
    cls=LazySubgroup,
    table={
        "check": ("sampan.cli.policy:check", "Validate the rules, run their cases, prove their properties."),
        "diff": ("sampan.cli.policy_diff:diff", "What a draft of the rules would have changed."),
        "explain": (
            "sampan.cli.policy_explain:explain_command",
            "What the rules say of a text, or of a request that was.",
        ),
        "forget": ("sampan.cli.policy_seal:forget", "Forget which signed ceiling was the newest here."),
        "keygen": ("sampan.cli.policy_seal:keygen", "Make a key that signs ceilings."),
        "packs": ("sampan.cli.policy_packs:packs_command", "List the packs of rules, or the rules of one."),
        "path": ("sampan.cli.policy:path", "The folders the rules are read from."),
        "show": ("sampan.cli.policy:show", "Each rule in plain words."),
        "sign": ("sampan.cli.policy_seal:sign", "Sign a folder of policies as a ceiling."),
        "use": ("sampan.cli.policy_packs:use", "Choose the pack that your rules start from."),
        "verify": ("sampan.cli.policy_seal:verify", "Check that a folder of policies is signed as it is."),
    },
)
@options
def policy() -> None:
    """Check, test and explain the rules that decide where a request may run."""


@click.command()
@options
def show() -> None:
    """Show each rule in plain words: its layer, its id, why, and where it is written."""
    policies = load(sources_of(_folders(load_settings())))
    value = {
        "set": policies.hash,
        "layers": [layer.value for layer in policies.layers],
        "rules": [msgspec.to_builtins(rule) for rule in policies.rules],
    }
    rows = [
        (term(rule.layer), term(rule.effect), rule.id, reason_of(rule), f"{rule.file}:{rule.line}")
        for rule in policies.rules
    ]
    voice().data(value, table(("layer", "effect", "rule", "reason", "where"), rows))
    voice().say(policies.hash)


@click.command()
@click.argument("path", required=False, shell_complete=pack_names)
@click.option("--ceiling", is_flag=True, help="Hold PATH to what a ceiling must be.")
@click.option("--strict", is_flag=True, help="What is not proven, or remarked on, counts as wrong too.")
@options
def check(*, path: str | None, ceiling: bool, strict: bool) -> None:
    """Validate the rules, run the cases and prove the properties beside them.

    PATH: a pack, a folder asked by itself, or a file; by default the rules in force. Exit code 2 when a rule is wrong, a
    case or a property fails.
    """
    found = examination(_chosen(path, ceiling=ceiling))
    unsure = [worded(f"property {proof}") for proof in found.proofs if proof.outcome == "not proven"]
    unsure += [worded(f"wrong: {remark}" if strict else f"note: {remark}") for remark in found.remarks]
    lines = [*map(str, found.faults), *found.wrong, *unsure]
    voice().data(examined(found), "\n".join(map(read, lines)) or "ok")
    proven = sum(proof.outcome == "proven" for proof in found.proofs)
    wrong = len(found.faults) + len(found.wrong)
    counts = {
        "files": len(found.files),
        "rules": found.rules,
        "cases": len(found.cases),
        "properties": len(found.proofs),
    }
    voice().say(word("checked", **counts, proven=proven, wrong=wrong))
    if not found.ok or (strict and unsure):
        end(Exit.USAGE)


@click.command()
@options
def path() -> None:
    """Show the folders the rules are read from."""
    folders = _folders(load_settings())
    value = {name: str(place) for name, place in msgspec.structs.asdict(folders).items() if isinstance(place, Path)}
    voice().data(value, table(("folder", "where"), value.items()))


def _folders(settings: Settings) -> Folders:
    return folders_of(settings.policy, settings.home)


def _chosen(path: str | None, *, ceiling: bool) -> Folders:
    """What to look at: a folder that is there comes before a pack of that name."""
    if path is None:
        return _folders(load_settings())
    place = Path(path)
    if place.is_file():
        return Folders(file=place)
    if not place.is_dir():
        place = pack_path(path)
    place = place / "policies" if (place / "policies").is_dir() else place
    if not any(place.glob("*.cedar")):
        raise NotFound(f"{place} holds no .cedar file.")
    return Folders(ceiling=place) if ceiling else Folders(user=place)


def examined(found: Examination) -> dict[str, Any]:
    """An examination as JSON."""
    return {
        "ok": found.ok,
        "files": list(found.files),
        "rules": found.rules,
        "faults": [msgspec.to_builtins(fault) for fault in found.faults],
        "cases": [_case(outcome) for outcome in found.cases],
        "properties": [msgspec.to_builtins(proof) for proof in found.proofs],
        "remarks": [msgspec.to_builtins(remark) for remark in (*found.doors, *found.remarks)],
    }


def _case(outcome: Outcome) -> dict[str, Any]:
    return {"name": outcome.case.name, "passed": outcome.passed, "expected": outcome.case.expect,
            "got": outcome.got, "masks": sorted(outcome.masks), "rules": sorted(outcome.rules)}  # fmt: skip
