import pytest

STREAM = b'data: {"choices":[{"delta":{"content":"I will be "}}]}\n\ndata: {"choices":[{"delta":{"content":"away."}}]}\n\ndata: [DONE]\n\n'
DECIDED = {
    "outcome": "decided", "chosen": {"model": "cloud", "site": "cloud", "masked": ["HKID"]}, "why": "cheapest",
    "refused": [["cloud", "clear", ["hk-id"], "HKID stays home"]],
}  # fmt: skip


def body(server, path="/v1/chat/completions"):
    return next(asked[2] for asked in server.asked if asked[1] == path)


def test_the_answer_is_data_and_the_place_is_talk(sampan, server):
    server.on("POST", "/v1/chat/completions", STREAM)
    result = sampan("ask", "翻譯成英文:我聽日請假")
    assert (result.code, result.out) == (0, "I will be away.\n")
    assert "▲ cloud · masked · HKID ×1, PHONE ×1 · complete · rcp_01" in result.err
    assert body(server) == {
        "model": "auto", "messages": [{"role": "user", "content": "翻譯成英文:我聽日請假"}], "stream": True,
    }  # fmt: skip


def test_standard_input_is_context(sampan, server):
    server.on("POST", "/v1/chat/completions", STREAM)
    sampan("ask", "-m", "cloud", "-s", "Be brief.", "sum", "up", stdin="long text\n")
    assert body(server)["messages"] == [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "long text\n\nsum up"},
    ]  # fmt: skip


def test_a_file_goes_with_the_question(sampan, server, tmp_path):
    server.on("POST", "/v1/chat/completions", STREAM)
    (tmp_path / "a.txt").write_text("hello")
    sampan("ask", "-f", str(tmp_path / "a.txt"), "what is this?")
    first, asked = body(server)["messages"][0]["content"]
    assert (first["text"], asked["text"]) == ("--- a.txt ---\nhello\n--- end of a.txt ---\n", "what is this?")
    assert sampan("ask", "-f", str(tmp_path / "none"), "what is this?").code == 2


def test_no_question(sampan, server):
    result = sampan("ask")
    assert result.code == 2
    assert server.asked == []


def test_json_is_the_vendors_reply_with_our_facts(sampan, server):
    server.on("POST", "/v1/chat/completions", {"choices": []})
    assert sampan("ask", "--json", "x").json == {"choices": [], "sampan": {"sampan-receipt": "rcp_01; head=3:00"}}


def test_dry_run_says_where_it_would_go(sampan, server):
    server.on("POST", "/sampan/decide", DECIDED)
    result = sampan("ask", "--dry-run", "x")
    assert result.code == 0
    assert "Would go to cloud (cloud), with HKID masked." in result.out
    assert "✗ cloud clear: HKID stays home (hk-id)" in result.out


@pytest.mark.parametrize(
    ("found", "code"),
    [({"outcome": "refused", "reason": "no rule permits", "ways_on": ["ask auto"]}, 3),
     ({"outcome": "held", "approval": "apr_1"}, 4)],
)  # fmt: skip
def test_dry_run_ends_with_the_decisions_code(sampan, server, found, code):
    server.on("POST", "/sampan/decide", found)
    assert sampan("ask", "--dry-run", "x").code == code


@pytest.mark.parametrize(
    ("status", "error_code", "code"),
    [(403, "refused_by_policy", 3), (401, "invalid_api_key", 7), (503, "engine_unavailable", 5), (400, "bad_request", 2),
     (500, "internal_error", 5)],
)  # fmt: skip
def test_each_refusal_has_its_exit_code(sampan, server, status, error_code, code):
    value = {"error": {"message": "No.", "code": error_code}, "sampan": {"code": error_code, "ways_on": ["do this"]}}
    server.on("POST", "/v1/chat/completions", value, status)
    result = sampan("ask", "--json", "x")
    assert result.code == code
    assert result.out == ""


def test_a_refusal_while_streaming_is_an_error_too(sampan, server):
    value = {"error": {"message": "No.", "code": "refused_by_policy"}, "sampan": {"ways_on": ["ask auto"]}}
    server.on("POST", "/v1/chat/completions", value, 403)
    result = sampan("ask", "x")
    assert result.code == 3
    assert "try: ask auto" in result.err


def test_a_cut_stream_is_no_success(sampan, server):
    server.on("POST", "/v1/chat/completions", STREAM.replace(b"data: [DONE]\n\n", b""))
    result = sampan("ask", "x")
    assert result.code == 5
    assert result.out.startswith("I will be away.")
