import json


def test_ls(sampan, server, receipt):
    server.on("GET", "/sampan/receipts?limit=5&model=cloud&end=complete", {"receipts": [receipt]})
    result = sampan("receipts", "ls", "-n", "5", "-m", "cloud", "--end", "complete")
    assert "2026-11-23 06:12:09" in result.out
    assert "rcp_01" in result.out
    assert sampan("receipts", "ls", "-n", "5", "-m", "cloud", "--end", "complete", "--json").json["receipts"] == [
        receipt
    ]


def test_show(sampan, server, receipt):
    server.on("GET", "/sampan/receipts/rcp_01", receipt)
    out = sampan("receipts", "show", "rcp_01").out
    assert "public · cloud · o · US · 412 bytes out, 1630 in" in out
    assert "HKID ×1, PHONE ×1" in out
    assert sampan("receipts", "show", "../x").code == 2


def test_verify(sampan, server):
    server.on("GET", "/sampan/receipts/verify", {"ok": True, "count": 3, "problems": []})
    assert sampan("receipts", "verify").out == "3 receipts, chain and signatures hold.\n"
    server.on(
        "GET", "/sampan/receipts/verify", {"ok": False, "count": 3, "problems": [{"id": "rcp_02", "what": "hash"}]}
    )
    result = sampan("receipts", "verify")
    assert result.code == 1
    assert "rcp_02 hash" in result.out


def test_export_is_json_lines_oldest_first(sampan, server, receipt, tmp_path):
    server.on("GET", "/sampan/receipts?limit=10000000", {"receipts": [{**receipt, "n": 2}, {**receipt, "n": 1}]})
    assert [json.loads(line)["n"] for line in sampan("receipts", "export").out.splitlines()] == [1, 2]
    assert sampan("receipts", "export", str(tmp_path / "r.jsonl"), "--json").json["count"] == 2
    assert len((tmp_path / "r.jsonl").read_text().splitlines()) == 2
