"""`sampan connect`: print or write a client's settings."""

import json
from pathlib import Path
from typing import NamedTuple

import click

from sampan.cli.running import find
from sampan.cli.voice import options, voice
from sampan.cli.words import word
from sampan.contract.errors import BadRequest
from sampan.settings import Settings, environment, load

_UNUSED_KEY = "sampan"
"""Clients insist on a key; on loopback any text does."""
_CODEX_KEY = "SAMPAN_API_KEY"


class Recipe(NamedTuple):
    """A client's settings: where they go, and their text or the variables they consist of."""

    path: Path
    variables: dict[str, str]
    text: str = ""


@click.command()
@click.argument("which", metavar="CLIENT", type=click.Choice(["claude-code", "codex", "openai", "open-webui"]))
@click.option("--key", default=_UNUSED_KEY, help="A key made by `sampan keys add`; on loopback none is needed.")
@click.option("--model", default="auto", show_default=True, help="What the client asks for.")
@click.option("--write", is_flag=True, help="Write the client's own settings file.")
@options
def connect(*, which: str, key: str, model: str, write: bool) -> None:
    """Point CLIENT at this Sampan: claude-code, codex, openai or open-webui."""
    recipe = recipe_of(which, base_url(load()), key, model)
    text = recipe.text or "".join(f"export {name}={value}\n" for name, value in recipe.variables.items())
    if recipe.text and recipe.variables:
        voice().say("".join(f"export {name}={value}\n" for name, value in recipe.variables.items()).rstrip())
    if write:
        _write(which, recipe)
        voice().say(word("written", path=recipe.path))
    voice().data(
        {"client": which, "path": str(recipe.path), "variables": recipe.variables, "text": text}, text.rstrip()
    )


def base_url(settings: Settings) -> str:
    """The running server's address, else the one it will have."""
    running = find(settings.home)
    return running.url if running else f"http://{settings.server.host}:{settings.server.port}"


def recipe_of(which: str, url: str, key: str, model: str) -> Recipe:
    """What a client needs. Sources: each client's own documentation of its settings file."""
    home = Path.home()
    if which == "claude-code":
        variables = {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_AUTH_TOKEN": key, "ANTHROPIC_MODEL": model}
        return Recipe(home / ".claude" / "settings.json", variables)
    if which == "codex":
        folder = Path(environment().get("CODEX_HOME") or home / ".codex")
        known = key != _UNUSED_KEY
        return Recipe(folder / "config.toml", {_CODEX_KEY: key} if known else {}, _codex(url, model, with_key=known))
    if which == "open-webui":
        variables = {"OPENAI_API_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": key, "ENABLE_OLLAMA_API": "false"}
        return Recipe(Path.cwd() / ".env", variables)
    return Recipe(Path.cwd() / ".env", {"OPENAI_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": key})


def _codex(url: str, model: str, *, with_key: bool) -> str:
    """Codex reads a key from the environment only, so none stands in its file."""
    key = f"env_key = {json.dumps(_CODEX_KEY)}\n" if with_key else ""
    return (
        f'model = {json.dumps(model)}\nmodel_provider = "sampan"\n\n'
        f'[model_providers.sampan]\nname = "Sampan"\nbase_url = {json.dumps(url + "/v1")}\nwire_api = "responses"\n{key}'
    )


def _write(which: str, recipe: Recipe) -> None:
    recipe.path.parent.mkdir(parents=True, exist_ok=True)
    before = recipe.path.read_text(encoding="utf-8") if recipe.path.exists() else ""
    if which == "claude-code":
        after = _merged_json(before, recipe)
    elif which == "codex":
        after = _merged_toml(before, recipe)
    else:
        kept = [line for line in before.splitlines() if line.split("=", 1)[0].strip() not in recipe.variables]
        after = "\n".join([*kept, *(f"{name}={value}" for name, value in recipe.variables.items())]) + "\n"
    if before and before != after:
        recipe.path.with_name(recipe.path.name + ".before-sampan").write_text(before, encoding="utf-8")
    recipe.path.write_text(after, encoding="utf-8")


def _merged_json(before: str, recipe: Recipe) -> str:
    try:
        value = json.loads(before or "{}")
        value["env"] = {**value.get("env", {}), **recipe.variables}
    except (ValueError, TypeError, AttributeError):
        raise BadRequest(f"{recipe.path} is not a JSON object; it was left alone.", hint="Correct it first.") from None
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _merged_toml(before: str, recipe: Recipe) -> str:
    """Put our top-level keys before the first table, our table at the end; what was ours before goes."""
    head, table = recipe.text.split("\n\n", 1)
    kept: list[str] = []
    at_top, in_ours = True, False
    for line in before.splitlines():
        if line.lstrip().startswith("["):
            at_top, in_ours = False, line.strip() == "[model_providers.sampan]"
        replaced = at_top and line.split("=", 1)[0].strip() in {"model", "model_provider"}
        if not in_ours and not replaced:
            kept.append(line)
    middle = "\n".join(kept).strip("\n")
    return f"{head}\n{middle}\n\n{table}" if middle else f"{head}\n\n{table}"
