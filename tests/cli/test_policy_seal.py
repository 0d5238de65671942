import keyring.errors
import pytest

from sampan.cli import policy_seal
from sampan.decide.packs import pack_path


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "ceiling"
    made.mkdir()
    for path in (pack_path("hk-pcpd") / "policies").iterdir():
        (made / path.name).write_bytes(path.read_bytes())
    return made


def made_key(sampan, tmp_path):
    where = tmp_path / "org.key"
    result = sampan("policy", "keygen", f"file:{where}", "--json")
    assert result.code == 0
    return where, result.json["public_key"]


def test_a_folder_is_signed_and_verified(sampan, tmp_path, folder):
    where, public = made_key(sampan, tmp_path)
    assert where.stat().st_mode & 0o777 == 0o600
    assert where.read_text().strip() not in public
    assert sampan("policy", "verify", str(folder), "--key", public).code == 2
    assert sampan("policy", "sign", str(folder), "--key", f"file:{where}").code == 0
    result = sampan("policy", "verify", str(folder), "--key", public, "--json")
    assert (result.code, result.json["ok"]) == (0, True)
    (folder / "10-places.cedar").write_text("permit(principal, action, resource);")
    result = sampan("policy", "verify", str(folder), "--key", public)
    assert result.code == 2
    assert "10-places.cedar changed after it was signed" in result.err


def test_the_settings_name_the_key(sampan, home, tmp_path, folder):
    where, public = made_key(sampan, tmp_path)
    assert sampan("policy", "verify", str(folder)).code == 2
    (home.config / "sampan.toml").write_text(f'[policy]\nceiling_dir = "{folder}"\nceiling_key = "{public}"\n')
    assert "not signed" in sampan("policy", "check").err
    assert sampan("policy", "sign", str(folder), "--key", f"file:{where}").code == 0
    assert sampan("policy", "verify", str(folder)).code == 0
    assert sampan("policy", "check").code == 0


def test_what_does_not_pass_is_not_signed(sampan, tmp_path, folder):
    where, _ = made_key(sampan, tmp_path)
    (folder / "planted.cedar").write_text('@id("x") permit(principal, action, resource);')
    result = sampan("policy", "sign", str(folder), "--key", f"file:{where}")
    assert result.code == 2
    assert "Not signed" in result.err
    assert not (folder / "policy.sig").exists()


def test_a_key_is_not_overwritten_nor_read_when_others_can(sampan, tmp_path, folder):
    where, _ = made_key(sampan, tmp_path)
    assert "not overwritten" in sampan("policy", "keygen", f"file:{where}").err
    where.chmod(0o644)
    assert "chmod 600" in sampan("policy", "sign", str(folder), "--key", f"file:{where}").err
    where.chmod(0o600)
    where.write_text("zz")
    assert "is no key" in sampan("policy", "sign", str(folder), "--key", f"file:{where}").err


@pytest.mark.parametrize("where", ["org.key", "file:", "env:KEY", "file:none.key"])
def test_a_place_that_is_none(sampan, folder, where):
    assert sampan("policy", "sign", str(folder), "--key", where).code != 0


def test_the_keyring_keeps_a_key(sampan, folder, monkeypatch):
    kept = {}
    monkeypatch.setattr(policy_seal.keyring, "get_password", lambda service, name: kept.get((service, name)))
    monkeypatch.setattr(
        policy_seal.keyring, "set_password", lambda service, name, text: kept.update({(service, name): text})
    )
    public = sampan("policy", "keygen", "keyring:org", "--json").json["public_key"]
    assert list(kept) == [("sampan", "org")]
    assert sampan("policy", "keygen", "keyring:org").code == 2
    assert sampan("policy", "sign", str(folder), "--key", "keyring:org").code == 0
    assert sampan("policy", "verify", str(folder), "--key", public).code == 0

    def locked(*_):
        raise keyring.errors.KeyringError

    monkeypatch.setattr(policy_seal.keyring, "get_password", locked)
    assert "Unlock" in sampan("policy", "sign", str(folder), "--key", "keyring:org").err


def test_an_older_ceiling_does_not_come_back_until_the_administrator_says_so(sampan, home, tmp_path, folder):
    where, public = made_key(sampan, tmp_path)
    (home.config / "sampan.toml").write_text(f'[policy]\nceiling_dir = "{folder}"\nceiling_key = "{public}"\n')
    sign = ("policy", "sign", str(folder), "--key", f"file:{where}")
    assert sampan(*sign, "--serial", "7", "--json").json["serial"] == 7
    assert sampan("policy", "explain", "hello").code == 0
    assert sampan(*sign, "--serial", "6").code == 0
    assert sampan("policy", "verify", str(folder), "--json").json["serial"] == 6
    assert "its serial is 6, and 7" in sampan("policy", "check").err
    assert sampan("policy", "forget", "--json").json == {"forgotten": 1}
    assert sampan("policy", "check").code == 0
    assert sampan(*sign, "--serial", "0").code == 2


def test_a_serial_goes_up_by_itself(sampan, tmp_path, folder):
    where, _ = made_key(sampan, tmp_path)
    sign = ("policy", "sign", str(folder), "--key", f"file:{where}", "--json")
    assert sampan(*sign).json["serial"] < sampan(*sign).json["serial"]
