import pytest

from sampan.cli.exit_codes import MEANING, Exit, error_classes, error_of
from sampan.contract import errors


def test_every_code_has_a_meaning():
    assert set(MEANING) == set(Exit)


def test_every_error_owns_a_code_of_the_table():
    for kind in error_classes().values():
        assert kind.exit_code in set(Exit)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(403, "refused_by_policy", errors.PolicyRefused), (401, "", errors.Unauthenticated), (404, "x", errors.NotFound),
     (400, "", errors.UsageError), (503, "", errors.Unavailable), (0, "stream_cut", errors.StreamCut),
     (0, "", errors.SampanError), (403, "other", errors.Forbidden)],
)  # fmt: skip
def test_an_error_over_http_finds_its_class(status, code, kind):
    assert error_of(status, code) is kind
