from sampan.cli.completing import model_names, receipt_ids


def test_models(server):
    server.on("GET", "/healthz", {"models": [{"name": "cloud"}]})
    assert [item.value for item in model_names(None, None, "c")] == ["cloud"]


def test_receipts(server, receipt):
    server.on("GET", "/sampan/receipts?limit=50", {"receipts": [receipt]})
    assert [item.value for item in receipt_ids(None, None, "rcp")] == ["rcp_01"]


def test_silent_without_a_server():
    assert receipt_ids(None, None, "") == []
    assert [item.value for item in model_names(None, None, "auto:f")] == ["auto:fast"]
