import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sampan.contract.errors import ConfigError
from sampan.decide.seal import SEAL, Seal, public_key, sign, verify, written

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
FILES = {"a.cedar": "permit(…);".encode(), "cases.toml": b"", "realms.toml": b"# none"}


def key_of(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key()


def sealed(**changes):
    return {**FILES, SEAL: sign(FILES, SEED)} | changes


def test_what_was_signed_holds():
    seal = verify(sealed(), key_of(SEED))
    assert set(seal.files) == set(FILES)
    assert seal.key == written(key_of(SEED))
    assert verify(sealed() | {SEAL: sign(sealed(), SEED)}, key_of(SEED)).files == seal.files


def damaged(change):
    value = json.loads(sign(FILES, SEED))
    change(value)
    return {**FILES, SEAL: json.dumps(value).encode()}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (FILES, "not signed"),
        (sealed(**{"a.cedar": b"permit(principal, action, resource);"}), r"a\.cedar changed"),
        (sealed(**{"b.cedar": b""}), r"b\.cedar came"),
        ({name: text for name, text in sealed().items() if name != "cases.toml"}, r"cases\.toml is missing"),
        ({**FILES, SEAL: sign(FILES, OTHER)}, "another key"),
        ({**FILES, SEAL: b"{"}, "damaged"),
        ({**FILES, SEAL: b"null"}, "damaged"),
        (damaged(lambda value: value.update(at="2030-01-01T00:00:00Z")), "does not hold"),
        (damaged(lambda value: value.update(serial=5)), "does not hold"),
        (damaged(lambda value: value.update(serial=0)), "damaged"),
        (damaged(lambda value: value.update(v=1)), "damaged"),
        (damaged(lambda value: value.update(v=1, serial=0)), "does not hold"),
        (damaged(lambda value: value.update(sig="zz")), "does not hold"),
        (damaged(lambda value: value.update(sig="00" * 64)), "does not hold"),
        (damaged(lambda value: value.update(v=10**30)), "damaged|does not hold"),
        (damaged(lambda value: value.update(more=1)), "damaged"),
        (damaged(lambda value: value["files"].update({"b.cedar": "00"})), "does not hold"),
    ],
)  # fmt: skip
def test_whatever_else_does_not(files, said):
    with pytest.raises(ConfigError, match=said):
        verify(files, key_of(SEED))


def test_another_keys_name_does_not_help():
    value = json.loads(sign(FILES, OTHER))
    value["key"] = written(key_of(SEED))
    with pytest.raises(ConfigError, match="does not hold"):
        verify({**FILES, SEAL: json.dumps(value).encode()}, key_of(SEED))


def test_keys_as_they_are_written(tmp_path):
    text = written(key_of(SEED))
    assert public_key(text) == key_of(SEED)
    (tmp_path / "key.pub").write_text(text + "\n")
    assert public_key(str(tmp_path / "key.pub")) == key_of(SEED)
    for wrong in ("ed25519:00", "ed25519:zz", str(tmp_path / "none")):
        with pytest.raises(ConfigError):
            public_key(wrong)


def test_serials_go_up_by_themselves(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1000.5)
    first = sign(FILES, SEED)
    second = sign({**FILES, SEAL: first}, SEED)
    assert [json.loads(each)["serial"] for each in (first, second)] == [1000, 1001]
    assert json.loads(sign({**FILES, SEAL: b"{"}, SEED))["serial"] == 1000
    assert json.loads(sign(FILES, SEED, 5))["serial"] == 5


@pytest.mark.parametrize("serial", [0, -1, 2**53])
def test_serials_that_are_none(serial):
    with pytest.raises(ConfigError, match="from 1 to"):
        sign(FILES, SEED, serial)


@pytest.mark.parametrize("at", ["", "yesterday", "9" * 400])
def test_a_time_that_is_none_ranks_lowest(at):
    assert Seal(1, at, "k", {}, "s").rank == 0
