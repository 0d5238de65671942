"""Where policies come from: packs that Sampan brings, and the folders of the user and the organisation."""

from importlib import resources
from pathlib import Path

import msgspec

from sampan.contract.errors import ConfigError
from sampan.decide.earned import PINS
from sampan.decide.seal import SEAL, Seal, public_key, verify
from sampan.decide.serials import FILE, Serials
from sampan.decide.source import Layer, Source
from sampan.settings import Paths, Policy
from sampan.wording import worded

DEFAULT_PACK = "personal"
CASES, PROPERTIES = "cases.toml", "properties.toml"
SAYS = {
    "personal": worded("Your devices see everything, others see stand-ins."),
    "hk-pcpd": worded("Hong Kong: the data protection principles and the Privacy Commissioner's guidance on AI."),
    "education": worded("Schools and universities: students, staff, counselling notes."),
    "air-gapped": worded("Nothing public, nothing in a cloud."),
    "eu-strict": worded("Europe: personal data stays in the European Economic Area."),
}
"""Pack -> one line about it."""


class Folders(msgspec.Struct, frozen=True):
    """Where to look. A folder that is None does not take part; `user` and `application` may be absent.

    In the user layer, a file of the user's replaces the pack's file of the same name.
    file: one file, as a user's. ceiling_key: the public key that the ceiling must be signed with, or the file it
    stands in; empty: any ceiling will do. least: the lowest serial that a signed one may have.
    serials: the file that remembers which signed ceiling was the newest here; None: nothing is remembered.
    """

    pack: Path | None = None
    user: Path | None = None
    application: Path | None = None
    ceiling: Path | None = None
    file: Path | None = None
    ceiling_key: str = ""
    least: int = 0
    serials: Path | None = None


class Part(msgspec.Struct, frozen=True):
    """What lies in one folder, read once. sources: the rules that its cases and properties are asked of.

    counts: False for a pack by itself, whose rules count together with the user's. seal: of a ceiling that must be signed.
    """

    layer: Layer
    folder: Path
    files: dict[str, bytes]
    sources: tuple[Source, ...]
    counts: bool = True
    seal: Seal | None = None

    def text(self, name: str) -> str:
        """A file's text; empty when it is not there. Raises ConfigError."""
        return _text(name, self.files.get(name, b""))


def pack_path(name: str = DEFAULT_PACK) -> Path:
    """The folder of a pack: inside the installed package, or beside `src/` in a checkout.

    Raises:
        ConfigError: no such pack.
    """
    known = packs()
    if name not in known:
        raise ConfigError(
            f"There is no pack called {name!r}; known: {', '.join(sorted(known))}.",
            hint="`sampan policy packs` lists them.",
        )
    return known[name]


def _shelves() -> tuple[Path, ...]:
    # The later one wins: an installed package brings its own packs.
    return Path(__file__).resolve().parents[3] / "packs", Path(str(resources.files("sampan"))) / "packs"


def default_folders(user: Path | None = None, ceiling: Path | None = None, pack: str = DEFAULT_PACK) -> Folders:
    """A pack's rules with the user's own beside them; `<user>/application` is the third layer."""
    inner = user / "application" if user else None
    return Folders(pack_path(pack) / "policies", user, inner, ceiling)


def folders_of(policy: Policy, home: Paths) -> Folders:
    """The folders that the settings name; the user's is `policies` in the home's configuration unless they say otherwise.

    Raises:
        ConfigError: no such pack, or a folder that was named is not there: its rules would silently not count.
    """
    for named in (policy.user_dir, policy.ceiling_dir):
        if named and not Path(named).is_dir():
            raise ConfigError(f"There is no policy folder {named}.", hint="`sampan policy path` shows the folders.")
    user = Path(policy.user_dir) if policy.user_dir else home.config / "policies"
    found = default_folders(user, Path(policy.ceiling_dir) if policy.ceiling_dir else None, policy.pack)
    return msgspec.structs.replace(
        found, ceiling_key=policy.ceiling_key, least=policy.ceiling_serial, serials=home.state / FILE
    )


def packs() -> dict[str, Path]:
    """Name -> folder of every pack that holds policies."""
    found = (pack for place in _shelves() if place.is_dir() for pack in sorted(place.iterdir()))
    return {pack.name: pack for pack in found if (pack / "policies").is_dir()}


def parts_of(folders: Folders) -> tuple[Part, ...]:
    """Every folder that takes part, in the order rules are reported; a pack by itself comes first.

    Raises:
        ConfigError: a file cannot be read, or a ceiling holds no policy or is not signed as it must be.
    """
    given, mine = _read(folders.pack), _read(folders.user)
    kept = {name: content for name, content in given.items() if name not in mine and name.endswith(".cedar")}
    found = []
    if folders.pack is not None:
        found.append(Part(Layer.USER, folders.pack, given, _sources(Layer.USER, given), counts=False))
    if folders.ceiling is not None or folders.ceiling_key:
        found.append(_ceiling(folders))
    if folders.pack is not None or folders.user is not None:
        sources = (*_sources(Layer.USER, kept), *_sources(Layer.USER, mine))
        found.append(Part(Layer.USER, folders.user or Path(), mine, sources))
    if folders.file is not None:
        one = {folders.file.name: _bytes(folders.file)}
        found.append(Part(Layer.USER, folders.file.parent, {}, _sources(Layer.USER, one)))
    if folders.application is not None:
        inner = _read(folders.application)
        found.append(Part(Layer.APPLICATION, folders.application, inner, _sources(Layer.APPLICATION, inner)))
    return tuple(found)


def sources_of(folders: Folders) -> list[Source]:
    """Every policy file, layer by layer, in the order rules are reported.

    Raises:
        ConfigError: as `parts_of`.
    """
    return [source for part in parts_of(folders) if part.counts for source in part.sources]


def _ceiling(folders: Folders) -> Part:
    folder = folders.ceiling
    if folder is None:
        raise ConfigError(
            "A signed ceiling is demanded (`policy.ceiling_key`), and there is none.",
            hint="Name its folder in `policy.ceiling_dir`.",
        )
    files = _read(folder)
    if not any(name.endswith(".cedar") for name in files):
        raise ConfigError(f"The ceiling {folder} holds no .cedar file, so nothing could be permitted.")
    seal = _sealed(folders, files) if folders.ceiling_key else None
    return Part(Layer.CEILING, folder, files, _sources(Layer.CEILING, files), seal=seal)


def _sealed(folders: Folders, files: dict[str, bytes]) -> Seal:
    seal = verify(files, public_key(folders.ceiling_key))
    if seal.rank < folders.least:
        raise ConfigError(
            f"The ceiling's serial is {seal.rank}; `policy.ceiling_serial` asks for {folders.least} at least.",
            hint="Put the newest ceiling there, or sign it again.",
        )
    if folders.serials is not None:
        Serials(folders.serials).check(seal)
    return seal


def read_folder(folder: Path) -> dict[str, bytes]:
    """Name -> content of every file in a folder that means something to policy. Raises ConfigError."""
    found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and (path.suffix == ".cedar" or path.name in {CASES, PROPERTIES, PINS, SEAL}):
            found[path.name] = _bytes(path)
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path.name} cannot be read: {type(error).__name__}.") from error


def _read(folder: Path | None) -> dict[str, bytes]:
    return read_folder(folder) if folder is not None else {}


def _sources(layer: Layer, files: dict[str, bytes]) -> tuple[Source, ...]:
    apart = {CASES, PROPERTIES, PINS, SEAL}
    return tuple(Source(layer, name, _text(name, content)) for name, content in files.items() if name not in apart)


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} cannot be read: {type(error).__name__}.") from error
