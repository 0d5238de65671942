"""From facts to routes, or to why there are none."""

import pytest

from sampan.contract.errors import BadRequest, ContextTooLong, EngineUnavailable, PolicyRefused
from sampan.contract.labels import Kind, Sensitivity
from sampan.decide.forms import Carried, Forms
from sampan.decide.needs import Size
from sampan.decide.plan import Going, Inquiry, Planner, Staying, Waiting
from sampan.decide.policy import LACKS, NO_CLOUD, TOO_SMALL, load
from sampan.decide.question import Asker
from sampan.decide.route import Wish
from sampan.decide.source import Layer, Source
from sampan.decide.vocabulary import Action
from tests.decide.builders import CAMPUS, CHEAP, CLOUD, E5, LOCAL

SMALL = Size(10, 5, 100)


@pytest.fixture
def plan(default_policies):
    def planned(
        target=Wish.AUTO, models=(LOCAL, CLOUD), kinds=(), size=SMALL, no_cloud=False, needs=("chat",), **facts
    ):
        given = {"source": Sensitivity.PUBLIC, "complete": True, "unread": False, "unmaskable": frozenset()} | facts
        content = Carried(Action.INFER, Asker("ann"), str(target), kinds=frozenset(kinds), **given)
        fits = tuple(size.fit(model) for model in models)
        inquiry = Inquiry(content, target, frozenset(needs), fits, tuple(True for _ in models))
        return Planner(Forms(default_policies), models, lambda _name: 0.0, no_cloud=no_cloud).plan(inquiry, size)

    return planned


def routes(going):
    assert isinstance(going, Going), going
    return [(route.model.name, route.form.name) for route in going.routes]


def test_the_best_comes_first_and_the_rest_in_order(plan):
    assert routes(plan()) == [("local", "clear"), ("cloud", "clear")]
    assert routes(plan(Wish.BEST)) == [("cloud", "clear"), ("local", "clear")]


def test_a_named_model_is_the_only_one(plan):
    assert routes(plan("cloud", kinds={Kind.HKID})) == [("cloud", "masked")]


def test_private_stays_in_the_personal_realm(plan):
    assert routes(plan(Wish.PRIVATE)) == [("local", "clear")]


def test_no_cloud_refuses_every_other_realm(plan):
    going = plan(models=(LOCAL, CAMPUS, CLOUD), no_cloud=True)
    assert routes(going) == [("local", "clear")]
    assert {(each.model, each.rules) for each in going.refused} == {("campus", (NO_CLOUD,)), ("cloud", (NO_CLOUD,))}


def test_a_pinned_model_under_no_cloud_is_refused_with_the_nearest_way(plan):
    staying = plan("cloud", no_cloud=True)
    assert isinstance(staying, Staying)
    assert (staying.rules, staying.code) == ((NO_CLOUD,), PolicyRefused.code)
    assert staying.ways_on[0] == "ask `auto`: it may go to `local` on your own device"


def test_a_refusal_names_the_rule_and_what_could_be_changed(plan):
    staying = plan("cloud", kinds={Kind.HKID}, unmaskable=frozenset({Kind.HKID}))
    assert staying.rules == ("hk-id-stays-home",)
    assert "write HKID as text, not as a number: text can be masked" in staying.ways_on
    assert "`cloud` may not have this request" in staying.reason


@pytest.mark.parametrize(
    ("facts", "way"),
    [
        ({"unread": True}, "leave out the part that could not be read"),
        ({"complete": False}, "make every detector run again"),
        ({"complete": False, "missing": frozenset({"tagger", "org"})}, "make `org`, `tagger` run again"),
    ],
)
def test_what_was_not_read_stays(plan, facts, way):
    staying = plan("cloud", **facts)
    assert isinstance(staying, Staying)
    assert any(each.startswith(way) for each in staying.ways_on)


def test_too_long_says_the_sizes(plan):
    staying = plan("local", size=Size(9000, 5000, 100))
    assert (staying.code, staying.rules) == (ContextTooLong.code, (TOO_SMALL,))
    assert "at least 5,000 tokens (probably 9,000) and it takes 4,096" in staying.reason
    assert staying.ways_on[0].startswith("ask `auto`: it may go to `cloud` in the cloud")


def test_a_missing_ability_is_the_callers_mistake(plan):
    with pytest.raises(BadRequest, match="does not offer embeddings") as caught:
        plan("cloud", needs=("embeddings",), models=(LOCAL, CLOUD, E5))
    assert caught.value.ways_on == ("ask `auto`: it may go to `e5` on your own device",)


def test_a_missing_ability_of_one_is_no_reason_for_all(plan):
    going = plan(needs=("embeddings",), models=(LOCAL, E5))
    assert routes(going) == [("e5", "clear")]
    assert going.refused[0].rules == (f"{LACKS}embeddings",)


@pytest.mark.parametrize("target", [Wish.AUTO, Wish.PRIVATE])
def test_without_any_model(plan, target):
    staying = plan(target, models=())
    assert (staying.code, staying.rules) == (EngineUnavailable.code, ())
    assert "sampan models pull" in staying.ways_on[0]


@pytest.mark.parametrize("target", [Wish.AUTO, Wish.PRIVATE])
def test_a_model_that_only_embeds_is_none_that_answers(plan, target):
    staying = plan(target, needs=("chat",), models=(E5,))
    assert staying.code == EngineUnavailable.code
    assert "set up yet" in staying.reason
    with pytest.raises(BadRequest, match="does not offer chat"):
        plan("e5", needs=("chat",), models=(E5,))


def test_a_value_inside_a_file_has_a_way_of_its_own(plan):
    hkid, card = frozenset({Kind.HKID}), frozenset({Kind.CREDIT_CARD})
    ways = plan("cloud", kinds=hkid, unmaskable=hkid, in_files=hkid).ways_on
    assert "send the text of the file instead of the file: text can be masked" in ways
    assert not any("as a number" in way for way in ways)
    ways = plan("cloud", kinds=hkid | card, unmaskable=hkid | card, in_files=hkid).ways_on
    assert "write CREDIT_CARD as text, not as a number: text can be masked" in ways


ASK = 'forbid(principal, action == Action::"infer", resource) when { resource.realm == Realm::"public" };'


@pytest.fixture
def held():
    """Every public model needs an approval by the staff."""
    text = f'permit(principal, action, resource); @id("ask") @reason("costs money") @approval("staff") {ASK}'
    forms = Forms(load([Source(Layer.USER, "mine.cedar", text)]))

    def planned(target=Wish.AUTO, models=(LOCAL, CLOUD), size=SMALL):
        content = Carried(Action.INFER, Asker("ann"), str(target), frozenset(), frozenset(), Sensitivity.PUBLIC,
                          complete=True, unread=False)  # fmt: skip
        fits = tuple(size.fit(model) for model in models)
        inquiry = Inquiry(content, target, frozenset({"chat"}), fits, tuple(True for _ in models))
        return Planner(forms, models, lambda _name: 0.0, no_cloud=False).plan(inquiry, size)

    return planned


def test_a_named_model_waits_for_its_approval(held):
    waiting = held("cloud")
    assert isinstance(waiting, Waiting)
    assert (waiting.needed, waiting.rules) == (("staff",), ("ask",))
    assert routes(waiting.going) == [("cloud", "clear")]
    assert waiting.reason == "`cloud` needs an approval by somebody of `staff`: costs money"


def test_auto_goes_where_nobody_has_to_agree_and_waits_only_when_there_is_no_such_place(held):
    assert routes(held(Wish.BEST)) == [("local", "clear")]
    waiting = held(models=(CHEAP, CLOUD))
    assert [route.model.name for route in waiting.going.routes] == ["cheap"]


def test_what_never_fits_is_not_asked_about(held):
    assert held("cloud", size=Size(10**9, 10**9, 10)).code == ContextTooLong.code


def together(staying):
    return any("sampan-collaborate" in way for way in staying.ways_on)


def test_two_models_may_work_together_where_there_are_both_and_the_text_may_be_read(plan):
    hkid = frozenset({Kind.HKID})
    assert together(plan("cloud", kinds=hkid, unmaskable=hkid))
    assert together(plan("local", size=Size(90_000, 90_000, 100)))
    assert not together(plan("cloud", kinds=hkid, unmaskable=hkid, models=(CLOUD,)))
    assert not together(plan("cloud", kinds=hkid, unmaskable=hkid, models=(E5, CLOUD)))
    assert not together(plan("cloud", kinds=hkid, unmaskable=hkid, in_files=hkid))
    assert not together(plan("cloud", unread=True))
    assert not together(plan("cloud", complete=False))
    assert not together(plan("cloud", source=Sensitivity.RESTRICTED))
    assert not together(plan("cloud", no_cloud=True))


def test_two_models_do_not_work_together_where_not_even_a_question_may_leave():
    text = (
        'permit(principal, action, resource); @id("gap") forbid(principal, action == Action::"infer", resource) when '
    )
    forms = Forms(load([Source(Layer.USER, "gap.cedar", text + '{ resource.realm == Realm::"public" };')]))
    content = Carried(Action.INFER, Asker("ann"), "cloud", frozenset(), frozenset(), Sensitivity.PUBLIC, complete=True,
                      unread=False)  # fmt: skip
    models = (LOCAL, CLOUD)
    inquiry = Inquiry(content, "cloud", frozenset({"chat"}), tuple(SMALL.fit(m) for m in models), (True, True))
    staying = Planner(forms, models, lambda _name: 0.0, no_cloud=False).plan(inquiry, SMALL)
    assert staying.rules == ("gap",)
    assert not together(staying)
