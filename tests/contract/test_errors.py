"""The error tree. Its faces are checked as a table in tests/test_shape.py."""

import pytest

from sampan.contract import errors


def test_an_error_says_one_sentence_and_a_way_on():
    error = errors.UnknownModel("There is no model `x`.", ways_on=("ask `auto`",), param="model")
    assert (str(error), error.message, error.param) == ("There is no model `x`.", "There is no model `x`.", "model")
    assert error.way_on == errors.UnknownModel.hint
    assert error.ways_on == ("ask `auto`",)
    assert error.receipt == ""


def test_a_hint_of_the_moment_wins():
    assert errors.StorageFull("Full.", hint="Free 3 MB.").way_on == "Free 3 MB."


@pytest.mark.parametrize(
    ("kind", "status"), [(errors.BadRequest, 400), (errors.PolicyRefused, 403), (errors.StorageFull, 507)]
)
def test_the_status_is_that_of_the_class(kind, status):
    assert kind("x").http_status == status


@pytest.mark.parametrize(
    ("own", "shown"), [(429, 429), (404, 404), (503, 503), (0, 502), (200, 502), (302, 502), (999, 502)]
)
def test_an_upstream_status_is_handed_on_only_when_it_is_an_error(own, shown):
    assert errors.UpstreamRefused("x", status=own).http_status == shown


def test_what_an_upstream_error_carries():
    plain, full = (
        errors.UpstreamDown("x"),
        errors.UpstreamDown("x", upstream={"a": 1}, headers={"b": "c"}, retryable=True),
    )
    assert (plain.upstream, plain.headers, plain.retryable) == (None, {}, False)
    assert (full.upstream, full.headers, full.retryable) == ({"a": 1}, {"b": "c"}, True)


def test_a_refusal_names_its_rules_and_a_wait_its_time():
    assert errors.PolicyRefused("x", rules=("a", "b")).rules == ("a", "b")
    assert errors.EngineUnavailable("x", retry_after=2.5).retry_after == 2.5
