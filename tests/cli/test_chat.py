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


def test_a_file_goes_with_the_next_turn(sampan, server, tmp_path):
    server.on("POST", "/v1/chat/completions", STREAM)
    (tmp_path / "a b.txt").write_text("the text")
    result = sampan("chat", stdin=f"/file {tmp_path}/none\n/file '{tmp_path}/a b.txt'\nwhat is it?\nand now?\n")
    assert f"{tmp_path}/none cannot be read: No such file or directory." in result.err
    assert "a b.txt goes with what you say next." in result.err
    first, second = (body["messages"] for body in asked(server))
    assert first[0]["content"][0]["text"] == "--- a b.txt ---\nthe text\n--- end of a b.txt ---\n"
    assert second[2]["content"] == "and now?"
