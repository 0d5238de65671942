"""Which model may be asked too, to compare."""

from pathlib import Path

import msgspec
import pytest

from sampan.contract.estimate import Prompt
from sampan.contract.labels import Kind, Labels, Sensitivity
from sampan.contract.models import Realm
from sampan.contract.request import Decided, Dialect, Form, Labelled, Principal, Request, Route
from sampan.decide.forms import Forms, carried
from sampan.decide.packs import Folders
from sampan.decide.question import Asker
from sampan.decide.rulebook import Rulebook
from sampan.decide.shadowing import Shadowing
from sampan.decide.vocabulary import Action
from tests.decide.outlooks import model

PACKS = Path(__file__).parents[2] / "packs"
ONE, TWO = model("one", 9.0), model("two", 1.0, realm=Realm.PUBLIC)
CLEAN = Labels({}, Sensitivity.INTERNAL, {"patterns": "1"}, languages=("en",))


def shadow(labels=CLEAN, pack="personal", routes=(ONE, TWO), dialect=Dialect.CHAT, prompt=Prompt()):
    request = Request("rcp_1", dialect, {}, Principal("u"), "auto", False, 0.0)
    labelled = Labelled(request, (), labels)
    decided = Decided(labelled, tuple(Route(one, Form()) for one in routes), (), "", "", prompt=prompt)
    policies = Rulebook(Folders(pack=PACKS / pack / "policies")).current()
    content = carried(labels, Action.INFER, Asker("u"), "auto")
    return Shadowing(Forms(policies)).of(decided, content)


def test_a_harmless_question_may_be_compared():
    assert shadow() == Route(TWO, Form())


@pytest.mark.parametrize("pack", ["hk-pcpd", "eu-strict", "education", "air-gapped"])
def test_stricter_packs_have_no_rule_for_it(pack):
    assert shadow(pack=pack) is None


@pytest.mark.parametrize(
    "change",
    [
        {"counts": {Kind.PHONE: 1}},
        {"counts": {Kind.HKID: 1}, "sensitivity": Sensitivity.RESTRICTED},
        {"source": Sensitivity.RESTRICTED},
        {"sensitivity": Sensitivity.RESTRICTED},
        {"complete": False},
        {"unread": ("a file",)},
    ],
)
def test_what_holds_something_is_not(change):
    assert shadow(msgspec.structs.replace(CLEAN, **change)) is None


def test_only_where_there_was_a_choice_and_words_come_back():
    assert shadow(routes=(ONE,)) is None
    assert shadow(prompt=None) is None
    assert shadow(dialect=Dialect.EMBEDDINGS) is None
    assert shadow(dialect=Dialect.COUNT_TOKENS) is None
