FOUND = [
    {
        "name": "students", "every": "month", "of": {"group": "students", "user": "*"},
        "limit": {"usd": 5.0, "requests": 1000}, "period": "2026-11", "until": 0.0,
        "counts": [{"whose": {"user": "ann"}, "used": {"usd": 1.25, "tokens": 9, "requests": 7},
                    "held": {"usd": 0, "tokens": 0, "requests": 0}, "left": {"usd": 3.75, "requests": 993}}],
    }
]  # fmt: skip


def test_what_is_used_and_left(sampan, server):
    server.on("GET", "/sampan/budgets", {"budgets": FOUND})
    said = sampan("budgets")
    for word in ("students", "user ann", "1.2500", "3.7500", "993", "1,000"):
        assert word in said.out
    assert sampan("budgets", "--json").json["budgets"][0]["counts"][0]["left"]["requests"] == 993


def test_without_a_server_the_files_are_read(sampan, home):
    (home.config / "sampan.toml").write_text('[[budgets]]\nname = "all"\nevery = "day"\nrequests = 3\n')
    found = sampan("budgets", "--json").json["budgets"]
    assert found[0]["counts"][0]["left"] == {"requests": 3}
