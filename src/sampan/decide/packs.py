"""Where policies come from: packs that Sampan brings, and the folders of the user and the organisation."""

from importlib import resources
from pathlib import Path

import msgspec

from sampan.contract.errors import ConfigError, NotFound
from sampan.decide.source import Layer, Source

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
        NotFound: no such pack.
    """
    installed = Path(str(resources.files("sampan"))) / "packs" / name
    beside = Path(__file__).resolve().parents[3] / "packs" / name
    for place in (installed, beside):
        if place.is_dir():
            return place
    raise NotFound(f"There is no pack called {name!r}.")


def default_folders(user: Path | None = None, ceiling: Path | None = None) -> Folders:
    """The default pack's rules with the user's own beside them; `user/application` is the third layer."""
    inner = user / "application" if user else None
    return Folders(pack_path() / "policies", user, inner, ceiling)


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
