import pytest

from sampan.cli.reading import reader
from sampan.contract.errors import Unavailable


def test_the_server_answers_when_it_runs(server):
    server.on("GET", "/sampan/keys", {"keys": []})
    assert reader().get("/sampan/keys") == {"keys": []}


def test_without_one_there_is_a_way_on():
    with pytest.raises(Unavailable) as caught:
        reader()
    assert "sampan up" in caught.value.way_on
