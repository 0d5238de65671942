def test_there_and_back(sampan, home, tmp_path):
    assert sampan("keys", "add", "before").code == 0
    assert sampan("backup", str(tmp_path / "b.tar")).code == 0
    assert sampan("keys", "add", "after").code == 0
    assert sampan("restore", str(tmp_path / "b.tar")).code == 0
    listed = sampan("keys", "ls").out
    assert "before" in listed
    assert "after" not in listed


def test_a_running_server_writes_it(sampan, server, tmp_path):
    server.on("POST", "/sampan/backup", {"path": "p"})
    assert sampan("backup", "b.tar").code == 0
    assert server.asked[-1][2] == {"path": str(tmp_path / "b.tar")}


def test_restore_refuses_while_a_server_runs(sampan, server, tmp_path):
    assert sampan("restore", str(tmp_path / "b.tar")).code == 5


def test_no_such_file(sampan, tmp_path):
    assert sampan("restore", str(tmp_path / "none.tar")).code == 2
    assert sampan("backup", str(tmp_path / "no" / "b.tar")).code == 2
