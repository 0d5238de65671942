"""The home: where files are kept."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs


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
    """Make the home's directories, readable by their owner only."""
    for path in (home.config, home.data, home.state, home.run):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
