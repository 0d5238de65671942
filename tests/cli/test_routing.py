import json

import pytest

ROW = {"name": "cloud", "realm": "public", "labels": 12, "quality": 0.93, "low": 0.91, "first_s": 0.34, "late_s": 1.2,
       "tokens_s": 80.0, "price": [2.5, 10.0], "languages": ["en", "zh"]}  # fmt: skip
DRIFT = {"outcomes": 120, "error": 0.31, "chance": 0.05, "alarm": False}
SHOWN = {"models": [ROW, {**ROW, "name": "local", "price": None, "first_s": 0.0}], "drift": DRIFT, "notice": "",
         "settings": {}}  # fmt: skip
DECIDED = {
    "outcome": "decided", "chosen": {"model": "local"}, "why": "local answers on trial: quality .58 ± .07 vs .93",
    "allowed": [["local", "clear", []], ["cloud", "masked", ["HKID"]]],
    "route": {"prompt": {"domains": [["code", 0.6]], "difficulty": 3, "language": "yue"},
              "expected": {"local": [0.58, 0.51, 0], "cloud": [0.93, 0.91, 12]}, "trial": {"accept_at": 0.88, "prior": 0.58}},
}  # fmt: skip


def test_show(sampan, server):
    server.on("GET", "/sampan/route", SHOWN)
    out = sampan("route", "show").out
    assert "0.93 ± 0.02" in out
    assert "2.5, 10" in out
    assert "Models do as expected: off by 0.31 over 120 outcomes." in out
    assert sampan("route", "show", "--json").json == SHOWN
    server.on("GET", "/sampan/route", {**SHOWN, "drift": {**DRIFT, "alarm": True}, "notice": "paces: began anew"})
    out = sampan("route", "show").out
    assert "Drift: models do otherwise than expected, by 0.31 over 120 outcomes" in out
    assert out.endswith("paces: began anew\n")


def test_why_says_it_in_numbers(sampan, server):
    server.on("POST", "/sampan/decide", DECIDED)
    result = sampan("route", "why", "sort this")
    assert result.code == 0
    assert result.out.startswith("local: local answers on trial: quality .58 ± .07 vs .93\n")
    assert "Taken for: code 0.60; difficulty 3 of 4; yue" in result.out
    assert "0.93 ± 0.02" in result.out
    assert "kept at a score of 0.88 or more" in result.out
    assert server.asked[-1][2] == {"model": "auto", "messages": [{"role": "user", "content": "sort this"}]}
    assert sampan("route", "why", "-", "--model", "auto:best", stdin="from a pipe", *["--json"]).json == DECIDED
    assert server.asked[-1][2] == {"model": "auto:best", "messages": [{"role": "user", "content": "from a pipe"}]}


def test_why_of_what_was_not_chosen_and_of_what_is_refused(sampan, server):
    server.on("POST", "/sampan/decide", {**DECIDED, "route": {}, "why": "asked by name"})
    assert sampan("route", "why", "x").out == "local: asked by name\n"
    server.on("POST", "/sampan/decide", {"outcome": "refused", "reason": "because"})
    result = sampan("route", "why", "x")
    assert (result.code, result.out) == (3, "Refused: because\n")


def test_export(sampan, server, tmp_path):
    server.on("GET", "/sampan/route/export", {"estimates": {"version": 1}})
    assert json.loads(sampan("route", "export").out) == {"estimates": {"version": 1}}
    target = tmp_path / "out.json"
    assert sampan("route", "export", "--out", str(target)).out == f"Written: {target}\n"
    assert json.loads(target.read_text()) == {"estimates": {"version": 1}}


def test_reset_asks_first(sampan, server):
    server.on("DELETE", "/sampan/route", {"reset": True})
    assert sampan("route", "reset", stdin="n\n").code != 0
    assert not [asked for asked in server.asked if asked[0] == "DELETE"]
    assert sampan("route", "reset", "--yes").out == "Forgotten; the router begins anew.\n"


@pytest.mark.parametrize("command", [("show",), ("why", "x"), ("export",), ("reset", "--yes")])
def test_without_a_server(sampan, command):
    assert sampan("route", *command).code == 5
