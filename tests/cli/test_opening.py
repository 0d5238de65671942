"""`sampan open`."""


def test_prints_a_link_whose_ticket_no_log_sees(sampan, server):
    server.on("POST", "/sampan/tickets", {"ticket": "abc", "seconds": 600})
    result = sampan("open", "--print")
    assert result.code == 0
    assert result.out.strip().endswith("/enter#abc")
    assert "abc" not in result.err


def test_json_opens_no_browser(sampan, server, monkeypatch):
    server.on("POST", "/sampan/tickets", {"ticket": "abc", "seconds": 600})
    monkeypatch.setattr("webbrowser.open", lambda _: 1 / 0)
    assert '"opened": false' in sampan("open", "--json").out


def test_opens_the_browser(sampan, server, monkeypatch):
    seen = []
    server.on("POST", "/sampan/tickets", {"ticket": "abc", "seconds": 600})
    monkeypatch.setattr("webbrowser.open", lambda address: seen.append(address) or True)
    assert sampan("open").code == 0
    assert seen[0].endswith("/enter#abc")


def test_without_a_server_it_says_what_to_do(sampan):
    assert sampan("open").code != 0
