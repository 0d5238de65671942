"""`sampan receipts`: what went where."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import click

from sampan.cli.asking import summary
from sampan.cli.completing import receipt_ids
from sampan.cli.exit_codes import Exit
from sampan.cli.reading import reader
from sampan.cli.voice import end, options, table, voice
from sampan.cli.words import word

_ENDS = ("complete", "error", "refused", "client_left", "stopped", "interrupted")


@click.group()
def receipts() -> None:
    """Receipts: the signed, chained record of every request. Kinds and counts, never values."""


@receipts.command()
@click.option(
    "-n", "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many, newest first."
)
@click.option("-m", "--model", help="Only of this model.")
@click.option("--end", "ending", type=click.Choice(_ENDS), help="Only those that ended so.")
@options
def ls(*, limit: int, model: str | None, ending: str | None) -> None:
    """List receipts, newest first."""
    wanted = {"limit": limit, "model": model, "end": ending}
    query = urlencode({name: value for name, value in wanted.items() if value is not None})
    found = reader().get(f"/sampan/receipts?{query}")["receipts"]
    rows = [(one.get("at", "")[:19].replace("T", " "), summary(one), _found(one)) for one in found]
    voice().data({"receipts": found}, table(("at", "receipt", "found"), rows))


@receipts.command()
@click.argument("receipt_id", metavar="ID", shell_complete=receipt_ids)
@options
def show(receipt_id: str) -> None:
    """Show one receipt."""
    found = reader().get(f"/sampan/receipts/{quote(receipt_id, safe='')}")
    voice().data(found, _page(found))


@receipts.command()
@options
def verify() -> None:
    """Verify the whole chain and its signed head. Exit code 1 when something does not hold."""
    found = reader().get("/sampan/receipts/verify")
    problems = [_problem(one) for one in found.get("problems", [])]
    if found.get("ok"):
        voice().data(found, word("verified", count=found.get("count", 0)))
        return
    voice().data(found, "\n".join([word("broken"), *(f"  {problem}" for problem in problems)]))
    end(Exit.ERROR)


@receipts.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), default="-")
@options
def export(target: Path) -> None:
    """Write every receipt as JSON Lines, oldest first, to a file or standard output."""
    found = reader().get("/sampan/receipts?limit=10000000")["receipts"]
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in reversed(found))
    if str(target) == "-":
        click.echo(lines, nl=False)
        return
    target.write_text(lines, encoding="utf-8")
    voice().data({"path": str(target), "count": len(found)}, word("written", path=target))


def _found(receipt: dict[str, Any]) -> str:
    return ", ".join(f"{kind} ×{number}" for kind, number in sorted(receipt.get("found", {}).items()))


def _problem(problem: Any) -> str:
    return " ".join(str(part) for part in problem.values()) if isinstance(problem, dict) else str(problem)


def _page(receipt: dict[str, Any]) -> str:
    policy = receipt.get("policy", {})
    rows: list[tuple[str, object]] = [
        ("receipt", f"{receipt.get('id')}  (no. {receipt.get('n')})"),
        ("at", receipt.get("at")),
        ("who", ", ".join(f"{k} {v}" for k, v in receipt.get("who", {}).items() if v)),
        ("asked for", policy.get("asked")),
        ("found", _found(receipt) or "–"),
        ("sensitivity", receipt.get("sensitivity")),
        ("went to", summary(receipt)),
        ("why", policy.get("why")),
        *(("refused", " ".join(map(str, refusal))) for refusal in policy.get("refused", [])),
        *(("crossing", _crossing(crossing)) for crossing in receipt.get("crossings", [])),
        ("restored", ", ".join(f"{k} ×{v}" for k, v in receipt.get("restored", {}).items())),
        ("sent clear", ", ".join(f"{k} ×{v}" for k, v in receipt.get("unmasked", {}).items())),
        ("tokens", ", ".join(f"{k} {v}" for k, v in receipt.get("tokens", {}).items())),
        ("cost", f"US$ {receipt.get('cost_usd', 0):.6f}"),
        ("ms", ", ".join(f"{k} {v:g}" for k, v in receipt.get("ms", {}).items())),
        ("end", receipt.get("end")),
        ("error", receipt.get("error")),
        ("hash", receipt.get("hash")),
    ]
    return "\n".join(f"{name:<12} {value}" for name, value in rows if value not in ("", None))


def _crossing(crossing: dict[str, Any]) -> str:
    return (
        f"{crossing.get('to')} · {crossing.get('model')} · {crossing.get('operator')} · {crossing.get('jurisdiction')} · "
        f"{crossing.get('bytes_out')} bytes out, {crossing.get('bytes_in')} in · {crossing.get('body')}"
    )
