"""What `sampan route` shows and does; it asks the running server."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from sampan.cli.completing import model_names
from sampan.cli.exit_codes import Exit
from sampan.cli.running import client
from sampan.cli.voice import end, options, table, voice
from sampan.cli.words import read, term, word
from sampan.settings import load


@click.command()
@options
def show() -> None:
    """Show what is known of each model: outcomes, expected quality of a middling prompt, measured speed, price; and drift."""
    found = client(load().home).get("/sampan/route")
    rows = [
        (one["name"], _quality(one["quality"], one["low"]), one["labels"], _seconds(one["first_s"]),
         _seconds(one["late_s"]), one["tokens_s"] or "", _price(one["price"]), ", ".join(one["languages"]))
        for one in found["models"]
    ]  # fmt: skip
    shown = table(("model", "quality", "outcomes", "first", "late", "tokens/s", "$/M in, out", "languages"), rows)
    lines = [shown, "", drift_line(found["drift"])]
    voice().data(found, "\n".join([*lines, *([read(found["notice"])] if found["notice"] else [])]))


@click.command()
@click.argument("text")
@click.option(
    "--model", "asked", default="auto", show_default=True, shell_complete=model_names, help="`auto` or a preset."
)
@options
def why(text: str, asked: str) -> None:
    """Show which model TEXT would go to and why, in numbers. `-` reads standard input. Nothing is sent to a model.

    Exit code 3 when it may go nowhere.
    """
    written = sys.stdin.read() if text == "-" else text
    body = {"model": asked, "messages": [{"role": "user", "content": written}]}
    found = client(load().home).post("/sampan/decide", body)
    if found.get("outcome") != "decided":
        voice().data(found, word("refused", reason=read(found.get("reason", found.get("outcome")))))
        end(Exit.REFUSED)
    voice().data(found, "\n".join(_told(found)))


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of standard output.")
@options
def export(out: Path | None) -> None:
    """Print everything that was learned and measured, as JSON: counters and weights, never a text."""
    found = client(load().home).get("/sampan/route/export")
    if out is None:
        voice().data(found, msgspec.json.encode(found).decode())
        return
    out.write_bytes(msgspec.json.encode(found))
    voice().data({"path": str(out)}, word("written", path=out))


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@options
def reset(*, yes: bool) -> None:
    """Forget everything that was learned and measured. Receipts stay."""
    if not yes:
        click.confirm(word("route_reset_sure"), abort=True, err=True)
    voice().data(client(load().home).send("DELETE", "/sampan/route").value, word("route_reset"))


def drift_line(drift: dict[str, Any]) -> str:
    """Whether models do as expected, in one line."""
    if drift["alarm"]:
        return word("drift", error=f"{drift['error']:.2f}", count=drift["outcomes"])
    return word("no_drift", error=f"{drift['error']:.2f}", count=drift["outcomes"])


def _told(found: dict[str, Any]) -> list[str]:
    route = found.get("route") or {}
    chosen, forms = found["chosen"], {name: form for name, form, _ in found["allowed"]}
    lines = [f"{chosen['model']}: {read(found['why'])}"]
    prompt = route.get("prompt")
    if prompt is None:
        return lines
    domains = ", ".join(f"{name} {weight:.2f}" for name, weight in prompt["domains"]) or "-"
    lines += ["", word("taken_for", domains=domains, difficulty=prompt["difficulty"], language=prompt["language"]), ""]
    expected = route["expected"]
    rows = [(name, term(form), *_expected(expected[name])) for name, form in forms.items() if name in expected]
    lines.append(table(("model", "form", "quality", "outcomes"), rows))
    if trial := route.get("trial"):
        lines += ["", word("on_trial", model=chosen["model"], score=f"{trial['accept_at']:.2f}")]
    return lines


def _expected(figures: list[float]) -> tuple[str, object]:
    quality, low, labels = figures
    return _quality(quality, low), labels


def _quality(quality: float, low: float) -> str:
    return f"{quality:.2f} ± {quality - low:.2f}"


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value else ""


def _price(price: list[float] | None) -> str:
    return "" if price is None else f"{price[0]:g}, {price[1]:g}"
