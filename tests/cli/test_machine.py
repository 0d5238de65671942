import os
import subprocess
import sys
import time

from sampan.cli import machine
from sampan.cli.machine import free_memory, is_sampan, own_command


def test_memory():
    assert free_memory() > 0


def test_a_process_of_ours_is_known_by_its_command_line():
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()", "sampan"], stdin=subprocess.PIPE
    ) as child:
        try:
            until = time.monotonic() + 10
            while not is_sampan(child.pid, 0):  # until its exec is done it looks like us
                assert time.monotonic() < until
                time.sleep(0.01)
            assert not is_sampan(child.pid, 1000.0), "it began after the file was written: the id was used again"
        finally:
            child.stdin.close()
            child.wait()
    assert not is_sampan(child.pid, 0)


def test_another_process_is_not():
    assert not is_sampan(1 if os.getpid() != 1 else 2**22, 0)


def test_how_a_person_calls_it(tmp_path, monkeypatch):
    own = tmp_path / "bin" / "sampan"
    own.parent.mkdir()
    monkeypatch.setattr(machine.sys, "executable", str(own.with_name("python")))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert own_command() == "sampan", "run in another way: the name has to do"
    own.touch(0o755)
    assert own_command() == "bin/sampan"
    monkeypatch.chdir("/")
    assert own_command() == str(own).removeprefix("/")
    (tmp_path / "sampan").touch(0o755)
    assert own_command() == str(own).removeprefix("/"), "the one on the path is another"
    monkeypatch.setenv("PATH", str(own.parent))
    assert own_command() == "sampan"
