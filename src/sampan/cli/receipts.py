"""`sampan receipts`: what went where."""

from pathlib import Path
from typing import Any

import click
import msgspec

from sampan.cli.asking import summary
from sampan.cli.completing import receipt_ids
from sampan.cli.exit_codes import Exit
from sampan.cli.reading import keeper
from sampan.cli.voice import end, options, padded, table, voice
from sampan.cli.words import read, spoken, term, word
from sampan.contract.errors import BadRequest
from sampan.record.verify import verify_file
from sampan.wording import worded

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
    with keeper() as home:
        found = home.receipts({name: value for name, value in wanted.items() if value is not None})
    rows = [(one.get("at", "")[:19].replace("T", " "), summary(one), _found(one)) for one in found]
    voice().data({"receipts": found}, table(("at", "receipt", "found"), rows))


@receipts.command()
@click.argument("receipt_id", metavar="ID", shell_complete=receipt_ids)
@options
def show(receipt_id: str) -> None:
    """Show one receipt."""
    with keeper() as home:
        found = home.receipt(receipt_id)
    voice().data(found, _page(found))


@receipts.command()
@click.argument("exported", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--key", metavar="HEX", help="The public key of the device that wrote FILE; this home's by default.")
@options
def verify(*, exported: Path | None, key: str | None) -> None:
    """Verify the whole chain and its signed head, of this home or of an export. Exit code 1 when something fails."""
    found = _verified(exported, key)
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
    """Write the whole chain and its signed head as JSON Lines, oldest first, to a file or standard output."""
    with keeper() as home:
        if str(target) == "-":
            for line in home.lines():
                click.echo(line, nl=False)
            return
        with target.open("wb") as out:
            count = sum(1 for line in home.lines() if out.write(line))
    voice().data({"path": str(target), "count": count - 1}, word("written", path=target))


@receipts.command()
@click.argument("receipt_id", metavar="ID", shell_complete=receipt_ids)
@click.option("--yes", is_flag=True, help="Do not ask.")
@options
def erase(*, receipt_id: str, yes: bool) -> None:
    """Destroy the key of what this receipt's request sent. The receipt stays, the chain stays whole."""
    if not yes:
        click.confirm(word("erase_sure", id=receipt_id), abort=True, err=True)
    with keeper() as home:
        erased = home.erase(receipt_id)
    voice().data(erased, word("erased", id=receipt_id, tombstone=erased["tombstone"]))


def _verified(exported: Path | None, key: str | None) -> dict[str, Any]:
    if exported is None or key is None:
        with keeper() as home:
            found = home.verified()
        if exported is None:
            return found
        key = str(found["public_key"])
    try:
        public_key = bytes.fromhex(key)
    except ValueError:
        public_key = b""
    if len(public_key) != 32:
        raise BadRequest("A public key is 64 hex digits.", hint="`sampan receipts verify --json` shows a home's own.")
    return {**msgspec.to_builtins(verify_file(exported, public_key)), "public_key": key}


def _found(receipt: dict[str, Any]) -> str:
    return ", ".join(f"{kind} ×{number}" for kind, number in sorted(receipt.get("found", {}).items()))


def _problem(problem: Any) -> str:
    return " ".join(read(part) for part in problem.values()) if isinstance(problem, dict) else str(problem)


def _page(receipt: dict[str, Any]) -> str:
    policy = receipt.get("policy", {})
    rows: list[tuple[str, object]] = [
        (worded("receipt"), word("number", id=receipt.get("id"), n=receipt.get("n"))),
        (worded("at"), receipt.get("at")),
        (worded("who"), ", ".join(f"{term(k)} {v}" for k, v in receipt.get("who", {}).items() if v)),
        (worded("asked for"), policy.get("asked")),
        (worded("found"), _found(receipt) or "–"),
        (worded("as text"), ", ".join(f"{read(kind)} ×{n}" for kind, n in receipt.get("as_text", {}).items())),
        (worded("languages"), ", ".join(receipt.get("languages", []))),
        (worded("sensitivity"), term(receipt.get("sensitivity"))),
        (worded("went to"), summary(receipt)),
        (worded("why"), read(policy.get("why"))),
        *((worded("refused"), _refusal(*refusal)) for refusal in policy.get("refused", [])),
        (worded("approval"), _approval(receipt.get("approval", {}))),
        *((worded("crossing"), _crossing(crossing)) for crossing in receipt.get("crossings", [])),
        (worded("restored"), ", ".join(f"{k} ×{v}" for k, v in receipt.get("restored", {}).items())),
        (worded("sent clear"), ", ".join(f"{k} ×{v}" for k, v in receipt.get("unmasked", {}).items())),
        (worded("tokens"), ", ".join(f"{term(k)} {v}" for k, v in receipt.get("tokens", {}).items())),
        (worded("cost"), f"US$ {receipt.get('cost_usd', 0):.6f}"),
        (worded("ms"), ", ".join(f"{term(k)} {v:g}" for k, v in receipt.get("ms", {}).items())),
        (worded("end"), term(receipt.get("end"))),
        (worded("error"), receipt.get("error")),
        (worded("hash"), receipt.get("hash")),
    ]
    return "\n".join(f"{padded(spoken().text(name), 12)} {value}" for name, value in rows if value not in ("", None))


def _refusal(model: str, form: str, rules: list[str]) -> str:
    return f"{model} {term(form)}: {', '.join(rules)}"


def _approval(approval: dict[str, Any]) -> str:
    by = ", ".join(f"{who}: {user}" for who, user in approval.get("by", {}).items())
    waited = f"{approval.get('waited_ms', 0) / 1000:.1f} s" if approval else ""
    facts = (term(approval.get("outcome")), approval.get("scope"), by, approval.get("at"), waited, approval.get("id"))
    return " · ".join(str(fact) for fact in facts if fact)


def _crossing(crossing: dict[str, Any]) -> str:
    return (
        f"{term(crossing.get('to'))} · {crossing.get('model')} · {crossing.get('operator')} · {crossing.get('jurisdiction')} · "
        f"{word('bytes', out=crossing.get('bytes_out'), back=crossing.get('bytes_in'))} · {crossing.get('body')}"
        + "".join(f" · {word('told_of', kind=kind)} ×{number}" for kind, number in crossing.get("hints", {}).items())
        + (f" · {word('guided')}" if crossing.get("guided") else "")
    )
