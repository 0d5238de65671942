"""Shell completion of names that the running server knows. Silent on any failure: a prompt is no place for errors."""

import contextlib

import click
from click.shell_completion import CompletionItem

from sampan.cli.running import client
from sampan.contract.errors import SampanError
from sampan.decide.packs import packs
from sampan.providers.local import catalogue
from sampan.providers.local.files import ModelFiles
from sampan.settings import load


def model_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Models, and the virtual ones; those of the settings also while no server runs."""
    del ctx, param
    names = ["auto", "auto:fast", "auto:best", "auto:private"]
    with contextlib.suppress(SampanError, LookupError, TypeError):
        settings = load()
        names += [model.name for model in settings.models]
        names += [model["name"] for model in client(settings.home).get("/healthz")["models"]]
    names = list(dict.fromkeys(names))
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def local_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Models that this machine can run: those of the catalogue, and files that were added."""
    del ctx, param
    known = {entry.name: entry.title for entry in catalogue.entries()}
    with contextlib.suppress(SampanError):
        folder = load().home.data / "models"
        if folder.is_dir():
            known |= {one.name: known.get(one.name, one.path) for one in ModelFiles(folder).ls()}
    return [CompletionItem(name, help=title) for name, title in known.items() if name.startswith(incomplete)]


def receipt_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The newest receipts."""
    del ctx, param
    try:
        found = client(load().home).get("/sampan/receipts?limit=50")["receipts"]
    except (SampanError, LookupError, TypeError):
        return []
    return [CompletionItem(one["id"], help=one.get("at", "")) for one in found if one["id"].startswith(incomplete)]


def pack_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The packs of policies that Sampan brings."""
    del ctx, param
    return [CompletionItem(name) for name in packs() if name.startswith(incomplete)]
