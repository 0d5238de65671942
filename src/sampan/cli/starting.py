"""Starting the server in the background."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sampan.cli.running import Running, find
from sampan.cli.welcome import answers, wait_until_up
from sampan.cli.words import word
from sampan.contract.errors import ConfigError, SampanError, Unavailable
from sampan.settings import Paths, Settings, prepare

_SPELLING = {"server.port": "--port", "server.host": "--host", "local.model": "--model"}
COMMAND = (sys.executable, "-m", "sampan", "up")
_PATIENCE_S = 60.0
_KINDS: dict[int, type[SampanError]] = {ConfigError.exit_code: ConfigError, SampanError.exit_code: SampanError}
"""By the exit code of the server that ended."""


def spawn(home: Paths, flags: Mapping[str, object]) -> Running:
    """Start a server in a session of its own, and wait until it answers.

    Raises:
        Unavailable: it ended or did not answer in time; the message has the end of its log.
    """
    prepare(home)
    log = home.state / "sampan.log"
    began = log.stat().st_size if log.exists() else 0
    with log.open("ab") as out:
        child = subprocess.Popen(
            [*COMMAND, *arguments(flags)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    running = wait_until_up(home, _PATIENCE_S, lambda: child.poll() is None)
    if running is not None:
        child.returncode = 0  # it lives on in its own session: nobody waits for it
        return running
    raise _why(log, began, child.poll())


def ensure(settings: Settings) -> Running:
    """The running server; one is started in the background when none runs."""
    running = find(settings.home)
    if running is not None and answers(running, settings.home):
        return running
    return spawn(settings.home, {})


def arguments(flags: Mapping[str, object]) -> list[str]:
    """The same flags, for the child's command line."""
    found = ["--no-cloud"] if flags.get("privacy.no_cloud") else []
    if flags.get("local.enabled") is False:
        found.append("--no-local")
    for key, flag in _SPELLING.items():
        if flags.get(key) is not None:
            found += [flag, str(flags[key])]
    return found


def _why(log: Path, began: int, code: int | None) -> SampanError:
    with log.open("rb") as text:
        text.seek(began)
        said = [line for line in text.read()[-8000:].decode("utf-8", "replace").splitlines() if line.strip()]
    found = error_in(said)
    if found is not None:
        message, ways = found
        return _KINDS.get(code or 0, Unavailable)(message, ways_on=(*ways, word("log_at", path=log)))
    message = "The server did not answer in time." if code is None else "The server ended while it started."
    last = said[-1] if said else ""
    return Unavailable(f"{message} {last}".strip(), hint=word("log_at", path=log))


def error_in(said: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """What a server said of its end: the message and the ways on; None when it said nothing of the kind."""
    head, hint = f"{word('error')}: ", f"{word('hint')}: "
    at = next((number for number, line in enumerate(said) if line.startswith(head)), None)
    if at is None:
        return None
    ways = [line.strip().removeprefix(hint) for line in said[at + 1 :] if line.strip().startswith(hint)]
    return said[at].removeprefix(head), tuple(ways)
