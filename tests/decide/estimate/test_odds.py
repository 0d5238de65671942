import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.decide.estimate.odds import beta_cdf, beta_quantile, clamp, logit, sigmoid


@given(st.floats(0.001, 0.999))
def test_there_and_back(p):
    assert sigmoid(logit(p)) == pytest.approx(p)


def test_ends_are_finite():
    assert logit(0) == pytest.approx(-logit(1))
    assert sigmoid(-1000) == 0
    assert sigmoid(1000) == 1
    assert [clamp(x) for x in (-1, 0.5, 2)] == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("x", "a", "b", "expected"),
    [
        (0.3, 1, 1, 0.3),
        (0.5, 5, 5, 0.5),
        (0.2, 2, 3, 0.1808),  # 1 - (1-x)^4 - 4 x (1-x)^3, binomial tail
        (0.9, 10, 1, 0.9**10),
        (0.05, 1, 200, 1 - 0.95**200),
        (-1, 2, 2, 0),
        (2, 2, 2, 1),
    ],
)
def test_beta_distribution(x, a, b, expected):
    assert beta_cdf(x, a, b) == pytest.approx(expected, abs=1e-9)


@given(st.floats(0.01, 0.99), st.integers(1, 300), st.integers(1, 300))
def test_quantile_inverts(p, a, b):
    assert beta_cdf(beta_quantile(p, a, b), a, b) == pytest.approx(p, abs=1e-6)
