from sampan.cli.completing import local_names, model_names, receipt_ids
from sampan.cli.direct import ModelsHere
from sampan.settings import load


def test_models(server):
    server.on("GET", "/healthz", {"models": [{"name": "cloud"}]})
    assert [item.value for item in model_names(None, None, "c")] == ["cloud"]


def test_receipts(server, receipt):
    server.on("GET", "/sampan/receipts?limit=50", {"receipts": [receipt]})
    assert [item.value for item in receipt_ids(None, None, "rcp")] == ["rcp_01"]


def test_silent_without_a_server():
    assert receipt_ids(None, None, "") == []
    assert [item.value for item in model_names(None, None, "auto:f")] == ["auto:fast"]


def test_models_of_the_settings_without_a_server(home):
    text = '[[model]]\nname="mine"\nrealm="public"\nwire="openai"\nbase_url="https://x.example/v1"\n'
    (home.config / "sampan.toml").write_text(text)
    assert [item.value for item in model_names(None, None, "mi")] == ["mine"]
    (home.config / "sampan.toml").write_text("broken")
    assert [item.value for item in model_names(None, None, "auto:f")] == ["auto:fast"]


def test_models_that_this_machine_can_run(home):
    assert "smollm2-135m" in [item.value for item in local_names(None, None, "")]
    (home.config / "mine.gguf").write_bytes(b"GGUF" + bytes(100))
    ModelsHere(load()).act("add", str(home.config / "mine.gguf"))
    assert [item.value for item in local_names(None, None, "mi")] == ["mine"]
    assert [item.value for item in local_names(None, None, "auto")] == []
