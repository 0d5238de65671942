"""`sampan config`: show and check the settings."""

from pathlib import Path
from typing import Any

import click
import msgspec

from sampan.cli.running import client
from sampan.cli.voice import options, table, voice
from sampan.cli.words import term, word
from sampan.settings import SECTIONS, Settings, environment, files, load, paths


@click.group()
def config() -> None:
    """Settings: defaults < system < user < project < environment < flags."""


@config.command()
@click.option("--origin", is_flag=True, help="Show where each value comes from.")
@options
def show(*, origin: bool) -> None:
    """Show every setting as it counts now."""
    settings = load()
    values = flat(settings)
    if origin:
        found = {key: {"value": value, "origin": settings.origins.get(key, "default")} for key, value in values.items()}
        rows = [(key, _text(each["value"]), each["origin"]) for key, each in found.items()]
        voice().data(found, table(("setting", "value", "origin"), rows))
        return
    voice().data(values, "\n".join(f"{key} = {_text(value)}" for key, value in values.items()))


@config.command()
@options
def check() -> None:
    """Check every settings file, variable and table; the first mistake is shown with line and column."""
    settings = load()
    read = [str(path) for path in files(settings.home, Path.cwd()) if path.is_file()]
    voice().data({"ok": True, "files": read, "models": len(settings.models)}, "\n".join([word("settings_ok"), *read]))


@config.command()
@options
def path() -> None:
    """Show which files are read, lowest precedence first."""
    found = [{"path": str(one), "exists": one.is_file()} for one in files(paths(environment()), Path.cwd())]
    voice().data(
        {"files": found}, table(("file", "there"), [(f["path"], term("yes" if f["exists"] else "no")) for f in found])
    )


@config.command()
@options
def reload() -> None:
    """Let the running server read settings and policy again; streams under way go on."""
    settings = load()
    voice().data(client(settings.home).post("/sampan/reload", {}), word("settings_ok"))


def flat(settings: Settings) -> dict[str, Any]:
    """Dotted key -> value of everything that is set; models by name."""
    found: dict[str, Any] = {}
    for section in SECTIONS:
        for name, value in msgspec.to_builtins(getattr(settings, section)).items():
            found[f"{section}.{name}"] = value
    found |= {f"aliases.{name}": target for name, target in settings.aliases.items()}
    return found | {f"model.{model.name}": msgspec.to_builtins(model) for model in settings.models}


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
