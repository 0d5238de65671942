"""What every command prints with `--json`, against the schemas that docs/reference/cli.schema.json promises."""

import contextlib
import io
import json
import sys
from pathlib import Path

import click
import pytest

from sampan import cli
from sampan.cli.exit_codes import Exit
from tests.e2e.local import NAME, toml, with_model
from tests.support.schema import wrong
from tests.support.server import public

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("cli-json")]

ROOT = Path(__file__).parents[2]
SCHEMAS = json.loads((ROOT / "docs" / "reference" / "cli.schema.json").read_text(encoding="utf-8"))
ELSEWHERE = {
    "chat": "an interactive conversation; `ask` is the command for programs (test_cli.py)",
    "approvals watch": "the lines of `approvals ls`, until Ctrl-C (test_approvals.py)",
    "down": "ends the server that this file needs (test_cli.py)",
    "restore": "only without a server (test_cli.py)",
    "route train": "needs a file of outcomes (tests/cli/test_route_training.py)",
}
"""Commands that are not run here, and why."""
CEDAR = '@id("mine")\n@reason("mine")\nforbid (principal, action == Action::"infer", resource)\nwhen { resource.realm == Realm::"public" };\n'


def leaves(command, path=()):
    if not isinstance(command, click.Group):
        return [" ".join(path)]
    context = click.Context(command)
    return [
        leaf
        for name in command.list_commands(context)
        for leaf in leaves(command.get_command(context, name), (*path, name))
    ]


@pytest.fixture(scope="module")
def running(upstream, tmp_path_factory):
    home = tmp_path_factory.mktemp("json")
    remote = "".join(public(name, upstream.base_url, name) for name in ("echo", "error-500"))
    with with_model(home / "home", toml(remote)) as server:
        server.chat("HKID A123456(3)", "echo")
        (home / "a.txt").write_text("HKID A123456(3)\n")
        (home / "project").mkdir()
        (home / "project" / "sampan.toml").write_text("[privacy]\nnames = true\n")
        (home / "rules").mkdir()
        (home / "rules" / "own.cedar").write_text(CEDAR)
        (home / "small.gguf").write_bytes(b"GGUF" + bytes(64))
        yield server, home


@pytest.fixture
def run(running, monkeypatch):
    """Run a command here, as the person of that home; gives its exit code and its output."""
    server, home = running
    monkeypatch.chdir(home)
    for name, value in server.environment.items():
        if name.startswith("SAMPAN_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "xdg"))

    def call(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run([*arguments, "--json"])
        out.flush(), err.flush()
        return int(code), out.buffer.getvalue().decode(), err.buffer.getvalue().decode()

    return call


RUNS = """
up
open --print
status
doctor
ask -m echo hello
ask --dry-run -m echo A123456(3)
scan a.txt
findings always Lion
findings ls
findings dismiss Lion
findings confirm Lion
findings forget Lion
mask a.txt
unmask a.txt
models ls
models pull NAME
models add small.gguf
models use NAME
models rm small
policy check
policy packs
policy path
policy show
policy explain A123456(3)
policy diff rules
policy keygen file:HOME/seal.key
policy sign rules --key file:HOME/seal.key
policy verify rules --key PUBLIC
policy use hk-pcpd
policy use personal
policy forget
budgets
route show
route why hello
route export
route eval
route reset --yes
approvals ls
approvals approve apr_none
approvals refuse apr_none
receipts ls
receipts show RECEIPT
receipts verify
receipts export
receipts erase RECEIPT --yes
config check
config path
config show
config reload
config trust project
keys add app
keys ls
keys revoke KEY
connect openai
service install
service status
service uninstall
backup kept.tar
completion bash
""".strip().splitlines()


ENDS = {"scan a.txt": Exit.ERROR, "service status": Exit.UNAVAILABLE}
"""Exit codes that are not 0: something was found; no service is installed."""


def test_every_command_is_there():
    named = {" ".join(words) for line in RUNS for words in (line.split()[:1], line.split()[:2])}
    assert [leaf for leaf in leaves(cli.root) if leaf not in {*named, *ELSEWHERE}] == []
    assert set(SCHEMAS["$defs"]) >= {name_of(line) for line in RUNS}


def name_of(line):
    """The schema of a line: that of its command, or of the command with the option that changes what comes."""
    known, words = set(leaves(cli.root)), line.split()
    if "--dry-run" in words:
        return "ask --dry-run"
    return words[0] if words[0] in known else " ".join(words[:2])


@pytest.mark.parametrize("line", RUNS)
def test_what_it_prints_is_what_was_promised(running, run, line):
    server, home = running
    values = {"NAME": NAME, "HOME": str(home)}
    if "RECEIPT" in line:
        values["RECEIPT"] = server.get("/sampan/receipts?limit=1&model=echo")["receipts"][0]["id"]
    if "KEY" in line:
        values["KEY"] = server.get("/sampan/keys")["keys"][0]["id"]
    if "PUBLIC" in line:
        values["PUBLIC"] = (home / "public").read_text()
    words = line.split()
    for name, value in values.items():
        words = [word.replace(name, value) for word in words]
    code, out, err = run(*words)
    if "apr_none" in line:
        assert (code, out) == (Exit.USAGE, "")
        assert wrong(json.loads(err), SCHEMAS["$defs"]["error"], SCHEMAS) == []
        return
    assert code == ENDS.get(line, Exit.OK), err
    for value in [json.loads(out)] if line != "receipts export" else map(json.loads, out.splitlines()):
        assert wrong(value, SCHEMAS["$defs"][name_of(line)], SCHEMAS) == []
        if "keygen" in line:
            (home / "public").write_text(value["public_key"])


def test_a_value_that_is_not_as_promised_is_seen():
    """The checker itself can say no."""
    good = {"models": [{"name": "a", "state": "ready"}]}
    schema = SCHEMAS["$defs"]["models ls"]
    assert wrong(good, schema, SCHEMAS) == []
    for bad in ({}, {"models": {}}, {"models": [{"name": 1, "state": ""}]}, {"models": [], "more": 1}):
        assert wrong(bad, schema, SCHEMAS)
    assert wrong({"url": "", "pid": True, "already": True}, SCHEMAS["$defs"]["up"], SCHEMAS)
