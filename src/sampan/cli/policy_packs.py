"""`sampan policy packs`, `use`: the sets of rules that come with Sampan."""

import click
import msgspec

from sampan.cli.completing import pack_names
from sampan.cli.running import Client, find
from sampan.cli.voice import options, table, voice
from sampan.cli.words import read, reason_of, term, word
from sampan.contract.errors import ConfigError
from sampan.decide.examine import accept
from sampan.decide.packs import DEFAULT_PACK, SAYS, Folders, folders_of, pack_path, packs, parts_of
from sampan.decide.policy import Policies, load
from sampan.settings import Settings
from sampan.settings import load as load_settings
from sampan.settings.writing import UserFile


@click.command("packs")
@click.argument("name", required=False, shell_complete=pack_names)
@options
def packs_command(name: str | None) -> None:
    """List the packs of rules; with NAME show the rules of one."""
    chosen = load_settings().policy.pack
    if name is not None:
        _show(load(parts_of(Folders(user=pack_path(name) / "policies"))[0].sources))
        return
    rows = [
        {"name": each, "says": says(each), "in_force": each == chosen} for each in sorted(packs(), key=_default_first)
    ]
    text = table(("pack", "", "says"), [(row["name"], "●" if row["in_force"] else "", row["says"]) for row in rows])
    voice().data({"packs": rows}, text)
    voice().say(word("pack_use"))


@click.command()
@click.argument("name", shell_complete=pack_names)
@options
def use(name: str) -> None:
    """Make a pack the rules that the user layer starts from. Written to your settings; a running server takes it at once.

    The pack must pass its cases and properties together with your own rules.
    """
    settings = load_settings()
    pack_path(name)
    accept(folders_of(msgspec.structs.replace(settings.policy, pack=name), settings.home))
    _write(settings, name)
    running = find(settings.home)
    if running is not None:
        Client(running, settings.home).post("/sampan/reload", {})
    voice().data({"pack": name, "reloaded": running is not None}, word("pack_used", name=name))


def says(name: str) -> str:
    """One line about a pack, in the language of the command line."""
    return read(SAYS.get(name, ""))


def _write(settings: Settings, name: str) -> None:
    own = UserFile(settings)
    now = own.put("policy.pack", name)
    if now.policy.pack != name:
        raise ConfigError(
            f"`policy.pack` was written to {own.path}, but {now.origins['policy.pack']} says {now.policy.pack!r}.",
            hint="Change it there.",
        )


def _show(policies: Policies) -> None:
    rows = [(term(rule.effect), rule.id, reason_of(rule), f"{rule.file}:{rule.line}") for rule in policies.rules]
    value = {"set": policies.hash, "rules": [msgspec.to_builtins(rule) for rule in policies.rules]}
    voice().data(value, table(("effect", "rule", "reason", "where"), rows))


def _default_first(name: str) -> tuple[bool, str]:
    return name != DEFAULT_PACK, name
