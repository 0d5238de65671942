"""A refusal becomes an error of the right kind."""

from sampan.contract.errors import ContextTooLong, EngineUnavailable, PolicyRefused
from sampan.contract.request import Refused
from sampan.flow.refusal import as_error


def refused(code):
    return Refused(None, ("rule-a",), "Because.", ("go there",), code=code)


def test_policy():
    error = as_error(refused("refused_by_policy"))
    assert type(error) is PolicyRefused
    assert (error.message, error.rules, error.ways_on) == ("Because.", ("rule-a",), ("go there",))


def test_context():
    error = as_error(refused(ContextTooLong.code))
    assert type(error) is ContextTooLong
    assert error.ways_on == ("go there",)


def test_no_model_there():
    error = as_error(refused(EngineUnavailable.code))
    assert type(error) is EngineUnavailable
    assert (error.ways_on, error.retry_after) == (("go there",), 0)


def test_a_code_nobody_knows_is_a_refusal():
    assert type(as_error(refused("new"))) is PolicyRefused
