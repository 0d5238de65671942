def test_nothing_runs(sampan):
    result = sampan("down", "--json")
    assert (result.code, result.json) == (0, {"stopped": False, "running": False})


def test_one_that_never_stops(sampan, server, monkeypatch):
    monkeypatch.setattr("sampan.cli.down.os.kill", lambda pid, number: None)
    result = sampan("down", "--timeout", "0.2")
    assert result.code == 5
    assert "did not stop" in result.err
