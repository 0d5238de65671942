import re

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.errors import NotFound
from sampan.contract.storage import Tail
from sampan.record.chain import GENESIS, linked
from sampan.record.sign import Signer
from sampan.record.verify import verify, verify_file

SIGNER = Signer(b"1" * 32)


def chain(length=6):
    links, prev = [], GENESIS
    for n in range(1, length + 1):
        link = {"v": 1, "id": f"rcp_{n}", "n": n, "found": {"HKID": n}, "cost_usd": 0.0011, "prev": prev}
        links.append(linked(link))
        prev = link["hash"]
    return links, SIGNER.head(Tail(length, prev))


LINKS, HEAD = chain()


def check(links, head=HEAD):
    return verify(links, head, SIGNER.public_key)


def test_a_good_chain():
    report = check(LINKS)
    assert report.ok
    assert (report.count, report.head, report.problems) == (6, 6, [])


def test_an_empty_chain():
    assert check([], SIGNER.head(Tail(0, GENESIS))).ok


@given(st.data())
def test_any_changed_byte_shows_and_is_named(data):
    which = data.draw(st.integers(0, 5))
    at = data.draw(st.integers(0, len(LINKS[which]) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda v: v != LINKS[which][at]))
    changed = LINKS[which][:at] + bytes([value]) + LINKS[which][at + 1 :]
    report = check([*LINKS[:which], changed, *LINKS[which + 1 :]])
    assert not report.ok
    assert (
        which + 1 in {p.n for p in report.problems} or which + 2 in {p.n for p in report.problems} or b'"n":' in changed
    )


def test_a_changed_content_names_the_receipt():
    report = check([*LINKS[:2], LINKS[2].replace(b'"HKID":3', b'"HKID":9'), *LINKS[3:]])
    assert [(p.n, p.id) for p in report.problems] == [(3, "rcp_3")]
    assert "changed" in report.problems[0].problem


def test_a_rewritten_receipt_breaks_the_link_after_it():
    link = orjson.loads(LINKS[2]) | {"found": {}}
    del link["hash"]
    report = check([*LINKS[:2], linked(link), *LINKS[3:]])
    assert [(p.n, p.id) for p in report.problems] == [(4, "rcp_4")]


@pytest.mark.parametrize("gone", range(6))
def test_a_lost_receipt_is_named(gone):
    report = check(LINKS[:gone] + LINKS[gone + 1 :])
    assert not report.ok
    wanted = gone + 1 if gone < 5 else 6
    assert wanted in {p.n for p in report.problems}


@pytest.mark.parametrize("first", range(5))
def test_two_swapped_are_named(first):
    links = [*LINKS]
    links[first], links[first + 1] = links[first + 1], links[first]
    report = check(links)
    assert not report.ok
    assert {p.id for p in report.problems} & {f"rcp_{first + 1}", f"rcp_{first + 2}"}


@pytest.mark.parametrize("left", range(6))
def test_a_cut_tail_shows(left):
    report = check(LINKS[:left])
    assert [p.n for p in report.problems] == [6]
    assert re.search("cut off", report.problems[0].problem)


def test_links_after_the_signed_head_show():
    links, _ = chain(7)
    assert "not signed" in check(links).problems[0].problem


def test_a_chain_made_anew_does_not_match_its_head():
    links, prev = [], GENESIS
    for n in range(1, 7):
        link = {"v": 1, "id": f"rcp_{n}", "n": n, "found": {}, "prev": prev}
        links.append(linked(link))
        prev = link["hash"]
    assert "signed" in check(links).problems[0].problem


def test_a_duplicate_shows():
    assert not check([*LINKS, LINKS[-1]]).ok


def test_garbage_shows_and_the_walk_goes_on():
    report = check([b"{", *LINKS[1:]])
    assert [p.n for p in report.problems] == [1]
    assert report.count == 6


def test_another_key_does_not_verify():
    assert not verify(LINKS, HEAD, Signer(b"2" * 32).public_key).ok


def test_without_a_head_nothing_is_proven():
    assert not check(LINKS, b"").ok


def test_problems_are_bounded():
    assert len(check([b"x"] * 500).problems) == 100


def test_a_forged_tombstone_shows():
    link = {
        "v": 1,
        "type": "tombstone",
        "id": "tmb_1",
        "erased": "rcp_6",
        "n": 7,
        "prev": orjson.loads(LINKS[-1])["hash"],
    }
    content = linked(Signer(b"2" * 32).signed(link) | {"n": 7})
    report = check([*LINKS, content], SIGNER.head(Tail(7, orjson.loads(content)["hash"])))
    assert [p.id for p in report.problems] == ["tmb_1"]


def test_a_file_verifies_away_from_the_device(tmp_path):
    path = tmp_path / "receipts.jsonl"
    path.write_bytes(b"\n".join([*LINKS, HEAD, b""]))
    assert verify_file(path, SIGNER.public_key).ok
    path.write_bytes(b"\n".join([*LINKS[:-1], HEAD, b""]))
    assert not verify_file(path, SIGNER.public_key).ok
    path.write_bytes(b"\n".join([*LINKS, b""]))
    assert not verify_file(path, SIGNER.public_key).ok
    with pytest.raises(NotFound):
        verify_file(tmp_path / "none", SIGNER.public_key)
