def test_add_prints_the_secret_alone_on_stdout(sampan, server):
    server.on("POST", "/sampan/keys", {"id": "k1", "secret": "sk-sampan-x"}, 201)
    result = sampan("keys", "add", "ide", "--application", "editor", "--group", "a", "--group", "b")
    assert result.out == "sk-sampan-x\n"
    assert "once" in result.err
    assert server.asked[-1][2] == {"name": "ide", "application": "editor", "user": "", "groups": ["a", "b"]}


def test_ls_and_revoke(sampan, server):
    server.on("GET", "/sampan/keys", {"keys": [{"id": "k1", "name": "ide", "groups": ["a"], "revoked": True}]})
    assert "revoked" in sampan("keys", "ls").out
    server.on("DELETE", "/sampan/keys/k1", {"id": "k1", "revoked": True})
    assert sampan("keys", "revoke", "k1").code == 0
    assert sampan("keys", "revoke", "k2").code == 2


def test_the_first_key_is_made_before_any_server_runs(sampan):
    secret = sampan("keys", "add", "ide").out.strip()
    assert secret.startswith("sk-sampan-")
    assert "ide" in sampan("keys", "ls").out
