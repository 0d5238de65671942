import json

import pytest

from tests.cli.conftest import RECEIPT

CLOUD = """
[[model]]
name = "cloud"
realm = "public"
wire = "openai"
base_url = "http://127.0.0.1:9/v1"
jurisdiction = "US"
"""


@pytest.fixture
def past(home, server):
    (home.config / "sampan.toml").write_text(CLOUD)
    receipt = json.loads(json.dumps(RECEIPT)) | {
        "dialect": "openai-chat",
        "detectors": {"patterns": "1", "complete": True},
    }
    receipt["policy"] |= {"asked": "cloud"}
    plain = receipt | {"id": "rcp_02", "found": {}, "sensitivity": "internal",
                       "policy": receipt["policy"] | {"chosen": ["cloud", "clear"]}}  # fmt: skip
    server.on("GET", "/sampan/receipts?limit=200", {"receipts": [receipt, plain, {"id": "tmb_1"}]})
    server.on("GET", "/sampan/keys", {"keys": [{"id": "key_1", "groups": ["staff"]}]})


def test_a_draft_of_ones_own_rules(sampan, past, tmp_path):
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / "80.cedar").write_text(
        '@id("no-hkid") forbid(principal, action == Action::"infer", resource) '
        'when { context.masked.contains(Kind::"HKID") } unless { resource.realm == Realm::"personal" };'
    )
    result = sampan("policy", "diff", str(draft), "--json")
    assert result.code == 0
    assert result.json["summary"] == "3 requests: 1 same, 1 now refused, 1 cannot be replayed"
    (change,) = result.json["changes"]
    assert (change["receipt"], change["what"], change["after"]["state"]) == ("rcp_01", "now refused", "refused")
    assert "no-hkid" in change["after"]["rules"]
    text = sampan("policy", "diff", str(draft)).out
    assert text.startswith("3 requests: 1 same")
    assert "cloud masked HKID, PHONE" in text


def test_a_pack_as_a_draft_and_as_a_ceiling(sampan, past):
    assert "2 now refused" in sampan("policy", "diff", "air-gapped").out
    assert "2 now refused" in sampan("policy", "diff", "air-gapped", "--ceiling").out
    assert "2 same" in sampan("policy", "diff", "personal").out


def test_a_broken_draft_is_told(sampan, past, tmp_path):
    (tmp_path / "x").mkdir()
    assert sampan("policy", "diff", str(tmp_path / "x")).code == 2
    (tmp_path / "x" / "a.cedar").write_text("permit(")
    assert "a.cedar:1:8" in sampan("policy", "diff", str(tmp_path / "x")).err
    assert sampan("policy", "diff", "nobody").code == 2
