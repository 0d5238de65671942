"""`sampan approvals`: requests that wait until somebody agrees."""

import time
from typing import Any
from urllib.parse import quote

import click

from sampan.cli.running import Client, client
from sampan.cli.voice import options, printable, table, voice
from sampan.cli.words import read, term, word
from sampan.contract.errors import StreamCut
from sampan.settings import load

_ID = click.argument("approval_id", metavar="ID")
_CONVERSATION = click.option("--conversation", is_flag=True, help="Also what follows in the same conversation.")


@click.group()
def approvals() -> None:
    """Requests that policy holds until a person agrees: list, approve, refuse."""


@approvals.command()
@click.option("--all", "past", is_flag=True, help="Also what was answered since Sampan started.")
@options
def ls(*, past: bool) -> None:
    """List what waits, oldest first."""
    found = _client().get("/sampan/approvals?all=1" if past else "/sampan/approvals")["approvals"]
    voice().data({"approvals": found}, _shown(found))


@approvals.command()
@_ID
@_CONVERSATION
@options
def approve(*, approval_id: str, conversation: bool) -> None:
    """Agree: this once, or for the conversation."""
    scope = "conversation" if conversation else "once"
    found = _answered(approval_id, {"action": "approve", "scope": scope})
    missing = ", ".join(who for who in found.get("needed", []) if who not in found.get("by", {}))
    voice().data(found, word("still_needs", who=missing) if missing else word("approved", id=approval_id))


@approvals.command()
@_ID
@options
def refuse(approval_id: str) -> None:
    """Say no."""
    voice().data(_answered(approval_id, {"action": "refuse"}), word("not_approved", id=approval_id))


@approvals.command()
@options
def watch() -> None:
    """Show what waits, again at each change, until Ctrl-C or until Sampan stops. With `--json` one value a line."""
    try:
        for event in _client().stream("GET", "/sampan/approvals/events"):
            voice().each(event, _shown(event.get("approvals", [])))
    except StreamCut:
        voice().say(word("stopped"))


def _client() -> Client:
    return client(load().home)


def _answered(approval_id: str, said: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _client().post(f"/sampan/approvals/{quote(approval_id, safe='')}", said)
    return found


def _shown(found: list[dict[str, Any]]) -> str:
    rows = [
        (one["id"], term(one["state"]), _left(one), f"{one['asker']['user']} ({one['asker']['app']})", one["model"],
         " ".join([term(one["form"]), *(f"{kind}×{number}" for kind, number in one["found"].items())]),
         ", ".join(one["needed"]), printable(read(one["reason"])))
        for one in found
    ]  # fmt: skip
    return table(("id", "state", "left", "who", "to", "form", "needs", "why"), rows)


def _left(one: dict[str, Any]) -> str:
    seconds = max(0, round(one["until"] - time.time()))
    return f"{seconds // 60}:{seconds % 60:02d}" if one["state"] == "waiting" else ""
