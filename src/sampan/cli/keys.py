"""`sampan keys`: named keys for applications and people."""

import click

from sampan.cli.reading import keeper
from sampan.cli.voice import options, table, voice
from sampan.cli.words import term, word


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
    with keeper() as home:
        made = home.add_key(body)
    voice().say(word("key_once"))
    voice().data(made, str(made["secret"]))


@keys.command()
@options
def ls() -> None:
    """List keys, without their secrets."""
    with keeper() as home:
        found = home.keys()
    rows = [
        (k.get("id"), k.get("name"), k.get("application", ""), k.get("user", ""), ",".join(k.get("groups") or ()),
         term("revoked") if k.get("revoked") else "")
        for k in found
    ]  # fmt: skip
    voice().data({"keys": found}, table(("id", "name", "application", "user", "groups", ""), rows))


@keys.command()
@click.argument("key_id", metavar="ID")
@options
def revoke(key_id: str) -> None:
    """End a key at once."""
    with keeper() as home:
        ended = home.revoke_key(key_id)
    voice().data(ended, word("removed", name=key_id))
