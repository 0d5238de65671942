from sampan.cli.direct import ModelsHere, local_name
from sampan.settings import load


def test_the_default_fits_the_memory(monkeypatch):
    here = ModelsHere(load())
    monkeypatch.setattr("sampan.cli.direct.free_memory", lambda: 64 * 10**9)
    assert here.default() == "qwen2.5-coder-1.5b"
    monkeypatch.setattr("sampan.cli.direct.free_memory", lambda: 3 * 10**9)
    assert here.default() == "qwen2.5-coder-0.5b"


def test_remote_models_are_listed_too(home):
    text = '[[model]]\nname="c"\nrealm="public"\nwire="openai"\nbase_url="https://x.example/v1"\n'
    (home.config / "sampan.toml").write_text(text)
    assert {"name": "c", "realm": "public", "state": "configured", "title": "https://x.example/v1"} in ModelsHere(
        load()
    ).listed()


def test_the_model_that_would_run(home, monkeypatch):
    monkeypatch.setattr("sampan.cli.direct.free_memory", lambda: 3 * 10**9)
    assert local_name(load()) == "qwen2.5-coder-0.5b"
    (home.data / "models").mkdir(parents=True, exist_ok=True)
    (home.data / "models" / "mine.gguf").write_bytes(b"GGUF" + bytes(100))
    here = ModelsHere(load())
    here.act("add", str(home.data / "models" / "mine.gguf"))
    here.act("use", "mine")
    assert local_name(load()) == "mine"
    (home.config / "sampan.toml").write_text('[local]\nmodel = "smollm2-135m"\n')
    assert local_name(load()) == "smollm2-135m"
