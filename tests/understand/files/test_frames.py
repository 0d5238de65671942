"""What goes through the pipes."""

import io
import os

import pytest

from sampan.understand.files.frames import Job, Outcome, receive, send

JOB = Job(b"data" * 100, "a.pdf", pictures=True)


def sent(value):
    stream = io.BytesIO()
    send(stream, value)
    return stream.getvalue()


def test_there_and_back():
    assert receive(io.BytesIO(sent(JOB)), Job, 10_000) == JOB


def test_without_a_buffer():
    there, here = os.pipe()
    with os.fdopen(there, "rb", buffering=0) as source, os.fdopen(here, "wb") as out:
        send(out, JOB)
        send(out, JOB)
        assert [receive(source, Job, 10_000), receive(source, Job, 10_000)] == [JOB, JOB]


@pytest.mark.parametrize("data", [b"", b"\0", sent(JOB)[:-1]])
def test_the_other_side_is_gone(data):
    with pytest.raises(EOFError):
        receive(io.BytesIO(data), Job, 10_000)


@pytest.mark.parametrize("data", [sent(JOB), b"\xff" * 20, (3).to_bytes(8, "big") + b"\xc1\xc1\xc1"])
def test_not_what_was_expected(data):
    with pytest.raises(ValueError):
        receive(io.BytesIO(data), Outcome, 100)
