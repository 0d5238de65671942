GGUF = b"GGUF" + b"\0" * 64


def test_ls_without_a_server_shows_the_catalogue(sampan):
    rows = {row["name"]: row for row in sampan("models", "ls", "--json").json["models"]}
    assert rows["qwen2.5-coder-1.5b"]["state"] == "available"


def test_add_use_rm_without_a_server(sampan, tmp_path):
    (tmp_path / "mine.gguf").write_bytes(GGUF)
    assert sampan("models", "add", str(tmp_path / "mine.gguf")).code == 0
    assert sampan("models", "use", "mine").code == 0
    rows = {row["name"]: row for row in sampan("models", "ls", "--json").json["models"]}
    assert (rows["mine"]["state"], rows["mine"]["used"]) == ("installed", True)
    assert sampan("models", "rm", "mine").code == 0
    assert sampan("models", "rm", "mine").code == 2


def test_a_file_that_is_no_model(sampan, tmp_path):
    (tmp_path / "x.gguf").write_bytes(b"nope")
    result = sampan("models", "add", str(tmp_path / "x.gguf"))
    assert result.code == 1
    assert "not a GGUF" in result.err


def test_an_unknown_model(sampan):
    result = sampan("models", "pull", "gpt-9")
    assert result.code == 2
    assert "smollm2" in result.err


def test_pull_under_no_cloud_is_refused(sampan, monkeypatch):
    monkeypatch.setenv("SAMPAN_NO_CLOUD", "1")
    assert sampan("models", "pull", "smollm2-135m").code == 5


def test_pull_through_the_server_shows_progress(sampan, server):
    server.on("POST", "/sampan/models", {"state": "pulling"})
    events = b'data: {"state":"pulling","done":5,"total":10}\n\ndata: {"state":"ready","done":10,"total":10}\n\ndata: [DONE]\n\n'
    server.on("GET", "/sampan/models/smollm2-135m/progress", events)
    result = sampan("models", "pull", "smollm2-135m")
    assert result.code == 0
    assert "Fetching smollm2-135m" in result.err
    server.on(
        "GET", "/sampan/models/smollm2-135m/progress", b'data: {"state":"failed","note":"no route"}\n\ndata: [DONE]\n\n'
    )
    assert "no route" in sampan("models", "pull", "smollm2-135m").err


def test_actions_go_to_the_server(sampan, server, tmp_path):
    server.on("POST", "/sampan/models", {"ok": True})
    (tmp_path / "mine.gguf").write_bytes(GGUF)
    sampan("models", "add", str(tmp_path / "mine.gguf"))
    sampan("models", "use", "mine")
    assert [a[2] for a in server.asked if a[1] == "/sampan/models"] == [
        {"action": "add", "path": str(tmp_path / "mine.gguf")}, {"action": "use", "name": "mine"},
    ]  # fmt: skip
