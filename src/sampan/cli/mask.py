"""`sampan mask` and `sampan unmask`: stand-ins into a text, and back, exactly."""

import sys
from pathlib import Path

import click
import msgspec

from sampan.cli.contents import decoded, kinds_wanted
from sampan.cli.searching import Wanted, search_wanted
from sampan.cli.voice import options, voice
from sampan.cli.words import word
from sampan.contract.errors import BadRequest, Corrupt, NotFound
from sampan.contract.labels import TOLD_KINDS, Kind, Passage, Piece
from sampan.contract.storage import StandIn as Standing
from sampan.protect.known import Known
from sampan.protect.mask import mask as masked
from sampan.protect.operators.stand_in import OPERATOR
from sampan.settings import Settings, load, prepare
from sampan.store.atomic import replace_file
from sampan.wording import worded

MAP = "stand-ins.json"


class Map(msgspec.Struct, frozen=True):
    """A file of stand-ins: what each stands for."""

    v: int
    stand_ins: dict[str, Standing]


_FILE = click.argument("source", metavar="FILE|-", default="-", type=click.Path(path_type=Path, allow_dash=True))
_OUTPUT = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of standard output."
)
_MAP = click.option(
    "--map",
    "where",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file that knows the values; one in the home by default.",
)


@click.command()
@_FILE
@_OUTPUT
@_MAP
@kinds_wanted
@search_wanted
@click.option("--new", is_flag=True, help="Forget the stand-ins of earlier texts and begin at 1.")
@options
def mask(
    *, source: Path, output: Path | None, where: Path | None, kinds: tuple[str, ...], how: Wanted, new: bool
) -> None:
    """Replace what is sensitive by stand-ins such as `[HKID_1]`. The values go into a file with mode 0600, on this machine only.

    Several texts may be masked one after the other: their stand-ins share the file, and numbers go on.
    """
    settings = load()
    where = _map_of(settings, where)
    known = Known(OPERATOR)
    if not new and where.exists():
        known.learn(_read(where).stand_ins)
    text = _text(source)
    wanted = frozenset(map(Kind, kinds)) or frozenset(Kind) - TOLD_KINDS
    passage = Passage(text, (Piece(("text",), 0, len(text)),), how.search(settings).whole(text))
    done = masked({"text": text}, [passage], wanted, known)
    replace_file(where, msgspec.json.encode(Map(1, dict(known.all()))))
    _write(str(done.body["text"]), output, {"masked": done.counts, "map": str(where)})
    told = ", ".join(f"{kind} ×{number}" for kind, number in sorted(done.counts.items())) or word("nothing")
    voice().say(word("masked_kinds", kinds=told, path=where))


@click.command()
@_FILE
@_OUTPUT
@_MAP
@click.option("--forget", is_flag=True, help="Remove the file with the values afterwards.")
@options
def unmask(*, source: Path, output: Path | None, where: Path | None, forget: bool) -> None:
    """Put the values back that `sampan mask` took out. What it never gave out stays as it is."""
    where = _map_of(load(), where)
    if not where.exists():
        raise NotFound(f"There is no file {where}.", hint="`sampan mask` writes it; `--map` names another.")
    known = Known(OPERATOR)
    known.learn(_read(where).stand_ins)
    text, count = restored(_text(source), known)
    _write(text, output, {"restored": count})
    if forget:
        where.unlink()
    voice().say(word("put_back", count=count))


def restored(text: str, known: Known) -> tuple[str, int]:
    """The text with the values of known stand-ins in their place, and how many there were."""
    parts: list[str] = []
    after = count = 0
    for seen in OPERATOR.read(text):
        value = known.value(seen.kind, seen.number)
        if value is not None:
            parts += (text[after : seen.start], value)
            after, count = seen.end, count + 1
    return "".join((*parts, text[after:])), count


def _map_of(settings: Settings, where: Path | None) -> Path:
    if where is not None:
        return where.absolute()
    prepare(settings.home)
    return settings.home.data / MAP


def _read(where: Path) -> Map:
    try:
        return msgspec.json.decode(where.read_bytes(), type=Map)
    except msgspec.DecodeError:
        raise Corrupt(
            f"{where} is no file of stand-ins.", hint="`--map` names another; `--new` begins again."
        ) from None


def _text(source: Path) -> str:
    if str(source) == "-":
        return decoded(sys.stdin.buffer.read(), worded("standard input"))
    if source.is_dir():
        raise BadRequest(f"{source} is a folder.", hint="Name one file.")
    return decoded(source.read_bytes(), source.name)


def _write(text: str, output: Path | None, facts: dict[str, object]) -> None:
    if output is not None:
        replace_file(output.absolute(), text.encode())
    if voice().json:
        voice().data({**facts, **({} if output else {"text": text})}, "")
    elif output is None:
        click.echo(text.encode(), nl=False)
