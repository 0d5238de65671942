"""`sampan policy`: show, check and explain the rules. Needs no server."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec
import psutil

from sampan.cli.completing import pack_names
from sampan.cli.contents import detector_of
from sampan.cli.exit_codes import Exit
from sampan.cli.policy_packs import packs_command, use
from sampan.cli.policy_seal import keygen, sign, verify
from sampan.cli.voice import end, options, table, voice
from sampan.cli.words import language, word
from sampan.contract.errors import NotFound
from sampan.contract.ids import new_id
from sampan.contract.labels import Kind, Labels, Passage, Piece, sensitivity_of
from sampan.contract.models import Model
from sampan.contract.request import Decided, Decision, Dialect, Held, Labelled, Principal, Refused, Request
from sampan.decide.check import Outcome
from sampan.decide.decider import Options, PolicyDecider
from sampan.decide.examine import Examination, examination
from sampan.decide.packs import Folders, folders_of, pack_path, sources_of
from sampan.decide.policy import Policies, Rule, load
from sampan.decide.rulebook import Rulebook
from sampan.providers.local import catalogue
from sampan.settings import Settings
from sampan.settings import load as load_settings
from sampan.understand.language import among


@click.group()
@options
def policy() -> None:
    """Check, test and explain the rules that decide where a request may run."""


for _command in (packs_command, use, keygen, sign, verify):
    policy.add_command(_command)


@policy.command()
@options
def show() -> None:
    """Show each rule in plain words: its layer, its id, why, and where it is written."""
    policies = load(sources_of(_folders(load_settings())))
    value = {
        "set": policies.hash,
        "layers": [layer.value for layer in policies.layers],
        "rules": [msgspec.to_builtins(rule) for rule in policies.rules],
    }
    rows = [(rule.layer, rule.effect, rule.id, reason_of(rule), f"{rule.file}:{rule.line}") for rule in policies.rules]
    voice().data(value, table(("layer", "effect", "rule", "reason", "where"), rows))
    voice().say(policies.hash)


@policy.command()
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
    unsure = [f"property {proof}" for proof in found.proofs if proof.outcome == "not proven"]
    unsure += [f"{'wrong' if strict else 'note'}: {remark}" for remark in found.remarks]
    lines = [*map(str, found.faults), *found.wrong, *unsure]
    voice().data(examined(found), "\n".join(lines) or "ok")
    proven = sum(proof.outcome == "proven" for proof in found.proofs)
    wrong = len(found.faults) + len(found.wrong)
    voice().say(
        f"{len(found.files)} files, {found.rules} rules, {len(found.cases)} cases, "
        f"{proven} of {len(found.proofs)} properties proven, {wrong} wrong"
    )
    if not found.ok or (strict and unsure):
        end(Exit.USAGE)


@policy.command()
@click.argument("text")
@click.option("--model", "asked", default="auto", show_default=True, help="What the request asks for.")
@options
def explain(text: str, asked: str) -> None:
    """Show what would be found in TEXT, which models may have it in which form, and why. `-` reads standard input.

    Nothing is sent. Exit code 3 when it may go nowhere, 4 when it needs an approval.
    """
    settings, speaker = load_settings(), voice()
    book = Rulebook(_folders(settings))
    if book.broken:
        speaker.say(f"{book.broken} — only the personal realm is open.")
    policies = book.current()
    models = models_of(settings)
    chooser = Options(aliases=settings.aliases, no_cloud=settings.privacy.no_cloud)
    labelled = labelled_text(sys.stdin.read() if text == "-" else text, asked, settings)
    decision = PolicyDecider(lambda: policies, lambda: models, options=chooser).decide(labelled)
    speaker.data(explained(decision, policies), _told(decision, policies, models))
    if isinstance(decision, Refused):
        end(Exit.REFUSED)
    if isinstance(decision, Held):
        end(Exit.APPROVAL)


@policy.command()
@options
def path() -> None:
    """Show the folders the rules are read from."""
    folders = _folders(load_settings())
    value = {name: str(place) for name, place in msgspec.structs.asdict(folders).items() if place is not None}
    voice().data(value, table(("folder", "where"), value.items()))


def models_of(settings: Settings) -> tuple[Model, ...]:
    """The models that the settings name, and the one of this machine, without asking any of them."""
    if not settings.local.enabled:
        return settings.models
    available: int = psutil.virtual_memory().available
    name = settings.local.model or catalogue.choose_default(available).name
    entry = next((entry for entry in catalogue.entries() if entry.name == name), None)
    capabilities = entry.capabilities if entry else frozenset({"chat", "tools", "json_schema", "completions"})
    local = catalogue.as_model(name, context=settings.local.context, capabilities=capabilities)
    return (local, *(model for model in settings.models if model.name != name))


def labelled_text(text: str, asked: str, settings: Settings) -> Labelled:
    """Label a text as if it had come as one chat message."""
    report = detector_of(settings).report(text)
    counts: dict[Kind, int] = {}
    for finding in report.findings:
        if finding.kind is not Kind.LOOKALIKE:
            counts[finding.kind] = counts.get(finding.kind, 0) + 1
    body = {"model": asked, "messages": [{"role": "user", "content": text}]}
    request = Request(
        new_id("rcp"), Dialect.CHAT, body, Principal("you", "sampan-cli"), asked, stream=False, received=0.0
    )
    passage = Passage(text, (Piece(("messages", 0, "content"), 0, len(text)),), tuple(report.findings))
    labels = Labels(
        counts,
        sensitivity_of(frozenset(counts)),
        dict(report.ran),
        complete=not report.failed,
        failed=report.failed,
        unread=tuple(report.unread),
        languages=among((text,)),
    )
    return Labelled(request, (passage,), labels)


def explained(decision: Decision, policies: Policies) -> dict[str, Any]:
    """The decision as JSON: kinds and places, never values."""
    labels = decision.labelled.labels
    findings = [finding for passage in decision.labelled.passages for finding in passage.findings]
    value: dict[str, Any] = {
        "found": {kind.value: count for kind, count in labels.counts.items()},
        "at": [[finding.kind.value, finding.start, finding.end] for finding in findings],
        "languages": list(labels.languages),
        "sensitivity": labels.sensitivity.name.lower(),
        "complete": labels.complete,
        "detectors": labels.scanned,
        "policy": policies.hash,
    }
    if isinstance(decision, Decided):
        allowed = [[route.model.name, route.form.name, sorted(route.form.masked)] for route in decision.routes]
        value |= {"allowed": allowed, "chosen": allowed[0], "why": decision.why}
    if isinstance(decision, Refused):
        value |= {"allowed": [], "code": decision.code, "why": decision.reason, "ways_on": list(decision.ways_on)}
    if isinstance(decision, Held):
        route = decision.offer.routes[0]
        after = [route.model.name, route.form.name, sorted(route.form.masked)]
        value |= {"allowed": [], "after_approval": after, "needed": list(decision.needed), "why": decision.reason}
    refused = decision.offer.refused if isinstance(decision, Held) else decision.refused
    rules = {rule for refusal in refused for rule in refusal.rules}
    return value | {
        "refused": [[one.model, one.form, list(one.rules), one.reason] for one in refused],
        "rules": {rule.id: reason_of(rule) for rule in policies.rules if rule.id in rules},
    }


def _told(decision: Decision, policies: Policies, models: tuple[Model, ...]) -> str:
    value = explained(decision, policies)
    places = {model.name: word(model.site.value) for model in models}
    found = ", ".join(f"{kind} {count}" for kind, count in value["found"].items()) or "nothing"
    rows = [
        (name, places[name], f"{form} {', '.join(kinds)}".strip(), "yes", "") for name, form, kinds in value["allowed"]
    ]
    rows += [(name, places[name], form, "no", ", ".join(rules)) for name, form, rules, _ in value["refused"]]
    lines = [
        f"found: {found} ({value['sensitivity']})",
        "",
        table(("model", "where", "form", "allowed", "rules"), rows),
    ]
    lines += ["", *(f"{name}: {reason}" for name, reason in value["rules"].items())] if value["rules"] else []
    if isinstance(decision, Refused):
        return "\n".join(
            [*lines, "", word("refused", reason=decision.reason), *(f"- {way}" for way in decision.ways_on)]
        )
    if isinstance(decision, Held):
        return "\n".join([*lines, "", word("held", who=", ".join(decision.needed)), f"{decision.reason}."])
    name, form, kinds = value["chosen"]
    said = word("masked", kinds=", ".join(kinds)) if kinds else word(form)
    going = word("would_go", model=name, place=places[name], form=said)
    return "\n".join([*lines, "", f"{going} {value['why']}."])


def reason_of(rule: Rule) -> str:
    """The reason in the language of the command line."""
    return rule.reason_zh if language() == "zh-HK" else rule.reason


def _folders(settings: Settings) -> Folders:
    return folders_of(settings.policy, settings.home.config)


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
