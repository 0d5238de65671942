"""`sampan policy diff`: what a draft of the rules would have changed."""

from pathlib import Path

import click
import msgspec

from sampan.cli.completing import pack_names
from sampan.cli.policy_explain import models_of
from sampan.cli.reading import groups_of, keeper
from sampan.cli.voice import options, table, voice
from sampan.cli.words import read, term, word
from sampan.contract.errors import NotFound
from sampan.decide.decider import Options, PolicyDecider
from sampan.decide.earned import earned
from sampan.decide.examine import accept, pins_of
from sampan.decide.packs import Folders, folders_of, pack_path
from sampan.decide.replay import Became, Replay, replay
from sampan.decide.rulebook import Rulebook
from sampan.settings import Settings
from sampan.settings import load as load_settings


@click.command()
@click.argument("draft", shell_complete=pack_names)
@click.option(
    "-n", "--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="How many receipts."
)
@click.option("--ceiling", is_flag=True, help="The draft stands for the ceiling, unsigned.")
@options
def diff(*, draft: str, limit: int, ceiling: bool) -> None:
    """Replay the newest receipts under DRAFT and show which requests would be decided differently.

    DRAFT: a folder that stands for your own, or a pack. Both sides are decided anew, from what receipts hold: kinds and
    counts, who asked and for what; not texts, sizes, tools, or parts that could not be read.
    """
    settings = load_settings()
    found = _replayed(settings, drafted(settings, draft, ceiling=ceiling), limit)
    rows = [
        (one.at[:19].replace("T", " "), one.receipt, read(one.what), _told(one.before), _told(one.after))
        for one in found.changes
    ]
    lines = [read(found), *([table(("at", "receipt", "", "before", "after"), rows)] if rows else [])]
    lines += [f"{name}: {read(why)}" for name, why in found.skipped.items()]
    voice().data({"summary": str(found), **msgspec.to_builtins(found)}, "\n".join(lines))
    if found.unlike:
        voice().say(word("unlike", count=len(found.unlike)))


def drafted(settings: Settings, draft: str, *, ceiling: bool) -> Folders:
    """The folders in force with the draft in its place; a folder that is there comes before a pack of that name."""
    now, place = folders_of(settings.policy, settings.home), Path(draft)
    if not place.is_dir():
        pack = pack_path(draft) / "policies"
        return (
            msgspec.structs.replace(now, ceiling=pack, ceiling_key="")
            if ceiling
            else msgspec.structs.replace(now, pack=pack)
        )
    place = place / "policies" if (place / "policies").is_dir() else place
    if not any(place.glob("*.cedar")):
        raise NotFound(f"{place} holds no .cedar file.")
    if ceiling:
        return msgspec.structs.replace(now, ceiling=place, ceiling_key="")
    return msgspec.structs.replace(now, user=place)


def _replayed(settings: Settings, folders: Folders, limit: int) -> Replay:
    draft, pins = accept(folders), pins_of(folders)
    book = Rulebook(folders_of(settings.policy, settings.home))
    options_ = Options(aliases=settings.aliases, no_cloud=settings.privacy.no_cloud)
    models, others = earned(models_of(settings), book.pins), earned(models_of(settings), pins)
    with keeper() as home:
        receipts = home.receipts({"limit": limit})
        groups = groups_of(home)
    now = PolicyDecider(book.current, lambda: models, options=options_)
    then = PolicyDecider(lambda: draft, lambda: others, options=options_)
    return replay(receipts, now, then, groups)


def _told(became: Became) -> str:
    if became.state != "goes":
        return f"{term(became.state)} {', '.join(became.rules)}".strip()
    form = f"{term('masked')} {', '.join(became.masked)}" if became.masked else term("clear")
    return f"{became.model} {form}"
