import io
import json

import pytest

from sampan.cli import run
from sampan.decide.packs import pack_path

CLOUD = """
[[model]]
name = "cloud"
realm = "public"
wire = "openai"
base_url = "http://127.0.0.1:9/v1"
jurisdiction = "US"
price = { input = 2.5, output = 10.0 }
"""
SECRET = "客戶電話 9123 4567，HKID A123456(3)"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMPAN_HOME", str(tmp_path))
    monkeypatch.setenv("SAMPAN_LANG", "en")
    monkeypatch.delenv("SAMPAN_NO_CLOUD", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sampan.toml").write_text(CLOUD)
    return tmp_path


def said(capsys, *arguments):
    code = run(["policy", *arguments])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def data(capsys, *arguments):
    code, out, _ = said(capsys, *arguments, "--json")
    return code, json.loads(out)


def test_show_speaks_plainly_in_both_languages(home, capsys, monkeypatch):
    code, out, err = said(capsys, "show")
    assert code == 0
    assert "hk-id-stays-home" in out
    assert "Hong Kong identity card numbers do not leave your devices" in out
    assert err.startswith("sha256:")
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")
    assert "香港身份證號碼不會離開你的裝置" in said(capsys, "show")[1]
    _, value = data(capsys, "show")
    assert value["layers"] == ["user"]
    assert {rule["effect"] for rule in value["rules"]} == {"permit", "forbid"}


def test_check_accepts_what_is_in_force_and_the_pack(home, capsys):
    code, out, err = said(capsys, "check")
    assert (code, out) == (0, "ok\n")
    assert "properties proven, 0 wrong" in err
    assert data(capsys, "check", str(pack_path() / "policies"))[1]["ok"] is True


def test_check_names_the_place_and_what_was_meant(home, capsys):
    wrong = home / "mine.cedar"
    wrong.write_text('permit(principal, action == Action::"infr", resource);')
    code, out, _ = said(capsys, "check", str(wrong))
    assert code == 2
    assert 'mine.cedar:1:37: no action is called "infr"; did you mean `infer`?' in out
    code, value = data(capsys, "check", str(wrong))
    assert (code, value["ok"], value["faults"][0]["column"]) == (2, False, 37)


def test_check_runs_the_cases_of_a_folder(home, capsys):
    folder = home / "rules"
    folder.mkdir()
    (folder / "a.cedar").write_text("permit(principal, action, resource);")
    (folder / "cases.toml").write_text('[[case]]\nname = "HKID stays"\nkinds = ["HKID"]\nexpect = "masked"\n')
    code, out, _ = said(capsys, "check", str(folder))
    assert code == 2
    assert "'HKID stays': expected masked, got clear" in out


def test_check_of_an_empty_folder_or_bad_bytes_is_an_error(home, capsys):
    (home / "empty").mkdir()
    assert said(capsys, "check", str(home / "empty"))[0] == 2
    (home / "x.cedar").write_bytes(b"\xff\xfe")
    assert said(capsys, "check", str(home / "x.cedar"))[0] == 2


def test_explain_shows_labels_rules_form_and_models(home, capsys):
    code, value = data(capsys, "explain", SECRET, "--model", "cloud")
    assert code == 0
    assert value["found"] == {"PHONE": 1, "HKID": 1}
    assert value["chosen"] == ["cloud", "masked", ["HKID", "PHONE"]]
    assert value["refused"][0][:3] == ["cloud", "clear", ["hk-id-stays-home", "contacts-stay-home"]]
    assert "9123" not in json.dumps(value)
    code, out, _ = said(capsys, "explain", SECRET)
    assert code == 0
    assert "personal model fits" in out
    assert "hk-id-stays-home: Hong Kong identity card numbers" in out
    assert "9123" not in out


def test_explain_reads_standard_input(home, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(SECRET))
    assert data(capsys, "explain", "-")[1]["found"]["HKID"] == 1


def test_explain_refuses_with_exit_code_3_and_ways_on(home, capsys, monkeypatch):
    monkeypatch.setenv("SAMPAN_NO_CLOUD", "1")
    code, out, _ = said(capsys, "explain", "hello", "--model", "cloud")
    assert code == 3
    assert "no-cloud" in out
    assert "- ask `auto`" in out


def test_explain_of_an_unknown_model_suggests(home, capsys):
    code, _, err = said(capsys, "explain", "hello", "--model", "clod")
    assert code == 2
    assert "did you mean `cloud`?" in err


def test_a_broken_rule_of_the_users_is_said_and_leaves_the_personal_realm(home, capsys):
    (home / "policies").mkdir()
    (home / "policies" / "mine.cedar").write_text("permit(")
    code, value = data(capsys, "explain", "hello", "--model", "cloud")
    assert code == 3
    assert value["refused"][0][2] == ["personal-realm-only"]
    assert "mine.cedar:1" in said(capsys, "explain", "hello")[2]
    assert said(capsys, "show")[0] == 2


def test_the_users_words_count(home, capsys):
    (home / "terms.txt").write_text("Project Junk\n\n")
    (home / "sampan.toml").write_text('[privacy]\nterms_file = "terms.txt"\nterms = ["PERSON:Wing"]\n' + CLOUD)
    assert data(capsys, "explain", "Wing leads project junk")[1]["found"] == {"PERSON": 1, "USER_TERM": 1}


def test_path_says_where_rules_are_read_from(home, capsys):
    _, value = data(capsys, "path")
    assert value["pack"] == str(pack_path() / "policies")
    assert value["user"].startswith(str(home))
