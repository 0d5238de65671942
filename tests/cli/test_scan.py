"""What is sensitive in files: places, exit codes, and no values where nobody asked for them."""

import sys

import pytest

SECRET = "客人 HKID A123456(3)，\n電話 9123 4567\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "files"
    place.mkdir()
    (place / "a.txt").write_text(SECRET)
    (place / "clean.md").write_text("今日天氣好好。\n")
    (place / "picture.png").write_bytes(b"\x89PNG\x00")
    return place


def test_places_without_values(sampan, folder):
    result = sampan("scan", str(folder))
    assert result.code == 1
    assert result.out == f"{folder}/a.txt:1:9: HKID\n{folder}/a.txt:2:4: PHONE\n"
    assert "A123456" not in result.out + result.err
    assert "Found 2 in 1 files: HKID ×1, PHONE ×1" in result.err
    assert "1 files inside folders could not be read" in result.err


def test_clean_is_zero(sampan, folder):
    result = sampan("scan", str(folder / "clean.md"))
    assert (result.code, result.out) == (0, "")
    assert "Nothing found in 1 files." in result.err


def test_standard_input(sampan):
    assert sampan("scan", "-", stdin=SECRET).out == "-:1:9: HKID\n-:2:4: PHONE\n"


def test_json(sampan, folder):
    value = sampan("scan", "--json", str(folder)).json
    assert value["files"] == 2
    assert value["found"] == {"HKID": 1, "PHONE": 1}
    assert value["findings"][0] == {
        "path": f"{folder}/a.txt",
        "line": 1,
        "column": 9,
        "start": 8,
        "end": 18,
        "kind": "HKID",
        "score": 1.0,
    }
    assert sampan("scan", "--json", "--values", str(folder)).json["findings"][1]["text"] == "9123 4567"


def test_only_some_kinds(sampan, folder):
    assert sampan("scan", "--kind", "EMAIL", str(folder)).code == 0
    assert sampan("scan", "--kind", "PHONE", str(folder)).out == f"{folder}/a.txt:2:4: PHONE\n"


def test_a_named_file_that_cannot_be_read_is_not_clean(sampan, folder):
    result = sampan("scan", str(folder / "picture.png"), str(folder / "none.txt"))
    assert result.code == 1
    assert f"Not read: {folder}/picture.png: " in result.err
    assert "none.txt: No such file" in result.err


def test_values_on_request_and_colours_in_a_terminal(sampan, folder, monkeypatch):
    assert "»A123456(3)«" in sampan("scan", "--values", str(folder)).out
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    assert "\x1b[31m\x1b[1mA123456(3)\x1b[0m" in sampan("scan", str(folder)).out


def test_it_speaks_chinese(sampan, folder, monkeypatch):
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")
    assert "在 1 個檔案中發現 2 項" in sampan("scan", str(folder)).err


def test_a_long_line_is_cut_around_the_finding(sampan, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("x " * 5000 + "HKID A123456(3)" + " y" * 5000)
    assert len(sampan("scan", "--values", str(path)).out) < 300
