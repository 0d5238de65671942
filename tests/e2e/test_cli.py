"""Every command against the real server: what it prints, where, and how it ends."""

import errno
import json
import os
import pty
import re
import select
import subprocess
import sys
import threading
import time

import pytest

from tests.e2e.local import NAME, open_stream, toml, until, with_model
from tests.support.dialects import Chat
from tests.support.models import smollm2
from tests.support.server import NO_LOCAL, Server, public
from tests.support.upstream import Script

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("cli")]

SECRET = "HKID A123456(3), phone 9123 4567"


@pytest.fixture(scope="module")
def running(upstream, tmp_path_factory):
    """Started by `sampan up --detach`, as a person does; with a model on this machine and two remote ones."""
    remote = "".join(public(name, upstream.base_url, name) for name in ("echo", "endless", "scripted"))
    server = with_model(tmp_path_factory.mktemp("cli"), toml(remote))
    began = server.cli("up", "--detach", "--port", str(server.port))
    try:
        assert began.stdout == f"{server.base_url}\n"
        assert "Try next:" in began.stderr
        assert "sampan ask" in began.stderr
        yield server
    finally:
        server.cli("down", check=False)


def test_up_again_says_where_it_runs(running):
    again = running.cli("up")
    assert (again.stdout, again.stderr) == (f"Sampan already runs at {running.base_url}\n", "")
    assert running.cli("up", "--json").stdout.startswith("{")


def test_down_and_up_again_is_quick(upstream, tmp_path):
    server = Server(tmp_path / "home", NO_LOCAL)
    began = time.monotonic()
    server.cli("up", "-d", "--port", str(server.port))
    assert time.monotonic() - began < 8, "three seconds alone; the machine may be busy"
    assert server.cli("down").stdout == "Stopped.\n"
    assert server.cli("down").stdout == "No server runs.\n"
    assert server.cli("status", check=False).returncode == 5
    assert not (tmp_path / "home" / "run" / "server.json").exists()


def test_a_port_in_use_is_one_line_and_a_way_on(running, tmp_path):
    other = Server(tmp_path / "home", NO_LOCAL)
    for more in ((), ("--detach",)):
        failed = other.cli("up", "--port", str(running.port), *more, check=False)
        assert failed.returncode == 5
        assert failed.stderr.startswith(f"error: Port {running.port} of 127.0.0.1 is in use")
        assert "--port" in failed.stderr
        assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server]\nprot = 1\n", "sampan.toml:2:1: unknown setting `server.prot`; did you mean `port`?"),
        ("[server\n", "sampan.toml:1:8:"),
        ('[[model]]\nname = "m"\nrealm = "publik"\nwire = "openai"\nbase_url = "http://127.0.0.1:1/v1"\n', ":3:1:"),
    ],
)
def test_a_mistake_in_the_settings_is_shown_with_line_and_column(tmp_path, text, said):
    failed = Server(tmp_path / "home", text).cli("up", check=False)
    assert failed.returncode == 2
    assert said in failed.stderr
    assert "Traceback" not in failed.stderr


def test_status_and_doctor(running):
    shown = running.cli("status").stdout
    assert running.base_url in shown
    assert re.search(rf"^{NAME} +personal +(ready|loading)$", shown, re.MULTILINE)
    assert json.loads(running.cli("status", "--json").stdout)["running"] is True
    checks = json.loads(running.cli("doctor", "--json").stdout)["checks"]
    assert {check["name"] for check in checks} >= {"settings", "engine", "server", "receipts", "at rest"}
    assert all(check["state"] != "bad" for check in checks), checks


def test_ask(running, sent):
    done = running.cli("ask", "-m", "echo", SECRET, stdin="")
    assert done.stdout == SECRET + "\n"
    assert re.search(r"▲ echo · masked · HKID ×1, PHONE ×1 · complete · rcp_\w+", done.stderr)
    assert "A123456" not in str(sent())
    done = running.cli("ask", "Say hi.", stdin="")
    assert done.stdout.strip()
    assert f"● {NAME}" in done.stderr
    dry = running.cli("ask", "--dry-run", "-m", "echo", SECRET, stdin="")
    assert "HKID, PHONE masked" in dry.stdout
    assert running.cli("ask", "-m", "none", "hi", stdin="", check=False).returncode == 2


@pytest.fixture
def slowly(upstream):
    """`scripted` says a word, and the rest much later."""
    upstream.script = Script(events=Chat().events("scripted", "again and again", None), pause=1.0)
    yield
    upstream.script = None


def test_ask_streams(running, slowly):
    """The first words are there before the last are made."""
    command = [sys.executable, "-m", "sampan", "ask", "-m", "scripted", "hello"]
    with subprocess.Popen(command, env=running.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as asking:
        assert select.select([asking.stdout], [], [], 20)[0]
        assert os.read(asking.stdout.fileno(), 100) == b"aga"
        assert asking.poll() is None
        asking.kill()


class Terminal:
    """A command in a terminal of its own."""

    def __init__(self, server, *arguments):
        child, self._fd = pty.fork()
        if not child:
            os.execve(
                sys.executable,
                [sys.executable, "-m", "sampan", *arguments],
                {**server.environment, "TERM": "xterm", "COLUMNS": "100"},
            )
        self.pid, self.seen = child, ""

    def wait(self, pattern, seconds=30):
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.seen):
            assert time.monotonic() < deadline, self.seen
            self._read()

    def _read(self):
        if not select.select([self._fd], [], [], 0.1)[0]:
            return True
        try:
            new = os.read(self._fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        self.seen += new.decode(errors="replace")
        return bool(new)

    def send(self, text):
        os.write(self._fd, text.encode())

    def end(self):
        while self._read():
            pass
        os.close(self._fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_chat_in_a_terminal(running, slowly):
    terminal = Terminal(running, "chat", "-m", "echo")
    terminal.wait("echo.*> ")
    terminal.send("phone 9123 4567\n")
    terminal.wait(r"phone 9123 4567\s[\s\S]*phone 9123 4567\s[\s\S]*▲ echo")
    terminal.send("/model scripted\n")
    terminal.wait("scripted.*> ")
    terminal.send("more\n")
    terminal.wait(r"more\s[\s\S]*aga")
    terminal.send("\x03")
    terminal.wait(r"\(stopped\)")
    terminal.send("/bye\n")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.seen


def test_ctrl_c_ends_a_server_in_the_terminal_cleanly(tmp_path):
    server = Server(tmp_path / "home", NO_LOCAL)
    terminal = Terminal(server, "up", "--port", str(server.port))
    terminal.wait("Try next, in another terminal")
    terminal.send("\x03")
    assert terminal.end() == 0
    assert terminal.seen.rstrip().endswith("Stopped.")
    assert "Traceback" not in terminal.seen
    assert not (tmp_path / "home" / "run" / "server.json").exists()


def test_models(running, tmp_path):
    ready = re.compile(rf"^{NAME} +personal +ready +98 MB", re.MULTILINE)
    until(lambda: ready.search(running.cli("models", "ls").stdout))
    assert running.cli("models", "pull", NAME).stdout == f"{NAME} is ready.\n"
    wrong = running.cli("models", "pull", "smolm2", check=False)
    assert (wrong.returncode, NAME in wrong.stderr) == (2, True)
    (tmp_path / "mine.gguf").hardlink_to(smollm2()) if same_disk(tmp_path) else os.symlink(
        smollm2(), tmp_path / "mine.gguf"
    )
    running.cli("models", "add", str(tmp_path / "mine.gguf"))
    running.cli("models", "use", "mine")
    until(lambda: "● mine" in running.cli("ask", "hi", stdin="").stderr)
    running.cli("models", "use", NAME)
    running.cli("models", "rm", "mine")
    assert "mine" not in running.cli("models", "ls").stdout
    (tmp_path / "bad.gguf").write_text("no model")
    bad = running.cli("models", "add", str(tmp_path / "bad.gguf"), check=False)
    assert (bad.returncode, "is not a GGUF file" in bad.stderr) == (1, True)


def same_disk(folder):
    return folder.stat().st_dev == smollm2().stat().st_dev


def test_policy(running):
    assert running.cli("policy", "check").stdout == "ok\n"
    told = running.cli("policy", "explain", SECRET, "--model", "echo").stdout
    assert "HKID 1" in told
    assert "hk-id-stays-home" in told
    assert "Would go to echo" in told


def test_receipts(running, tmp_path):
    running.cli("ask", "-m", "echo", SECRET, stdin="")
    newest = json.loads(running.cli("receipts", "ls", "-n", "1", "--json").stdout)["receipts"][0]
    page = running.cli("receipts", "show", newest["id"]).stdout
    assert "HKID ×1, PHONE ×1" in page
    assert "A123456" not in page
    assert "chain and signatures hold" in running.cli("receipts", "verify").stdout
    running.cli("receipts", "export", str(tmp_path / "all.jsonl"))
    lines = (tmp_path / "all.jsonl").read_text().splitlines()
    assert json.loads(lines[-2])["id"] == newest["id"]
    assert "sig" in json.loads(lines[-1])
    assert running.cli("receipts", "show", "rcp_none", check=False).returncode == 2


def test_keys(running):
    made = running.cli("keys", "add", "notebook", "--application", "jupyter", "--user", "mei", "--group", "staff")
    secret = made.stdout.strip()
    assert "shown once" in made.stderr
    head = {"authorization": f"Bearer {secret}"}
    body = {"model": "echo", "messages": [{"role": "user", "content": "hi"}]}
    status, headers, _ = running.post("/v1/chat/completions", body, head)
    assert status == 200
    who = running.get(f"/sampan/receipts/{headers['sampan-receipt'].split(';')[0]}")["who"]
    assert who["app"] == "jupyter"
    listed = json.loads(running.cli("keys", "ls", "--json").stdout)["keys"]
    assert secret not in str(listed)
    key = next(key for key in listed if key["name"] == "notebook")
    running.cli("keys", "revoke", key["id"])
    assert running.post("/v1/chat/completions", body, head)[0] == 401


@pytest.mark.parametrize("client", ["claude-code", "codex", "openai", "open-webui"])
def test_connect(running, client):
    shown = running.cli("connect", client).stdout
    assert running.base_url in shown
    told = json.loads(running.cli("connect", client, "--json").stdout)
    assert told["client"] == client


def test_a_service_unit_is_written_and_not_started(running, tmp_path):
    running.env["XDG_CONFIG_HOME"] = str(tmp_path)
    try:
        path = running.cli("service", "install", "--no-now").stdout.strip()
    finally:
        del running.env["XDG_CONFIG_HOME"]
    unit = (tmp_path / "systemd" / "user" / "sampan.service").read_text()
    assert path.endswith("sampan.service")
    assert re.search(r'^ExecStart=".+" -m sampan up$', unit, re.MULTILINE)
    assert f'Environment="SAMPAN_HOME={running.home}"' in unit


def test_backup_and_restore(running, upstream, tmp_path):
    running.cli("ask", "-m", "echo", SECRET, stdin="")
    before = json.loads(running.cli("receipts", "ls", "--json").stdout)["receipts"]
    file = tmp_path / "backup.tar"
    running.cli("backup", str(file))
    assert file.stat().st_mode & 0o077 == 0
    assert running.cli("restore", str(file), check=False).returncode == 5, "not under a running server"
    other = Server(tmp_path / "other", "")
    other.cli("restore", str(file))
    (other.home / "sampan.toml").write_text(NO_LOCAL + public("echo", upstream.base_url, "echo"))
    other.cli("up", "--detach", "--port", str(other.port))
    try:
        after = json.loads(other.cli("receipts", "ls", "--json").stdout)["receipts"]
        assert [receipt["id"] for receipt in after] == [receipt["id"] for receipt in before]
        assert "hold" in other.cli("receipts", "verify").stdout
    finally:
        other.cli("down")


def test_config_shows_where_a_value_comes_from(running):
    shown = json.loads(running.cli("config", "show", "--origin", "--json").stdout)
    assert shown["local.model"]["value"] == NAME
    assert "sampan.toml" in shown["local.model"]["origin"]
    assert shown["server.host"]["origin"] == "default"
    assert running.cli("config", "check").stdout.startswith("The settings are right.")


def test_a_reload_drops_no_running_stream(running, upstream):
    settings = running.home / "sampan.toml"
    text = settings.read_text()
    body = {"model": "endless", "messages": [{"role": "user", "content": "again"}]}
    line, response = open_stream(running, body)
    assert response.read(100)
    settings.write_text(text + public("later", upstream.base_url, "echo"))
    running.cli("config", "reload")
    assert response.read(2000), "the stream goes on"
    assert running.cli("ask", "-m", "later", "hi", stdin="").stdout == "hi\n"
    settings.write_text("[server]\nprot = 1\n")
    failed = running.cli("config", "reload", check=False)
    assert (failed.returncode, ":2:1:" in failed.stderr) == (2, True)
    settings.write_text(text)
    running.cli("config", "reload")
    reader = threading.Thread(target=response.read, args=(2000,))
    reader.start()
    reader.join(10)
    assert not reader.is_alive()
    response.close()
    line.close()


def test_help_is_quick(running):
    spent = []
    for _ in range(3):
        began = os.times()
        assert "Commands:" in running.cli("--help").stdout
        ended = os.times()
        spent.append(sum(ended[2:4]) - sum(began[2:4]))
    assert min(spent) < 0.2, "seconds of CPU"
