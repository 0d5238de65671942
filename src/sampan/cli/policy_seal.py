"""`sampan policy keygen`, `sign`, `verify`, `forget`: whose ceiling it is, and which one is the newest."""

import os
from pathlib import Path

import click
import keyring
import keyring.errors
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sampan.cli.voice import options, voice
from sampan.cli.words import word
from sampan.contract.errors import ConfigError, NotFound
from sampan.decide.examine import examination
from sampan.decide.packs import Folders, read_folder
from sampan.decide.seal import MOST_SERIAL, SEAL, public_key, written
from sampan.decide.seal import sign as seal
from sampan.decide.seal import verify as check_seal
from sampan.decide.serials import FILE, Serials
from sampan.settings import load as load_settings
from sampan.wording import worded

_SERVICE = "sampan"
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_KEY_HELP = worded("The private key: `file:PATH` or `keyring:NAME`.")


@click.command()
@click.argument("where", metavar="file:PATH|keyring:NAME")
@options
def keygen(where: str) -> None:
    """Make a key that signs ceilings, and print its public half for `policy.ceiling_key`.

    The private half goes into a new file that only you can read, or into the OS keyring; never into settings.
    """
    seed = os.urandom(32)
    kind, name = _parted(where)
    if kind == "file":
        _write_key(Path(name), seed)
    else:
        _into_keyring(name, seed)
    public = written(Ed25519PrivateKey.from_private_bytes(seed).public_key())
    voice().data({"public_key": public, "private_key": where}, public)
    voice().say(word("key_made", where=where))


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--key", "where", required=True, help=_KEY_HELP)
@click.option(
    "--serial", type=click.IntRange(1, MOST_SERIAL), help="Higher than any before; by default the time in seconds."
)
@options
def sign(*, folder: Path, where: str, serial: int | None) -> None:
    """Sign a folder of policies as a ceiling. It must pass `sampan policy check --ceiling` first.

    Devices that saw a ceiling do not go back to one with a lower serial.
    """
    seed = _seed(where)
    found = examination(Folders(ceiling=folder))
    if not found.ok:
        wrong = [*map(str, found.faults), *found.wrong]
        raise ConfigError(f"Not signed: {wrong[0]}", hint=f"`sampan policy check --ceiling {folder}` shows everything.")
    content = seal(read_folder(folder), seed, serial)
    (folder / SEAL).write_bytes(content)
    voice().data(msgspec.json.decode(content), word("written", path=folder / SEAL))


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--key", "key", help="The public key, or its file; `policy.ceiling_key` by default.")
@options
def verify(*, folder: Path, key: str | None) -> None:
    """Check that a folder of policies is signed as it is. Exit code 2 when it is not."""
    key = key or load_settings().policy.ceiling_key
    if not key:
        raise ConfigError("There is no key to verify with.", hint="Give --key, or set `policy.ceiling_key`.")
    found = check_seal(read_folder(folder), public_key(key))
    told = word("seal_holds", count=len(found.files), at=found.at, by=found.key, serial=found.rank)
    voice().data({"ok": True, **msgspec.to_builtins(found)}, told)


@click.command()
@options
def forget() -> None:
    """Forget which signed ceiling was the newest here, so that one with a lower serial counts again.

    For the administrator, after a serial that was far too high. A floor in `policy.ceiling_serial` stays.
    """
    count = Serials(load_settings().home.state / FILE).forget()
    voice().data({"forgotten": count}, word("ceilings_forgotten", count=count))


def _parted(where: str) -> tuple[str, str]:
    kind, _, name = where.partition(":")
    if kind not in {"file", "keyring"} or not name:
        raise ConfigError(f"{where!r} names no place for a key.", hint="Write `file:PATH` or `keyring:NAME`.")
    return kind, name


def _write_key(path: Path, seed: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(f"{path} is there already; a key is not overwritten.", hint="Name another file.") from None
    with os.fdopen(handle, "w") as out:
        out.write(seed.hex() + "\n")


def _into_keyring(name: str, seed: bytes) -> None:
    try:
        if keyring.get_password(_SERVICE, name):
            raise ConfigError(f"The keyring has {name} already; a key is not overwritten.", hint="Name another.")
        keyring.set_password(_SERVICE, name, seed.hex())
    except keyring.errors.KeyringError:
        raise ConfigError("The OS keyring did not take the key.", hint="Unlock it, or use `file:PATH`.") from None


def _seed(where: str) -> bytes:
    kind, name = _parted(where)
    try:
        text = Path(name).read_text("utf-8") if kind == "file" else keyring.get_password(_SERVICE, name)
    except FileNotFoundError:
        text = None
    except keyring.errors.KeyringError:
        raise ConfigError("The OS keyring did not give the key.", hint="Unlock it.") from None
    if not text:
        raise NotFound(f"There is no key at {where}.", hint="`sampan policy keygen` makes one.")
    if kind == "file" and Path(name).stat().st_mode & 0o077:
        raise ConfigError(f"Others can read the key in {name}.", hint=f"Run: chmod 600 {name}")
    try:
        seed = bytes.fromhex(text.strip())
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise ConfigError(f"What is at {where} is no key: it is 64 hex digits.")
    return seed
