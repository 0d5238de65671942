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


def test_export_is_the_chain_and_its_head(sampan, server, tmp_path):
    server.on("GET", "/sampan/receipts/export", b'{"n":1}\n{"n":2}\n{"sig":"00"}\n')
    assert sampan("receipts", "export").out == '{"n":1}\n{"n":2}\n{"sig":"00"}\n'
    assert sampan("receipts", "export", str(tmp_path / "r.jsonl"), "--json").json["count"] == 2
    assert len((tmp_path / "r.jsonl").read_text().splitlines()) == 3


def test_erase_asks_first(sampan, server):
    server.on("DELETE", "/sampan/receipts/rcp_01", {"erased": "rcp_01", "tombstone": "tmb_1"})
    assert sampan("receipts", "erase", "rcp_01", stdin="n\n").code != 0
    assert all(method != "DELETE" for method, *_ in server.asked)
    assert "tmb_1" in sampan("receipts", "erase", "rcp_01", "--yes").out


def test_without_a_server_the_files_answer(sampan):
    assert sampan("receipts", "ls").code == 0
    assert sampan("receipts", "verify").code == 0


def test_an_export_is_verified_anywhere(sampan, tmp_path):
    file = tmp_path / "r.jsonl"
    sampan("keys", "add", "x")
    assert sampan("receipts", "export", str(file)).code == 0
    key = sampan("receipts", "verify", "--json").json["public_key"]
    assert sampan("receipts", "verify", str(file)).code == 0
    assert sampan("receipts", "verify", str(file), "--key", key).code == 0
    assert sampan("receipts", "verify", str(file), "--key", "00" * 32).code == 1
    assert sampan("receipts", "verify", str(file), "--key", "xyz").code == 2
    file.write_bytes(file.read_bytes().replace(b'"n":0', b'"n":1'))
    assert sampan("receipts", "verify", str(file), "--key", key).code == 1
