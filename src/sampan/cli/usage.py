"""What is wrong with how a command was called: click says it in English; here it becomes an error like all others."""

import click

from sampan.cli.words import word
from sampan.contract.errors import UsageError
from sampan.wording import worded

SAID = (
    worded("No such option {name}."),
    worded("No such command {name}."),
    worded("Did you mean {name}?"),
    worded("(Did you mean one of: {names}?)"),
    worded("Missing command."),
    worded("Missing argument {name}."),
    worded("Missing option {name}."),
    worded("Invalid value for {name}: {message}"),
    worded("Invalid value: {message}"),
    worded("Got unexpected extra argument ({args})"),
    worded("Got unexpected extra arguments ({args})"),
    worded("Option {name} does not take a value."),
    worded("Option {name} requires an argument."),
    worded("{value} is not {choice}."),
    worded("{value} is not one of {choices}."),
    worded("{value} is not a valid integer."),
    worded("{value} is not a valid integer range."),
    worded("{value} is not a valid float."),
    worded("{value} is not a valid float range."),
    worded("{value} is not in the range {range}."),
    worded("File {path} does not exist."),
    worded("Directory {path} does not exist."),
    worded("Path {path} does not exist."),
    worded("File {path} is a directory."),
    worded("Directory {path} is a file."),
    worded("File {path} is not readable."),
)
"""What click 8.5 says, for the catalogue."""


def told(error: click.ClickException) -> UsageError:
    """The same as one line, and where help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if isinstance(context, click.Context) else "sampan"
    return UsageError(error.format_message(), hint=word("see_help", command=f"`{path} --help`"))
