import errno
import os

import pytest

from sampan.contract.errors import SampanError, StorageFull
from sampan.store import atomic


def test_a_file_is_replaced_whole_and_private(tmp_path):
    path = tmp_path / "file"
    atomic.replace_file(path, b"one")
    atomic.replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["file"]


def test_without_room_the_old_one_stays(tmp_path, monkeypatch):
    path = tmp_path / "file"
    atomic.replace_file(path, b"one")
    monkeypatch.setattr(atomic.os, "write", lambda handle, content: len(content) - 1)
    with pytest.raises(StorageFull):
        atomic.replace_file(path, b"two")
    assert path.read_bytes() == b"one"


def test_other_failures_are_not_called_full(tmp_path):
    with pytest.raises(SampanError) as caught:
        atomic.replace_file(tmp_path / "none" / "file", b"")
    assert not isinstance(caught.value, StorageFull)
    assert isinstance(atomic.as_storage_error(OSError(errno.ENOSPC, ""), "x"), StorageFull)
