"""Help, in the person's language."""

import re

import click
import pytest

from sampan.cli import root
from sampan.cli.group import COMMANDS
from sampan.cli.helping import Formatter

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def chinese(monkeypatch):
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")


def every(command, path=("sampan",)):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from every(command.get_command(context, name), (*path, name))


def test_all_help_is_in_the_persons_language(sampan, chinese):
    for path, _ in every(root):
        told = sampan(*path[1:], "--help").out
        assert told.startswith(f"用法: {' '.join(path)}")
        texts = re.findall(r"^  \S.*?  +(\S.*)$", told, re.MULTILINE)
        english = [text for text in texts if not CHINESE.search(text)]
        assert english == [], path


def test_english_stays_english(sampan):
    told = sampan("ask", "--help").out
    assert told.startswith("Usage: sampan ask [OPTIONS] [TEXT]...")
    assert "A model, or auto.  [default: auto]" in told
    assert not CHINESE.search(told)


def test_a_group_shows_the_first_sentence_of_each(sampan, chinese):
    told = sampan("receipts", "--help").out
    assert "顯示一張收據。" in told
    assert "銷毀這張收據所送出內容的密鑰。" in told
    assert "收據保留" not in told


def test_without_a_command_there_is_help(sampan):
    result = sampan()
    assert result.code == 2
    assert result.err.startswith("Usage: sampan")


def test_what_nobody_translated_stays(chinese):
    formatter = Formatter()
    formatter.write_dl([("--x", "Something that nobody translated.  [default: 3]")])
    assert "Something that nobody translated.  [default: 3]" in formatter.getvalue()


def test_every_command_of_the_table_is_there():
    assert {path[1] for path, _ in every(root) if len(path) == 2} == set(COMMANDS)
