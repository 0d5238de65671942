"""Help and mistakes, in the person's language."""

import json
import re

import click
import pytest

from sampan.cli import root
from sampan.cli.group import COMMANDS
from sampan.cli.helping import Formatter, mistake

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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("statu",), "沒有 'statu' 這個指令。是否指 'status'？"),
        (("status", "--jsno"), "沒有 '--jsno' 這個選項。是否指 '--json'？"),
        (("receipts", "show"), "欠了 'ID'。"),
        (("receipts", "ls", "-n", "x"), "'-n' / '--limit' 的值不對：'x' 不是整數。"),
        (
            ("connect", "foo"),
            "'CLIENT' 的值不對：'foo' 不是以下任何一個：'claude-code', 'codex', 'openai', 'open-webui'。",
        ),
        (("down", "now"), "多了 now"),
    ],
)
def test_a_mistake(sampan, chinese, arguments, said):
    result = sampan(*arguments)
    assert result.code == 2
    assert f"錯誤: {said}" in result.err
    assert "--help` 顯示用法。" in result.err
    assert "用法: sampan" in result.err


def test_a_mistake_as_json(sampan):
    result = sampan("ask", "--nosuch", "--json")
    error = json.loads(result.err)["error"]
    assert (result.code, error["code"]) == (2, "bad_request")
    assert error["message"] == "No such option '--nosuch'."
    assert error["hint"] == "`sampan ask --help` shows what it takes."


def test_a_mistake_says_where_help_is():
    context = click.Context(click.Command("b"), info_name="a")
    assert mistake(click.UsageError("No\n  good", context)).message == "No good."
    assert mistake(click.UsageError("No good.", context)).way_on == "`a --help` shows what it takes."
    assert mistake(click.UsageError("x")).way_on == "`sampan --help` shows what it takes."


def test_what_nobody_translated_stays(chinese):
    formatter = Formatter()
    formatter.write_dl([("--x", "Something that nobody translated.  [default: 3]")])
    assert "Something that nobody translated.  [default: 3]" in formatter.getvalue()


def test_every_command_of_the_table_is_there():
    assert {path[1] for path, _ in every(root) if len(path) == 2} == set(COMMANDS)
