def test_no_server(sampan):
    result = sampan("status", "--json")
    assert (result.code, result.json) == (5, {"running": False})


def test_running(sampan, server):
    value = {"version": "0.1.0", "no_cloud": True, "receipts_head": "3:abc",
             "models": [{"name": "small", "realm": "personal", "state": "ready"}]}  # fmt: skip
    server.on("GET", "/sampan/status", value)
    value["detectors"] = {"failed": {"tagger": {"reason": "it broke", "times": 2, "last": 0.0}}}
    out = sampan("status").out
    assert "The detector tagger failed for 2 requests: it broke" in out
    assert "No cloud" in out
    assert "small" in out
    assert sampan("status", "--json").json["url"] == f"http://127.0.0.1:{server.port}"


def test_a_broken_policy_is_told(sampan, server):
    server.on("GET", "/sampan/status", {"policy": {"layers": ["user"], "broken": "mine.cedar:1:1: no"}})
    assert "stays in force: mine.cedar:1:1: no" in sampan("status").out
    server.on("GET", "/sampan/status", {"policy": {"layers": [], "broken": "mine.cedar:1:1: no"}})
    assert "only the personal realm" in sampan("status").out


def test_paths_need_no_server(sampan, home):
    assert sampan("status", "--paths", "--json").json["models"] == f"{home.data}/models"


def test_drift_and_what_was_lost_are_told(sampan, server):
    drift = {"outcomes": 150, "error": 0.31, "alarm": True}
    server.on("GET", "/sampan/status", {"route": {"drift": drift, "notice": "estimates: began anew"}})
    out = sampan("status").out
    assert "Drift: models do otherwise than expected, by 0.31 over 150 outcomes" in out
    assert "The router: estimates: began anew" in out
    server.on("GET", "/sampan/status", {"route": {"drift": {**drift, "alarm": False}, "notice": ""}})
    assert "Drift" not in sampan("status").out
