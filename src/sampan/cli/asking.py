"""What `ask` and `chat` share: sending a conversation, showing the answer and where it came from."""

from typing import Any

import click

from sampan.cli.exit_codes import Exit
from sampan.cli.running import Client, find
from sampan.cli.starting import ensure
from sampan.cli.voice import Voice, end, printable
from sampan.cli.words import read, term, word
from sampan.contract.errors import SampanError
from sampan.settings import Settings

MARKS = {"personal": "●", "enterprise": "◆", "public": "▲"}


def client_of_server(settings: Settings, speaker: Voice) -> Client:
    """A client of the running server; one is started when none runs, and that is said."""
    if find(settings.home) is None:
        speaker.say(word("starting"))
    return Client(ensure(settings), settings.home)


def answer(http: Client, body: dict[str, Any]) -> str:
    """Stream an answer to stdout as it comes; returns the whole text."""
    parts: list[str] = []
    try:
        for event in http.stream("POST", "/v1/chat/completions", {**body, "stream": True}):
            for choice in event.get("choices") or []:
                text = (choice.get("delta") or {}).get("content") or ""
                parts.append(text)
                click.echo(printable(text), nl=False)
    finally:
        if parts and not parts[-1].endswith("\n"):
            click.echo()
    return "".join(parts)


def decide(http: Client, body: dict[str, Any], speaker: Voice) -> None:
    """Show the decision without running; ends with 3 when refused, 4 when held."""
    found = http.post("/sampan/decide", body)
    if found.get("outcome") == "decided":
        chosen = found["chosen"]
        form = word("masked", kinds=", ".join(chosen["masked"])) if chosen["masked"] else word("clear")
        place = word(str(chosen.get("site", "device")))
        lines = [word("would_go", model=chosen["model"], place=place, form=form), read(found.get("why"))]
    elif found.get("outcome") == "held":
        lines = [word("held", who=", ".join(found.get("needed", []))), read(found.get("reason"))]
    else:
        lines = [
            word("refused", reason=read(found.get("reason"))),
            *(f"  {read(way)}" for way in found.get("ways_on", [])),
        ]
    refusals = [
        f"  ✗ {model} {term(form)}: {read(reason)} ({', '.join(rules)})"
        for model, form, rules, reason in found.get("refused", [])
    ]
    speaker.data(found, "\n".join(line for line in (*lines, *refusals) if line))
    end({"decided": Exit.OK, "held": Exit.APPROVAL}.get(str(found.get("outcome")), Exit.REFUSED))


def place_line(http: Client, speaker: Voice) -> None:
    """One line of talk: where the newest answer came from, what was masked, its receipt."""
    try:
        receipts = http.get("/sampan/receipts?limit=1").get("receipts", [])
    except SampanError:
        return
    if receipts:
        speaker.say(click.style(summary(receipts[0]), dim=True) if speaker.lively else summary(receipts[0]))


def summary(receipt: dict[str, Any]) -> str:
    """A receipt in one line."""
    model, form = [*(receipt.get("policy", {}).get("chosen") or ["-", "-"]), "-"][:2]
    crossings = receipt.get("crossings") or []
    realm = crossings[-1].get("to", "personal") if crossings else "personal"
    masked: dict[str, int] = {}
    for crossing in crossings:
        for kind, number in crossing.get("masked", {}).items():
            masked[kind] = max(masked.get(kind, 0), number)
    kinds = ", ".join(f"{kind} ×{number}" for kind, number in sorted(masked.items()))
    files = ", ".join(f"{read(kind)} ×{number}" for kind, number in receipt.get("as_text", {}).items())
    facts = [
        f"{MARKS.get(realm, '▲')} {model}",
        term(form) if realm != "personal" else "",
        kinds,
        word("as_text", files=files) if files else "",
        term(receipt.get("end")),
        receipt.get("id", ""),
    ]
    return " · ".join(str(fact) for fact in facts if fact)
