"""Against trying everything."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.decide.proof.solver import Solver

CLAUSES = st.lists(
    st.lists(st.integers(-7, 7).filter(bool), min_size=1, max_size=4), min_size=1, max_size=40
)  # fmt: skip


def satisfiable(clauses, assumed=()):
    for signs in itertools.product((-1, 1), repeat=7):
        holds = {at * sign for at, sign in enumerate(signs, 1)}
        if holds.issuperset(assumed) and all(holds & set(clause) for clause in clauses):
            return True
    return False


@given(CLAUSES, st.lists(st.integers(-7, 7).filter(bool), max_size=3, unique_by=abs))
@settings(deadline=None, max_examples=300)
def test_it_answers_as_trying_everything_does(clauses, assumed):
    solver = Solver()
    for _ in range(7):
        solver.new()
    for clause in clauses:
        solver.add(clause)
    for question in (assumed, (), assumed):
        found = solver.solve(question)
        assert found is satisfiable(clauses, question)
        if found:
            assert all(any(solver.holds(literal) for literal in clause) for clause in clauses)
            assert all(solver.holds(literal) for literal in question)


def pigeons(count):
    """More pigeons than holes: every proof is long."""
    solver = Solver()
    sits = [[solver.new() for _ in range(count)] for _ in range(count + 1)]
    for pigeon in sits:
        solver.add(pigeon)
    for hole in range(count):
        for one, other in itertools.combinations(sits, 2):
            solver.add([-one[hole], -other[hole]])
    return solver


def test_it_learns():
    assert pigeons(5).solve() is False


def test_it_gives_up_rather_than_guess():
    assert pigeons(8).solve(conflicts=10) is None


def test_clauses_may_come_later():
    solver = Solver()
    one, other = solver.new(), solver.new(first=True)
    solver.add([one, other])
    assert solver.solve() is True
    assert solver.holds(other)
    solver.add([-other])
    assert solver.solve() is True
    assert solver.holds(one)
    assert solver.solve([-one]) is False
    solver.add([-one])
    assert solver.solve() is False
