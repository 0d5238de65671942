"""`sampan backup` and `sampan restore`: the home in one file."""

from pathlib import Path

import click

from sampan.cli.running import Client, find
from sampan.cli.voice import options, voice
from sampan.cli.words import word
from sampan.contract.errors import BadRequest, HomeLocked
from sampan.settings import load, prepare
from sampan.store.backup import backup_at_rest, restore_older
from sampan.store.backup import restore as bring_back
from sampan.store.keys_at_rest import system_keyring


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@options
def backup(target: Path) -> None:
    """Write settings, receipts, keys and the vault into FILE (mode 0600). Model files stay out."""
    settings, target = load(), target.absolute()
    if not target.parent.is_dir():
        raise BadRequest(f"There is no folder {target.parent}.", hint="Make it, or choose another.")
    running = find(settings.home)
    if running:
        value = Client(running, settings.home).post("/sampan/backup", {"path": str(target)})
    else:
        prepare(settings.home)
        value = backup_at_rest(settings.home, target, system_keyring())
    voice().data(value, word("written", path=target))
    voice().say(word("backup_note"))


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--older", is_flag=True, help="Also when the receipts here go on further than the backup's.")
@options
def restore(*, source: Path, older: bool) -> None:
    """Bring the backup in FILE back. What was there before is moved aside, not deleted."""
    settings = load()
    if find(settings.home):
        raise HomeLocked("A server runs on this home.", hint="`sampan down` stops it; then restore.")
    prepare(settings.home)
    aside = (restore_older if older else bring_back)(source, settings.home)
    voice().data({"restored": str(source), "before": str(aside)}, word("restored", path=source, aside=aside))
