import os
import subprocess
import sys
import time

from sampan.cli.machine import free_memory, is_sampan


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
