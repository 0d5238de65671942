import importlib

import click
import pytest

from sampan.cli.group import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists_and_has_help(sampan, name):
    module, _, attribute = COMMANDS[name][0].partition(":")
    assert isinstance(getattr(importlib.import_module(module), attribute), click.Command)
    result = sampan(name, "--help")
    assert result.code == 0
    assert result.out.startswith("Usage: sampan ")


def _leaves(command, path=()):
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from _leaves(command.get_command(context, name), (*path, name))
    else:
        yield path, command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_json(name):
    module, _, attribute = COMMANDS[name][0].partition(":")
    for path, command in _leaves(getattr(importlib.import_module(module), attribute)):
        options = {option for parameter in command.params for option in parameter.opts}
        assert "--json" in options, (name, *path)


def test_a_question_alone_is_ask(sampan, server):
    server.on("POST", "/v1/chat/completions", b'data: {"choices":[{"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n')
    assert sampan("what is this").out == "hi\n"
    assert sampan("咩嚟㗎").out == "hi\n"
