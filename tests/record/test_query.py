import orjson
import pytest

from sampan.contract.errors import BadRequest, NotFound
from sampan.record.verify import verify_file
from tests.record.builders import request


def ids(receipts):
    return [one["id"] for one in receipts]


@pytest.fixture
def made(desk):
    kinds = [{"end": "complete"}, {"end": "error", "error": "stream_cut"}, {"asked": request(app="curl")}, {}]
    return [desk.run(**more).id for more in kinds]


def test_newest_first(desk, made):
    assert ids(desk.query.listed({})) == made[::-1]


@pytest.mark.parametrize(
    "wanted,which",
    [({"limit": 2}, [3, 2]), ({"limit": "1"}, [3]), ({"end": "error"}, [1]), ({"app": "curl"}, [2]), ({"before": "3"}, [1, 0]),
     ({"model": "cloud", "realm": "public"}, [3, 2, 1, 0]), ({"model": "local"}, []), ({"user": "u_1"}, [3, 2, 1, 0]),
     ({"since": "2020-01-01"}, [3, 2, 1, 0]), ({"since": "2999-01-01T00:00:00Z"}, []), ({"limit": 0}, []), ({"model": ""}, [3, 2, 1, 0]),
     ({"unknown": "x"}, [3, 2, 1, 0])],
)  # fmt: skip
def test_filters(desk, made, wanted, which):
    assert ids(desk.query.listed(wanted)) == [made[number] for number in which]


def test_pages_by_receipt(desk, made):
    assert ids(desk.query.listed({"before": made[2], "limit": 1})) == [made[1]]


@pytest.mark.parametrize(
    "wanted", [{"limit": "x"}, {"limit": -1}, {"since": "yesterday"}, {"since": "2026-11-23' OR 1"}, {"limit": "1.5"}]
)
def test_questions_that_make_no_sense(desk, wanted):
    with pytest.raises(BadRequest):
        desk.query.listed(wanted)


def test_nothing_by_that_name(desk):
    for call in (desk.query.one, desk.recorder.erase, lambda id: desk.query.listed({"before": id})):
        with pytest.raises(NotFound):
            call("rcp_none' OR 1=1")


def test_an_export_verifies_elsewhere(desk, made, tmp_path):
    desk.recorder.erase(made[0])
    target = tmp_path / "out.jsonl"
    assert desk.query.export(target) == 5
    assert verify_file(target, desk.signer.public_key).ok
    lines = target.read_bytes().splitlines()
    assert [orjson.loads(line)["n"] for line in lines] == [1, 2, 3, 4, 5, 5]
    target.write_bytes(b"\n".join(lines[1:]))
    report = verify_file(target, desk.signer.public_key)
    assert [problem.n for problem in report.problems] == [1]
