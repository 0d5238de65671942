"""Who answers for a home."""

import json

import pytest

from sampan.cli.reading import Served, keeper, remembered
from sampan.contract.errors import HomeLocked
from sampan.contract.storage import Opinion
from sampan.store.home import lock_home


def test_the_server_answers_when_it_runs(server, receipt):
    server.on("GET", "/sampan/keys", {"keys": []})
    server.on("GET", "/sampan/receipts?limit=2", {"receipts": [receipt]})
    server.on("GET", "/sampan/receipts/export", b'{"n":1}\n{"sig":""}\n')
    server.on("GET", "/sampan/findings", {"findings": [{"text": "x y", "verdict": "always", "kind": "", "at": 1.0}]})
    server.on("DELETE", "/sampan/receipts/rcp_01", {"erased": "rcp_01", "tombstone": "tmb_1"})
    with keeper() as home:
        assert isinstance(home, Served)
        assert home.keys() == []
        assert home.receipts({"limit": 2}) == [receipt]
        assert list(home.lines()) == [b'{"n":1}\n', b'{"sig":""}\n']
        assert home.erase("rcp_01")["tombstone"] == "tmb_1"
    assert remembered() == (Opinion("x y", "always", "", 1.0),)
    assert server.asked[-1][3]["authorization"] == "Bearer t0ken"


def test_without_one_the_files_answer(home):
    with keeper() as found:
        assert found.receipts({}) == []
        assert found.verified()["ok"]
        made = found.add_key({"name": "ide", "application": "", "user": "", "groups": ["a"]})
        assert made["secret"].startswith("sk-sampan-")
    with keeper() as found:
        assert [key["name"] for key in found.keys()] == ["ide"]  # noqa: SIM118 - no dictionary
        found.revoke_key(made["id"])
        assert [json.loads(line)["n"] for line in found.lines()] == [0]


def test_files_that_somebody_owns_stay_shut(home):
    with lock_home(home.run), pytest.raises(HomeLocked), keeper():
        pass
