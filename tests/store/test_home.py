import subprocess
import sys

import pytest

from sampan.contract.errors import HomeLocked
from sampan.store.home import Owner, lock_home, owner

HOLD = """
import sys, time
from pathlib import Path
from sampan.store.home import lock_home
with lock_home(Path(sys.argv[1]), 8484):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "run")], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_another_process_is_named(tmp_path, holder):
    with pytest.raises(HomeLocked, match=str(holder.pid)), lock_home(tmp_path / "run"):
        pass
    assert owner(tmp_path / "run") == Owner(holder.pid, 8484)


def test_the_lock_falls_with_its_process(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert owner(tmp_path / "run") is None
    with lock_home(tmp_path / "run"):
        pass


def test_twice_in_one_process_is_refused(tmp_path):
    with lock_home(tmp_path), pytest.raises(HomeLocked), lock_home(tmp_path):
        pass
    with lock_home(tmp_path):
        assert owner(tmp_path) is not None


def test_the_folder_is_private(tmp_path):
    with lock_home(tmp_path / "run"):
        assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "run" / "lock").stat().st_mode & 0o777 == 0o600
    assert owner(tmp_path / "nowhere") is None


def test_a_damaged_note_does_not_hide_the_lock(tmp_path):
    with lock_home(tmp_path):
        (tmp_path / "lock").write_text("{")
        assert owner(tmp_path) == Owner()
        with pytest.raises(HomeLocked, match="Another"), lock_home(tmp_path):
            pass
