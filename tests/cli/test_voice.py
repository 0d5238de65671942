from sampan.cli.voice import parted, printable, table


def test_columns_line_up_beside_chinese():
    lines = table(("name", "what"), [("甲乙", "x"), ("abcd", "y")]).splitlines()
    assert lines == ["NAME  WHAT", "甲乙  x", "abcd  y"]


def test_nothing_is_said_as_such():
    assert table(("a",), []) == "Nothing yet."


def test_an_answer_cannot_steer_the_terminal():
    assert printable("a\x1b[31mb\r\x07\n\tc\x9b") == "a\ufffd[31mb\ufffd\ufffd\n\tc\ufffd"


def test_quiet_keeps_data_and_drops_talk(sampan):
    result = sampan("status", "-q")
    assert result.err == ""
    assert "No server runs" in result.out


def test_a_state_is_a_word_and_the_rest():
    assert parted("down: no key: CLOUD") == ("down", "no key: CLOUD")
    assert parted("ready") == ("ready", "")
    assert parted(None) == ("", "")
