"""`sampan keys`: named keys for applications and people."""

from urllib.parse import quote

import click

from sampan.cli.reading import reader
from sampan.cli.running import client
from sampan.cli.voice import options, table, voice
from sampan.cli.words import word
from sampan.settings import load


@click.group()
def keys() -> None:
    """Named keys. On loopback none is needed; elsewhere every caller needs one."""


@keys.command()
@click.argument("name")
@click.option("--application", default="", help="The application that uses it; stands in its receipts.")
@click.option("--user", default="", help="The person it stands for; you by default.")
@click.option("--group", "groups", multiple=True, help="A group of the person; may be given again.")
@options
def add(*, name: str, application: str, user: str, groups: tuple[str, ...]) -> None:
    """Make a key. Its secret is shown once."""
    body = {"name": name, "application": application, "user": user, "groups": list(groups)}
    made = client(load().home).post("/sampan/keys", body)
    voice().say(word("key_once"))
    voice().data(made, str(made.get("secret") or made.get("key") or ""))


@keys.command()
@options
def ls() -> None:
    """List keys, without their secrets."""
    found = reader().get("/sampan/keys")["keys"]
    rows = [
        (k.get("id"), k.get("name"), k.get("application", ""), k.get("user", ""), ",".join(k.get("groups") or ()),
         "revoked" if k.get("revoked") else "")
        for k in found
    ]  # fmt: skip
    voice().data({"keys": found}, table(("id", "name", "application", "user", "groups", ""), rows))


@keys.command()
@click.argument("key_id", metavar="ID")
@options
def revoke(key_id: str) -> None:
    """End a key at once."""
    reply = client(load().home).send("DELETE", f"/sampan/keys/{quote(key_id, safe='')}")
    voice().data(reply.value, word("removed", name=key_id))
