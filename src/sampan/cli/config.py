"""`sampan config`: show and check the settings."""

from pathlib import Path
from typing import Any

import click
import msgspec

from sampan.cli.running import client
from sampan.cli.voice import options, table, voice
from sampan.cli.words import term, word
from sampan.contract.errors import ConfigError, NotFound
from sampan.settings import FILE_NAME, SECTIONS, Settings, environment, files, is_projects, load, paths
from sampan.settings.trust import Trust


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


@config.command()
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--forget", is_flag=True, help="Trust it no more.")
@options
def trust(*, folder: Path, forget: bool) -> None:
    """Let the `sampan.toml` of a project folder count, as it is now: read it first.

    It may say where your keys and texts go. A change of the file asks for trust again; so does another folder.
    """
    home, path = paths(environment()), folder.resolve() / FILE_NAME
    known = Trust(home)
    if forget:
        if not known.drop(path):
            raise NotFound(f"{path} was not trusted.")
        voice().data({"path": str(path), "trusted": False}, word("untrusted", path=path))
        return
    if not path.is_file() or not is_projects(path, home):
        raise NotFound(f"There is no project's {FILE_NAME} in {path.parent}.", hint="Your own file needs no trust.")
    known.add(path, path.read_bytes())
    try:
        settings = load(cwd=path.parent)
    except ConfigError:
        known.drop(path)
        raise
    told = _told(settings, path)
    voice().data({"path": str(path), "trusted": True, "sets": told}, "\n".join([word("trusted", path=path), *told]))


def _told(settings: Settings, path: Path) -> list[str]:
    """What a file sets, one line each: with a model its address and the reference of its key."""
    values = flat(settings)
    keys = [key for key, origin in settings.origins.items() if origin.startswith(f"{path}:")]
    models = {f"model.{model.name}": model for model in settings.models}
    return [
        f"{key}: {model.base_url} {model.api_key}".rstrip()
        if (model := models.get(key))
        else f"{key} = {_text(values.get(key))}"
        for key in keys
    ]


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
