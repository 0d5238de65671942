"""The home: where files are kept."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

from sampan.contract.errors import ConfigError
from sampan.wording import worded

_ANOTHER = worded("`SAMPAN_HOME=/another/folder` chooses another home; or let your user write there.")


class Paths(msgspec.Struct, frozen=True):
    """The home: where files are kept. Made on first use with mode 0700."""

    config: Path
    data: Path
    state: Path
    run: Path


def paths(environ: Mapping[str, str]) -> Paths:
    """The home: `SAMPAN_HOME`, else the XDG directories. `run` lies in state, so that cron and services agree."""
    if chosen := environ.get("SAMPAN_HOME", ""):
        home = Path(chosen).expanduser().absolute()
        return Paths(home, home / "data", home / "state", home / "run")
    xdg = {"config": platformdirs.user_config_path, "data": platformdirs.user_data_path,
           "state": platformdirs.user_state_path}  # fmt: skip
    given = {kind: environ.get(f"XDG_{kind.upper()}_HOME", "") for kind in xdg}
    found = {k: Path(given[k]) / "sampan" if given[k] else xdg[k]("sampan", appauthor=False) for k in xdg}
    return Paths(found["config"], found["data"], found["state"], found["state"] / "run")


def prepare(home: Paths) -> None:
    """Make the home's directories, readable by their owner only.

    Raises:
        ConfigError: one of them cannot be made or written to.
    """
    for path in (home.config, home.data, home.state, home.run):
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"The folder {path} cannot be made: {error.strerror}.", hint=_ANOTHER) from None
    if closed := closed_folder(home):
        raise ConfigError(f"Nothing can be written to the folder {closed}.", hint=_ANOTHER)


def closed_folder(home: Paths) -> Path | None:
    """The first folder that is there and cannot be written to; settings may be somebody else's, the rest is not."""
    for path in (home.data, home.state, home.run):
        existing = next((each for each in (path, *path.parents) if each.exists()), path)
        if not os.access(existing, os.W_OK | os.X_OK):
            return existing
    return None
