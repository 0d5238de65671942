import pytest

from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.models import Realm
from sampan.decide.policy import load
from sampan.decide.proof.solver import Solver
from sampan.decide.proof.universe import FACTS, OTHER, RESOURCES, TRAVELLING, Names, Situation, Universe
from sampan.decide.source import Layer, Source
from sampan.decide.vocabulary import Action

NAMES = Names({"Group": ("g",), "User": ("ann",), "": ("auto",), "Jurisdiction": ("HK",)})


def made(action=Action.INFER):
    solver = Solver()
    return solver, Universe(action, NAMES, solver)


@pytest.mark.parametrize("action", Action)
def test_every_situation_is_a_question_that_policy_understands(action):
    """A question that did not fit the schema would be refused under a policy that permits everything."""
    solver, universe = made(action)
    policies = load([Source(Layer.USER, "a.cedar", "permit(principal, action, resource);")])
    assert solver.solve()
    situation = universe.situation()
    assert situation.action is action
    assert set(situation.facts) == set(FACTS[RESOURCES[action]])
    assert policies.ask(situation.question()).allowed


def test_sensitivity_follows_from_what_travels_and_from_the_source():
    solver, universe = made()
    level, source, clear = universe.choices["sensitivity"], universe.choices["source"], universe.members["clear"]
    assert solver.solve([level[Sensitivity.PUBLIC]]) is False
    assert solver.solve([clear[Kind.HKID], -level[Sensitivity.RESTRICTED]]) is False
    assert solver.solve([clear[Kind.PHONE], level[Sensitivity.INTERNAL]]) is False
    assert solver.solve([source[Sensitivity.RESTRICTED], -level[Sensitivity.RESTRICTED]]) is False
    low = [-literal for kind, literal in clear.items() if kind is not Kind.ORG]
    assert solver.solve([*low, source[Sensitivity.PUBLIC], -level[Sensitivity.INTERNAL]]) is False
    assert solver.solve([clear[Kind.PHONE], level[Sensitivity.CONFIDENTIAL]]) is True


def test_a_kind_travels_in_one_form_and_what_is_incomplete_misses_something():
    solver, universe = made()
    assert solver.solve([universe.members["clear"][Kind.HKID], universe.members["masked"][Kind.HKID]]) is False
    nothing = [-literal for literal in universe.members["missing"].values()]
    assert solver.solve([*nothing, universe.choices["complete"][False]]) is False


def test_names_that_nobody_wrote():
    assert NAMES.of("Group") == (OTHER, "g")
    _, universe = made()
    assert list(universe.groups) == ["g"]
    assert list(universe.choices["jurisdiction"]) == [OTHER, "HK"]
    assert list(made(Action.UNMASK)[1].choices["resource"]) == list(Kind)
    assert "clear" not in made(Action.RESTORE_ARGUMENTS)[1].members
    assert {action for action in Action if "clear" in made(action)[1].members} == TRAVELLING


def test_a_situation_in_words():
    told = str(
        Situation(
            Action.INFER, "ann", ("g",), resource="m", facts={"realm": Realm.PUBLIC, "jurisdiction": OTHER},
            clear=(Kind.HKID,), source=Sensitivity.RESTRICTED, unread=True, complete=False, missing=("tagger",),
        )
    )  # fmt: skip
    assert told == (
        "`infer` by ann of g to m (realm public), in the clear HKID, source restricted, without tagger, "
        "not completely scanned, with a part that could not be read"
    )
