"""Unexpected failures are told by place."""

from sampan.serve.faults import unexpected


def fail():
    raise KeyError("A123456(3)")


def test_the_place_is_logged_the_text_is_not(caplog):
    try:
        fail()
    except KeyError as error:
        known = unexpected(error, "rcp_1")
    assert (known.code, known.receipt) == ("internal_error", "rcp_1")
    assert "KeyError" in caplog.text
    assert "test_faults.py:" in caplog.text
    assert "rcp_1" in caplog.text
    assert "A123456" not in caplog.text + str(known)
