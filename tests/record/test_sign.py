import orjson
import pytest

from sampan.contract.errors import Corrupt
from sampan.contract.storage import Tail
from sampan.record.sign import Signer, is_signed, now_text, read_head

SIGNER, OTHER = Signer(b"1" * 32), Signer(b"2" * 32)
TAIL = Tail(7, "sha256:" + "a" * 64)


def test_a_head_reads_back():
    head = read_head(SIGNER.head(TAIL), SIGNER.public_key)
    assert (head.n, head.hash, head.key_id) == (7, TAIL.hash, SIGNER.key_id)


@pytest.mark.parametrize(
    "name,value", [("n", 8), ("hash", "sha256:" + "b" * 64), ("at", "x"), ("sig", "00" * 64), ("key_id", OTHER.key_id)]
)
def test_a_changed_head_does_not(name, value):
    head = orjson.loads(SIGNER.head(TAIL)) | {name: value}
    with pytest.raises(Corrupt):
        read_head(orjson.dumps(head), SIGNER.public_key)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"n":1}'])
def test_a_malformed_head_does_not(content):
    with pytest.raises(Corrupt):
        read_head(content, SIGNER.public_key)


def test_another_devices_signature_does_not_hold():
    with pytest.raises(Corrupt):
        read_head(OTHER.head(TAIL), SIGNER.public_key)
    assert not is_signed(OTHER.signed({"a": 1}), SIGNER.public_key)
    assert is_signed(SIGNER.signed({"a": 1}), SIGNER.public_key)


def test_the_same_seed_gives_the_same_key():
    assert Signer(b"1" * 32).public_key == SIGNER.public_key


def test_times_are_utc_with_milliseconds():
    assert len(now_text()) == len("2026-11-23T06:12:09.113Z")
    assert now_text().endswith("Z")
