"""`sampan policy`: show, check and explain the rules. Needs no server."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec
import psutil

from sampan.cli.contents import detector_of
from sampan.cli.exit_codes import Exit
from sampan.cli.voice import end, options, table, voice
from sampan.cli.words import language, word
from sampan.contract.errors import ConfigError, NotFound
from sampan.contract.ids import new_id
from sampan.contract.labels import Kind, Labels, Passage, Piece, sensitivity_of
from sampan.contract.models import Model
from sampan.contract.request import Decided, Decision, Dialect, Labelled, Principal, Refused, Request
from sampan.decide.check import Outcome
from sampan.decide.decider import Options, PolicyDecider
from sampan.decide.packs import Folders, folders_of, sources_of
from sampan.decide.policy import Policies, Rule, examine, load
from sampan.decide.rulebook import Rulebook, outcomes
from sampan.decide.source import Layer, Source
from sampan.providers.local import catalogue
from sampan.settings import Settings
from sampan.settings import load as load_settings
from sampan.understand.language import among


@click.group()
@options
def policy() -> None:
    """Check, test and explain the rules that decide where a request may run."""


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
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@options
def check(path: Path | None) -> None:
    """Validate the rules and run the cases beside them. PATH: a file, or a folder asked by itself.

    Exit code 2 when a rule is wrong or a case fails.
    """
    found = _chosen(path)
    faults = examine(found)
    results = [] if faults else _outcomes(path)
    failed = [outcome for outcome in results if not outcome.passed]
    value = {
        "ok": not faults and not failed,
        "files": [source.file for source in found],
        "faults": [msgspec.to_builtins(fault) for fault in faults],
        "cases": [_case(outcome) for outcome in results],
    }
    voice().data(value, "\n".join([*map(str, faults), *(f"case {outcome}" for outcome in failed)]) or "ok")
    rules = 0 if faults else len(load(found).rules)
    voice().say(f"{len(found)} files, {rules} rules, {len(results)} cases, {len(faults) + len(failed)} wrong")
    if faults or failed:
        end(Exit.USAGE)


@policy.command()
@click.argument("text")
@click.option("--model", "asked", default="auto", show_default=True, help="What the request asks for.")
@options
def explain(text: str, asked: str) -> None:
    """Show what would be found in TEXT, which models may have it in which form, and why. `-` reads standard input.

    Nothing is sent. Exit code 3 when it may go nowhere.
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
    refused = decision.refused if isinstance(decision, Decided | Refused) else ()
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
    name, form, kinds = value["chosen"]
    said = word("masked", kinds=", ".join(kinds)) if kinds else word(form)
    going = word("would_go", model=name, place=places[name], form=said)
    return "\n".join([*lines, "", f"{going} {value['why']}."])


def reason_of(rule: Rule) -> str:
    """The reason in the language of the command line."""
    return rule.reason_zh if language() == "zh-HK" else rule.reason


def _folders(settings: Settings) -> Folders:
    return folders_of(settings.policy, settings.home.config)


def _chosen(path: Path | None) -> list[Source]:
    if path is None:
        return sources_of(_folders(load_settings()))
    if path.is_dir():
        found = sources_of(Folders(user=path))
        if not found:
            raise NotFound(f"{path} holds no .cedar file.")
        return found
    try:
        return [Source(Layer.USER, path.name, path.read_text("utf-8"))]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} cannot be read: {type(error).__name__}.") from error


def _outcomes(path: Path | None) -> list[Outcome]:
    if path is None:
        return outcomes(_folders(load_settings()))
    return outcomes(Folders(user=path)) if path.is_dir() else []


def _case(outcome: Outcome) -> dict[str, Any]:
    return {"name": outcome.case.name, "passed": outcome.passed, "expected": outcome.case.expect,
            "got": outcome.got, "masks": sorted(outcome.masks), "rules": sorted(outcome.rules)}  # fmt: skip
