"""What `sampan doctor` finds."""

from sampan.cli import doctor


def checks(result):
    return {check["name"]: (check["state"], check["said"]) for check in result.json["checks"]}


def test_a_sound_home(sampan):
    result = sampan("doctor", "--json")
    assert result.code == 0
    assert checks(result)["server"][0] == "note"


def test_wrong_settings_are_a_finding(sampan, home):
    (home.config / "sampan.toml").write_text("x = 1")
    result = sampan("doctor", "--json")
    assert result.code == 1
    assert checks(result)["settings"][0] == "bad"


def test_a_home_that_others_can_write(sampan, home):
    home.data.chmod(0o777)
    assert checks(sampan("doctor", "--json"))["home"][0] == "bad"


def test_a_home_that_nobody_can_write(sampan, home, monkeypatch):
    monkeypatch.setattr("sampan.cli.doctor.closed_folder", lambda paths: paths.state)
    state, said = checks(sampan("doctor", "--json"))["home"]
    assert (state, str(home.state) in said, "SAMPAN_HOME=" in said) == ("bad", True, True)


def test_a_key_that_is_not_set(sampan, home, monkeypatch):
    text = (
        '[[model]]\nname="c"\nrealm="public"\nwire="openai"\nbase_url="https://x.example/v1"\napi_key="env:SOME_KEY"\n'
    )
    (home.config / "sampan.toml").write_text(text)
    assert checks(sampan("doctor", "--json"))["secrets"] == ("bad", "not set: c (env:SOME_KEY)")
    monkeypatch.setenv("SOME_KEY", "s3cret")
    result = sampan("doctor", "--json")
    assert checks(result)["secrets"][0] == "ok"
    assert "s3cret" not in result.out


def test_a_broken_policy(sampan, home, server):
    folder = home.config / "policies"
    folder.mkdir()
    (folder / "mine.cedar").write_text("permit(")
    result = sampan("doctor", "--json")
    assert result.code == 1
    assert checks(result)["policy"][0] == "bad"
    assert "mine.cedar:1:8" in checks(result)["policy"][1]
    (folder / "mine.cedar").unlink()
    assert checks(sampan("doctor", "--json"))["policy"][0] == "ok"
    server.on("GET", "/sampan/status", {"policy": {"broken": "mine.cedar:1:1: no"}})
    assert "has not taken it: mine.cedar" in checks(sampan("doctor", "--json"))["policy"][1]


def test_pictures_can_be_read_or_not(sampan, monkeypatch):
    monkeypatch.setattr(doctor.picture, "is_installed", lambda: False)
    state, said = checks(sampan("doctor", "--json"))["pictures"]
    assert state == "note"
    assert "sampan[ocr]" in said
    monkeypatch.setattr(doctor.picture, "is_installed", lambda: True)
    monkeypatch.setattr(doctor.importlib.metadata, "version", lambda name: f"9.9 of {name}")
    assert checks(sampan("doctor", "--json"))["pictures"] == (
        "ok",
        "rapidocr 9.9 of rapidocr reads Chinese and English",
    )


def test_a_key_file_beside_the_store_is_told(sampan, home):
    (home.data / "store.key").write_bytes(b"k")
    assert checks(sampan("doctor", "--json"))["at rest"][0] == "note"


def test_a_broken_record(sampan, server):
    server.on("GET", "/sampan/status", {})
    server.on("GET", "/sampan/receipts/verify", {"ok": False, "count": 2})
    result = sampan("doctor", "--json")
    assert checks(result)["server"][0] == "ok"
    assert checks(result)["receipts"] == ("bad", "2 receipts")
    assert result.code == 1


def test_the_router(sampan, server):
    assert checks(sampan("doctor", "--json"))["router"] == ("ok", "not checked: no server runs")
    drift = {"outcomes": 150, "error": 0.31, "alarm": True}
    server.on("GET", "/sampan/status", {"route": {"drift": drift, "notice": ""}})
    state, said = checks(sampan("doctor", "--json"))["router"]
    assert (state, "by 0.31 over 150 outcomes" in said) == ("note", True)
    quiet = {**drift, "alarm": False}
    server.on("GET", "/sampan/status", {"route": {"drift": quiet, "notice": "paces: began anew"}})
    assert checks(sampan("doctor", "--json"))["router"] == ("note", "paces: began anew")
    server.on("GET", "/sampan/status", {"route": {"drift": quiet, "notice": ""}})
    assert checks(sampan("doctor", "--json"))["router"] == ("ok", "150 outcomes")


def test_detectors_run(sampan, home):
    state, said = checks(sampan("doctor", "--json"))["detectors"]
    assert state == "ok"
    assert "tagger" in said and "patterns" in said


def test_a_detector_that_does_not_run(sampan, home, monkeypatch, tmp_path):
    monkeypatch.setattr("sampan.understand.tagger.files", lambda _: tmp_path)
    result = sampan("doctor", "--json")
    state, said = checks(result)["detectors"]
    assert (result.code, state) == (1, "bad")
    assert said.startswith("tagger does not run: a file of it is missing.")


def test_a_detector_that_failed_in_the_server(sampan, server):
    failed = {"tagger": {"reason": "there was no memory for it", "times": 3, "last": 0.0}}
    server.on("GET", "/sampan/status", {"detectors": {"failed": failed}})
    assert checks(sampan("doctor", "--json"))["detectors"] == (
        "note",
        "all run here, but in the server tagger failed for 3 requests: there was no memory for it",
    )
