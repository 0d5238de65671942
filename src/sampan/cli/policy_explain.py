"""`sampan policy explain`: what the rules say of a text, or of a request that was."""

import sys
from typing import Any

import click
import msgspec

from sampan.cli.contents import detector_of
from sampan.cli.direct import local_name
from sampan.cli.exit_codes import Exit
from sampan.cli.reading import groups_of, keeper
from sampan.cli.running import Client, find
from sampan.cli.voice import end, options, table, voice
from sampan.cli.words import read, reason_of, term, word
from sampan.contract.errors import SampanError
from sampan.contract.ids import new_id
from sampan.contract.labels import Kind, Labels, Passage, Piece, sensitivity_of
from sampan.contract.models import Model
from sampan.contract.request import Decided, Decision, Dialect, Held, Labelled, Principal, Refused, Request
from sampan.decide.decider import Options, PolicyDecider
from sampan.decide.earned import earned
from sampan.decide.explain import Weighed, explain
from sampan.decide.packs import folders_of
from sampan.decide.policy import Policies
from sampan.decide.replay import labelled_of
from sampan.decide.rulebook import Rulebook
from sampan.providers.local import catalogue
from sampan.settings import Settings
from sampan.settings import load as load_settings
from sampan.understand.language import among

_SHOWN = 70


@click.command("explain")
@click.argument("text", metavar="TEXT|RECEIPT")
@click.option("--model", "asked", default="auto", show_default=True, help="What the request asks for.")
@click.option("--rules", "every", is_flag=True, help="Show every rule, and why it matched or not.")
@options
def explain_command(*, text: str, asked: str, every: bool) -> None:
    """Show what would be found in TEXT, which models may have it in which form, and why. `-` reads standard input.

    A receipt's id (`rcp_…`) explains that request under the rules in force now, as far as the receipt holds it.
    Nothing is sent. Exit code 3 when it may go nowhere, 4 when it needs an approval.
    """
    settings, speaker = load_settings(), voice()
    book = Rulebook(folders_of(settings.policy, settings.home))
    if book.broken:
        speaker.say(word("only_personal", broken=read(book.broken)))
    policies, models = book.current(), earned(models_of(settings), book.pins)
    chooser = Options(aliases=settings.aliases, no_cloud=settings.privacy.no_cloud)
    labelled = _labelled(text, asked, settings, policies)
    decision = PolicyDecider(lambda: policies, lambda: models, options=chooser).decide(labelled)
    found = explain(decision, policies, models)
    value = explained(decision, policies)
    told = _told(decision, value, policies, models)
    value |= {"weighed": [msgspec.to_builtins(one) for one in found.weighed]}
    speaker.data(value, f"{told}\n\n{_every(found.weighed)}" if every else told)
    if isinstance(decision, Refused):
        end(Exit.REFUSED)
    if isinstance(decision, Held):
        end(Exit.APPROVAL)


def _labelled(text: str, asked: str, settings: Settings, policies: Policies) -> Labelled:
    if not text.startswith("rcp_"):
        return labelled_text(sys.stdin.read() if text == "-" else text, asked, settings)
    with keeper() as home:
        receipt = home.receipt(text)
        groups = groups_of(home)
    labelled = labelled_of(receipt, groups)
    if receipt["policy"].get("set") != policies.hash:
        voice().say(word("rules_changed"))
    return labelled


def _every(weighed: tuple[Weighed, ...]) -> str:
    """Every rule in order: where it matched, else the first condition that did not hold."""
    matched: dict[tuple[str, str, str], list[str]] = {}
    skipped: dict[tuple[str, str, str], str] = {}
    for one in weighed:
        for step in one.steps:
            rule = (step.layer, step.effect, step.rule)
            where = matched.setdefault(rule, [])
            if step.matched:
                where.append(f"{one.model} {term(one.form)}")
            else:
                skipped.setdefault(rule, " ".join(step.why.split())[:_SHOWN])
    rows = [
        (term(layer), term(effect), rule, ", ".join(where), "" if where else skipped[layer, effect, rule])
        for (layer, effect, rule), where in matched.items()
    ]
    return table(("layer", "effect", "rule", "matched for", "not so"), rows)


def models_of(settings: Settings) -> tuple[Model, ...]:
    """The models that the settings name, and the one of this machine, without asking any of them.

    A server that runs knows better whether there is one of this machine: it may have been started without.
    """
    name = local_name(settings) if settings.local.enabled else ""
    if not name or not _has(settings, name):
        return settings.models
    entry = next((entry for entry in catalogue.entries() if entry.name == name), None)
    capabilities = entry.capabilities if entry else frozenset({"chat", "tools", "json_schema", "completions"})
    local = catalogue.as_model(name, context=settings.local.context, capabilities=capabilities)
    return (local, *(model for model in settings.models if model.name != name))


def _has(settings: Settings, name: str) -> bool:
    """Whether the server has this model; true where none runs or it does not say."""
    running = find(settings.home)
    try:
        told = Client(running, settings.home).get("/healthz")["models"] if running else None
    except (SampanError, KeyError):
        return True
    return told is None or any(model.get("name") == name for model in told)


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


def _told(decision: Decision, value: dict[str, Any], policies: Policies, models: tuple[Model, ...]) -> str:
    """A decision, and its `explained`, for people."""
    places = {model.name: word(model.site.value) for model in models}
    found = ", ".join(f"{kind} {count}" for kind, count in value["found"].items()) or term("nothing")
    rows = [
        (name, places[name], f"{term(form)} {', '.join(kinds)}".strip(), term("yes"), "")
        for name, form, kinds in value["allowed"]
    ]
    rows += [
        (name, places[name], term(form), term("no"), ", ".join(rules)) for name, form, rules, _ in value["refused"]
    ]
    lines = [
        word("in_text", found=found, sensitivity=term(value["sensitivity"])),
        "",
        table(("model", "where", "form", "allowed", "rules"), rows),
    ]
    lines += ["", *(f"{name}: {reason}" for name, reason in value["rules"].items())] if value["rules"] else []
    said = {rule.reason: reason_of(rule) for rule in policies.rules}
    if isinstance(decision, Refused):
        ways = [f"- {read(way)}" for way in decision.ways_on]
        return "\n".join([*lines, "", word("refused", reason=read(decision.reason, said)), *ways])
    if isinstance(decision, Held):
        return "\n".join([*lines, "", word("held", who=", ".join(decision.needed)), read(f"{decision.reason}.", said)])
    name, form, kinds = value["chosen"]
    way = word("masked", kinds=", ".join(kinds)) if kinds else word(form)
    going = word("would_go", model=name, place=places[name], form=way)
    return "\n".join([*lines, "", f"{going} {read(value['why'] + '.')}"])
