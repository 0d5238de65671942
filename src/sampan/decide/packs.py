"""Where policies come from: packs that Sampan brings, and the folders of the user and the organisation."""

from importlib import resources
from pathlib import Path

import msgspec

from sampan.contract.errors import ConfigError
from sampan.decide.source import Layer, Source
from sampan.settings import Policy

DEFAULT_PACK = "personal"
CASES = "cases.toml"


class Folders(msgspec.Struct, frozen=True):
    """Where to look. A folder that is None does not take part; `user` and `application` may be absent.

    In the user layer, a file of the user's replaces the pack's file of the same name.
    """

    pack: Path | None = None
    user: Path | None = None
    application: Path | None = None
    ceiling: Path | None = None


def pack_path(name: str = DEFAULT_PACK) -> Path:
    """The folder of a pack: inside the installed package, or beside `src/` in a checkout.

    Raises:
        ConfigError: no such pack.
    """
    known = {pack.name: pack for place in _shelves() if place.is_dir() for pack in place.iterdir() if pack.is_dir()}
    if name not in known:
        raise ConfigError(f"There is no pack called {name!r}; known: {', '.join(sorted(known))}.")
    return known[name]


def _shelves() -> tuple[Path, ...]:
    # The later one wins: an installed package brings its own packs.
    return Path(__file__).resolve().parents[3] / "packs", Path(str(resources.files("sampan"))) / "packs"


def default_folders(user: Path | None = None, ceiling: Path | None = None, pack: str = DEFAULT_PACK) -> Folders:
    """A pack's rules with the user's own beside them; `<user>/application` is the third layer."""
    inner = user / "application" if user else None
    return Folders(pack_path(pack) / "policies", user, inner, ceiling)


def folders_of(policy: Policy, config: Path) -> Folders:
    """The folders that the settings name; the user's is `<config>/policies` unless they say otherwise.

    Raises:
        ConfigError: no such pack, or a folder that was named is not there: its rules would silently not count.
    """
    for named in (policy.user_dir, policy.ceiling_dir):
        if named and not Path(named).is_dir():
            raise ConfigError(f"There is no policy folder {named}.")
    user = Path(policy.user_dir) if policy.user_dir else config / "policies"
    return default_folders(user, Path(policy.ceiling_dir) if policy.ceiling_dir else None, policy.pack)


def sources_of(folders: Folders) -> list[Source]:
    """Every policy file, layer by layer, in the order rules are reported.

    Raises:
        ConfigError: a file cannot be read, or a ceiling was named and holds no policy.
    """
    mine = _files(folders.user)
    given = [path for path in _files(folders.pack) if path.name not in {own.name for own in mine}]
    ceiling = _files(folders.ceiling)
    if folders.ceiling is not None and not ceiling:
        raise ConfigError(f"The ceiling {folders.ceiling} holds no .cedar file, so nothing could be permitted.")
    return [
        *(_read(Layer.CEILING, path) for path in ceiling),
        *(_read(Layer.USER, path) for path in (*given, *mine)),
        *(_read(Layer.APPLICATION, path) for path in _files(folders.application)),
    ]


def case_files(folders: Folders) -> list[tuple[Layer, Path]]:
    """The cases beside policies that take part, each with the layer it speaks of."""
    named = (
        (Layer.CEILING, folders.ceiling),
        (Layer.USER, folders.user),
        (Layer.APPLICATION, folders.application),
    )
    return [(layer, folder / CASES) for layer, folder in named if folder is not None and (folder / CASES).is_file()]


def _files(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.cedar")) if folder is not None and folder.is_dir() else []


def _read(layer: Layer, path: Path) -> Source:
    try:
        return Source(layer, path.name, path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} cannot be read: {type(error).__name__}.") from error
