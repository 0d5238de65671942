"""What can be done without a server: the files of this home, opened directly. Only while nobody else owns them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from sampan.cli.machine import free_memory
from sampan.contract.models import Realm
from sampan.providers.local import catalogue
from sampan.providers.local.fetch import Puller
from sampan.providers.local.files import Condition, ModelFiles
from sampan.settings import Settings, prepare


def local_name(settings: Settings) -> str:
    """The model of this machine that runs, or would: of the settings, of `sampan models use`, else the one that fits."""
    folder = settings.home.data / "models"
    used = ModelFiles(folder).used if folder.is_dir() else ""
    return settings.local.model or used or catalogue.choose_default(free_memory()).name


class ModelsHere:
    """The model files of this home."""

    def __init__(self, settings: Settings) -> None:
        prepare(settings.home)
        self._settings = settings
        self._files = ModelFiles(settings.home.data / "models")

    def default(self) -> str:
        """The catalogue model that fits the free memory."""
        return self._files.used or catalogue.choose_default(free_memory()).name

    def known(self, name: str) -> catalogue.Entry:
        """The catalogue's entry.

        Raises:
            UnknownModel: there is none; the message lists those there are.
        """
        return catalogue.find(name)

    def listed(self) -> list[dict[str, Any]]:
        """Placed files, catalogue models, and remote models from the settings."""
        placed = {one.name: one for one in self._files.ls()}
        used = self._files.used or self._settings.local.model
        known = {entry.name: entry for entry in catalogue.entries()}
        rows = [
            {"name": name, "realm": str(Realm.PERSONAL), "size": placed[name].size if name in placed else known[name].size,
             "state": self._state(name), "used": name == used,
             "title": known[name].title if name in known else placed[name].path}
            for name in dict.fromkeys((*placed, *known))
        ]  # fmt: skip
        remote = [
            {"name": model.name, "realm": str(model.realm), "state": "configured", "title": model.base_url}
            for model in self._settings.models
        ]
        return rows + remote

    def _state(self, name: str) -> str:
        words = {Condition.READY: "installed", Condition.ABSENT: "available", Condition.DAMAGED: "damaged"}
        return words[self._files.check(name)]

    def pull(self, name: str, progress: Callable[[int, int, str], None]) -> dict[str, Any]:
        """Fetch a catalogue model."""
        puller = Puller(self._files, no_cloud=self._settings.privacy.no_cloud)
        return _plain(puller.pull(catalogue.find(name), progress))

    def act(self, action: str, name: str) -> dict[str, Any]:
        """`rm`, `use` or `add`."""
        if action == "add":
            return _plain(self._files.add(Path(name)))
        (self._files.rm if action == "rm" else self._files.use)(name)
        return {"action": action, "name": name}


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    found = msgspec.to_builtins(value)
    return found if isinstance(found, dict) else {}
