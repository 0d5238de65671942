import pytest

STREAM = b'data: {"choices":[{"delta":{"content":"hello"}}]}\n\ndata: [DONE]\n\n'


def asked(server):
    return [body for _, path, body, _ in server.asked if path == "/v1/chat/completions"]


def test_turns_add_up(sampan, server):
    server.on("POST", "/v1/chat/completions", STREAM)
    result = sampan("chat", stdin="one\n\n/model cloud\ntwo\n/bye\nthree\n")
    assert result.code == 0
    assert result.out == "hello\nhello\n"
    assert [b["model"] for b in asked(server)] == ["auto", "cloud"]
    assert [m["content"] for m in asked(server)[1]["messages"]] == ["one", "hello", "two"]


def test_a_failed_turn_is_taken_back_and_the_chat_goes_on(sampan, server):
    server.on("POST", "/v1/chat/completions", {"error": {"message": "No.", "code": "refused_by_policy"}}, 403)
    result = sampan("chat", stdin="one\ntwo\n")
    assert result.code == 0
    assert result.err.count("error: No.") == 2
    assert [len(b["messages"]) for b in asked(server)] == [1, 1]


def test_ctrl_c_stops_an_answer_only(sampan, server, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sampan.cli.chat.answer", interrupted)
    result = sampan("chat", stdin="one\n")
    assert result.code == 0
    assert "(stopped)" in result.err


@pytest.mark.parametrize("word", ["/bye", "/exit", "/quit"])
def test_ways_out(sampan, server, word):
    assert sampan("chat", stdin=f"{word}\none\n").code == 0
    assert asked(server) == []
