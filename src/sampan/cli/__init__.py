"""The command line: one file per command group."""

import os
import sys
import traceback
from collections.abc import Sequence

import click

import sampan
from sampan.cli.exit_codes import Exit
from sampan.cli.group import LazyGroup
from sampan.cli.helping import Formatter
from sampan.cli.usage import told
from sampan.cli.voice import Voice, options
from sampan.cli.words import word
from sampan.contract.errors import SampanError
from sampan.wording import worded

click.Context.formatter_class = Formatter


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(sampan.__version__, prog_name="sampan")
@options
def root() -> None:
    """Sampan: one endpoint in front of your own, your organisation's and public models.

    It decides where a request may run, masks what may not travel, and leaves a receipt.
    Start with `sampan up`, then `sampan ask "…"`.
    """


_OF_FILES: dict[type[OSError], str] = {
    FileNotFoundError: worded("Check the path."),
    IsADirectoryError: worded("Name a file in it."),
    NotADirectoryError: worded("Check the path."),
    PermissionError: worded("Check who may read and write it."),
}


def main() -> None:
    """Entry point of the `sampan` command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Expected failures become one line; nothing shows a traceback unasked."""
    voice = Voice()
    try:
        result = root.main(list(arguments), prog_name="sampan", standalone_mode=False, obj=voice)
    except Exception as error:  # noqa: BLE001 - the last line of defence: nobody sees a traceback unasked
        voice.json = voice.json or "--json" in arguments  # what failed may be the reading of the options themselves
        return _failed(voice, error)
    except KeyboardInterrupt:
        click.echo(word("interrupted"), err=True)
        return Exit.INTERRUPTED
    return result if isinstance(result, int) else Exit.OK


def _failed(voice: Voice, error: Exception) -> int:
    match error:
        case click.Abort():
            click.echo(word("interrupted"), err=True)
            return Exit.INTERRUPTED
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return error.exit_code
        case click.UsageError():
            voice.error(told(error))
            return error.exit_code
        case BrokenPipeError():
            # whoever read our output has gone; keep the interpreter from complaining about it at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return Exit.ERROR
    voice.error(_expected(error))
    if voice.verbose:
        traceback.print_exception(error)
    return _expected(error).exit_code


def _expected(error: Exception) -> SampanError:
    if isinstance(error, SampanError):
        return error
    if isinstance(error, OSError):
        said = f"{error.strerror or type(error).__name__}: {error.filename or ''}".rstrip(": ")
        return SampanError(said, hint=_OF_FILES.get(type(error), ""))
    return SampanError(f"Something unexpected failed ({type(error).__name__}).", hint="`-v` shows where.")
