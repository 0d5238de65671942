import pytest


@pytest.mark.parametrize(
    ("arguments", "body", "told"),
    [
        (("dismiss", "9123 4567"), {"action": "dismiss", "text": "9123 4567", "kind": ""}, "Remembered."),
        (
            ("always", "陳大文", "--kind", "PERSON"),
            {"action": "always", "text": "陳大文", "kind": "PERSON"},
            "Remembered.",
        ),
        (("confirm", "x y"), {"action": "confirm", "text": "x y", "kind": ""}, "Remembered."),
        (("forget", "x y"), {"action": "forget", "text": "x y", "kind": ""}, "Forgotten."),
    ],
)
def test_what_is_said(sampan, server, arguments, body, told):
    server.on("POST", "/sampan/findings", {"text": body["text"]})
    assert sampan("findings", *arguments).out == told + "\n"
    assert server.asked[-1][2] == body


def test_ls(sampan, server):
    server.on(
        "GET", "/sampan/findings", {"findings": [{"text": "9123 4567", "verdict": "dismissed", "kind": "", "at": 0.0}]}
    )
    assert "dismissed" in sampan("findings", "ls").out


def test_without_a_server(sampan):
    assert sampan("findings", "dismiss", "9123 4567").out == "Remembered.\n"
    assert sampan("findings", "always", "陳大文", "--kind", "PERSON").out == "Remembered.\n"
    found = sampan("findings", "ls", "--json").json["findings"]
    assert [(one["text"], one["verdict"], one["kind"]) for one in found] == [
        ("9123 4567", "dismissed", ""),
        ("陳大文", "always", "PERSON"),
    ]
    assert sampan("findings", "forget", "9123 4567").out == "Forgotten.\n"
    assert sampan("findings", "forget", "9123 4567").code != 0
    assert sampan("findings", "always", "x").code != 0
    assert len(sampan("findings", "ls", "--json").json["findings"]) == 1
