from sampan.contract.models import Realm
from sampan.providers.local.discover import discover

ANSWERS = {
    "http://127.0.0.1:11434/v1/models": {"data": [{"id": "llama3:latest"}, {"id": "gpt-oss:120b-cloud"}]},
    "http://127.0.0.1:1234/v1/models": {"data": [{"id": "text-embedding-nomic"}]},
    "http://127.0.0.1:8080/v1/models": {"error": "no"},
}


def test_servers_are_found_and_count_as_public():
    found = discover(ANSWERS.get)
    assert [model.name for model in found] == [
        "ollama/llama3", "ollama/gpt-oss:120b-cloud", "lmstudio/text-embedding-nomic",
    ]  # fmt: skip
    assert {model.realm for model in found} == {Realm.PUBLIC}
    assert found[0].upstream_model == "llama3:latest"
    assert found[0].jurisdiction == "unknown"
    assert found[2].capabilities == {"embeddings"}


def test_confirmed_ones_are_personal_but_never_their_cloud_models():
    realms = {model.name: model.realm for model in discover(ANSWERS.get, frozenset({"ollama"}))}
    assert realms["ollama/llama3"] is Realm.PERSONAL
    assert realms["ollama/gpt-oss:120b-cloud"] is Realm.PUBLIC


def test_nonsense_is_no_model():
    for answer in (None, {}, {"data": 3}, {"data": [3, {"id": 4}, {"id": ""}, {}]}, {"data": None}):
        assert discover(lambda url, answer=answer: answer) == []
