"""`sampan service`: run Sampan as a systemd user service."""

import shutil
import subprocess
import sys
from pathlib import Path

import click

from sampan.cli.exit_codes import Exit
from sampan.cli.voice import end, options, voice
from sampan.cli.words import term, word
from sampan.contract.errors import NotFound, Unavailable
from sampan.settings import environment, load, prepare

_UNIT = "sampan.service"


@click.group()
def service() -> None:
    """A systemd user service: starts with your session, restarts after a crash."""


@service.command()
@click.option("--now/--no-now", default=True, help="Enable and start it too.")
@options
def install(*, now: bool) -> None:
    """Write the unit, enable and start it."""
    prepare(load().home)
    path = unit_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(unit_text(), encoding="utf-8")
    voice().say(word("written", path=path))
    done = now and _systemctl("daemon-reload") and _systemctl("enable", "--now", _UNIT)
    if now and not done:
        voice().say(f"systemctl --user daemon-reload && systemctl --user enable --now {_UNIT}")
    voice().data({"path": str(path), "enabled": bool(done)}, str(path))


@service.command()
@options
def uninstall() -> None:
    """Stop it and remove the unit. Data stays."""
    path = unit_path()
    if not path.exists():
        raise NotFound(f"There is no {path}.", hint="`sampan service install` writes it.")
    _systemctl("disable", "--now", _UNIT)
    path.unlink()
    _systemctl("daemon-reload")
    voice().data({"path": str(path), "removed": True}, word("removed", name=path))


@service.command()
@options
def status() -> None:
    """Show the unit's state. Exit code 5 when it does not run."""
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        raise Unavailable("There is no systemd here.", hint="`sampan up --detach` runs without it.")
    found = subprocess.run([systemctl, "--user", "is-active", _UNIT], capture_output=True, text=True, check=False)
    state = found.stdout.strip() or "unknown"
    voice().data({"unit": _UNIT, "installed": unit_path().exists(), "state": state}, term(state))
    if state != "active":
        end(Exit.UNAVAILABLE)


def unit_path() -> Path:
    """Where systemd looks for a user's units."""
    base = environment().get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "systemd" / "user" / _UNIT


def unit_text() -> str:
    """The unit. Source: systemd.service(5), systemd.exec(5)."""
    home = environment().get("SAMPAN_HOME", "")
    setting = f"Environment={_quoted('SAMPAN_HOME=' + home)}\n" if home else ""
    return (
        "[Unit]\nDescription=Sampan: one endpoint in front of every model\nAfter=network.target\n\n"
        f"[Service]\nExecStart={_quoted(sys.executable)} -m sampan up\n{setting}"
        "Restart=on-failure\nRestartSec=2\nTimeoutStopSec=30\nNoNewPrivileges=yes\nPrivateTmp=yes\nUMask=0077\n\n"
        "[Install]\nWantedBy=default.target\n"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _systemctl(*arguments: str) -> bool:
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        return False
    done = subprocess.run([systemctl, "--user", *arguments], capture_output=True, check=False)
    return done.returncode == 0
