import functools
import json
import os

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.errors import ConfigError
from sampan.decide.packs import Folders, read_folder
from sampan.decide.rulebook import Rulebook
from sampan.decide.seal import SEAL, sign, verify, written
from sampan.decide.serials import Serials

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
PERMIT = '@id("all") @everything("a test") permit(principal, action, resource);'
FORBID = '@id("none") forbid(principal, action, resource);'


def key_of(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key()


@functools.cache
def seal(serial, seed=SEED, text="x"):
    files = {"a.cedar": text.encode()}
    return verify({**files, SEAL: sign(files, seed, serial)}, key_of(seed))


@pytest.fixture
def serials(tmp_path):
    return Serials(tmp_path / "state" / "ceilings.json")


def test_an_older_one_does_not_come_back(serials):
    serials.check(seal(7))
    serials.remember(seal(7))
    serials.check(seal(7))
    serials.check(seal(8))
    with pytest.raises(ConfigError, match="serial is 6, and 7"):
        serials.check(seal(6))
    serials.remember(seal(3))
    with pytest.raises(ConfigError, match="older"):
        serials.check(seal(6))


def test_two_of_one_serial(serials):
    serials.remember(seal(7))
    with pytest.raises(ConfigError, match="Two different"):
        serials.check(seal(7, text="y"))


def test_each_key_by_itself(serials):
    serials.remember(seal(7))
    serials.check(seal(1, OTHER))
    serials.remember(seal(1, OTHER))
    with pytest.raises(ConfigError, match="older"):
        serials.check(seal(6))


def test_forgetting(serials):
    assert serials.forget() == 0
    serials.remember(seal(7))
    assert serials.forget() == 1
    serials.check(seal(1))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"null", b"\xff", b'{"keys": {"k": {"serial": -1, "sig": "", "at": ""}}}', b'{"x": 1}']
)
def test_what_is_damaged_shuts_and_can_be_forgotten(serials, tmp_path, content):
    serials.remember(seal(7))
    (tmp_path / "state" / "ceilings.json").write_bytes(content)
    for act in (serials.check, serials.remember):
        with pytest.raises(ConfigError, match="cannot be read") as caught:
            act(seal(9))
        assert "policy forget" in caught.value.way_on
    assert serials.forget() == 1
    serials.check(seal(1))


def test_what_cannot_be_written_down_does_not_count(serials, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space"):
        serials.remember(seal(7))


@settings(max_examples=60)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=12))
def test_what_is_in_force_never_goes_back(tmp_path_factory, ranks):
    """Whatever order old and new ceilings are laid out in."""
    serials, highest = Serials(tmp_path_factory.mktemp("s") / "ceilings.json"), 0
    for rank in ranks:
        try:
            serials.check(seal(rank))
        except ConfigError:
            assert rank < highest
            continue
        assert rank >= highest
        serials.remember(seal(rank))
        highest = rank


def lay(folder, text, serial):
    folder.mkdir(exist_ok=True)
    (folder / "a.cedar").write_text(text)
    (folder / SEAL).write_bytes(sign(read_folder(folder), SEED, serial))


def test_the_rules_in_force_stay_when_an_old_ceiling_is_put_back(tmp_path):
    top = tmp_path / "top"
    folders = Folders(ceiling=top, ceiling_key=written(key_of(SEED)), serials=tmp_path / "ceilings.json")
    lay(top, PERMIT, 5)
    old = {path.name: path.read_bytes() for path in top.iterdir()}
    book = Rulebook(folders)
    assert (book.broken, len(book.current().rules)) == ("", 1)
    lay(top, FORBID, 6)
    assert book.reload()
    for name, content in old.items():
        (top / name).write_bytes(content)
    before = book.current()
    assert book.reload() is False
    assert "older" in book.broken
    assert book.current() is before
    assert Rulebook(folders).current().layers == ()


def test_a_ceiling_that_did_not_pass_is_not_remembered(tmp_path):
    top = tmp_path / "top"
    folders = Folders(ceiling=top, ceiling_key=written(key_of(SEED)), serials=tmp_path / "ceilings.json")
    lay(top, "permit(", 9)
    assert Rulebook(folders).broken
    lay(top, PERMIT, 5)
    assert Rulebook(folders).broken == ""


def test_a_floor_of_the_settings(tmp_path):
    top = tmp_path / "top"
    lay(top, PERMIT, 5)
    key = written(key_of(SEED))
    assert Rulebook(Folders(ceiling=top, ceiling_key=key, least=5)).broken == ""
    assert "asks for 6" in Rulebook(Folders(ceiling=top, ceiling_key=key, least=6)).broken


def test_a_seal_of_before_is_ordered_by_its_time(serials):
    made = json.loads(sign({}, SEED, 1))
    made.pop("serial")
    made |= {"v": 1, "at": "2026-01-01T00:00:00Z"}
    old = verify({SEAL: json.dumps(resigned(made)).encode()}, key_of(SEED))
    assert old.rank == 1767225600
    serials.remember(seal(old.rank + 1))
    with pytest.raises(ConfigError, match="older"):
        serials.check(old)


def resigned(made):
    told = {name: value for name, value in made.items() if name != "sig"}
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    return {**told, "sig": key.sign(b"sampan-policy/1\n" + rfc8785.dumps(told)).hex()}
