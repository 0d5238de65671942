import msgspec
import pytest

from sampan.contract.answer import Usage
from sampan.contract.budget import Budget, Every
from sampan.contract.errors import BadRequest, UnknownModel
from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.models import Model, Realm
from sampan.contract.request import Decided, Dialect, Form, Held, Principal, Refused, Unmask
from sampan.decide.budgets import Ledger
from sampan.decide.decider import Options, PolicyDecider
from sampan.decide.packs import default_folders, sources_of
from sampan.decide.policy import load
from sampan.decide.router import Router
from sampan.decide.source import Layer, Source
from tests.decide.builders import CAMPUS, CHEAP, CLOUD, E5, LOCAL, make
from tests.decide.outlooks import Fixed

ALL = (LOCAL, CAMPUS, CHEAP, CLOUD, E5)
HKID, PHONE = (Kind.HKID, "A123456(3)"), (Kind.PHONE, "9123 4567")
TEXT = "HKID A123456(3) phone 9123 4567"
IMAGE = {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]}


@pytest.fixture
def decider(default_policies):
    def build(models=ALL, health=lambda _name: "ready", **options):
        return PolicyDecider(lambda: default_policies, lambda: models, health, Options(**options))

    return build


def routes(decision):
    assert isinstance(decision, Decided), decision
    return [(route.model.name, route.form.name) for route in decision.routes]


def test_the_followed_request(decider):
    asked = make(TEXT, [HKID, PHONE, (Kind.PERSON, "陳大文")], "auto:best")
    decision = decider((LOCAL, CLOUD)).decide(asked)
    assert routes(decision) == [("cloud", "masked"), ("local", "clear")]
    assert decision.routes[0].form.masked == {Kind.PERSON, Kind.HKID, Kind.PHONE}
    assert [(r.model, r.form, r.rules) for r in decision.refused] == [
        ("cloud", "clear", ("hk-id-stays-home", "contacts-stay-home"))
    ]
    assert decision.policy.startswith("sha256:")
    assert decision.why == "most capable allowed; masked HKID, PERSON, PHONE"
    assert decision.labelled is asked


def test_auto_stays_personal_when_it_fits_and_falls_back_only_to_allowed_pairs(decider):
    decision = decider().decide(make(TEXT, [HKID, PHONE]))
    assert routes(decision) == [("local", "clear"), ("cheap", "masked"), ("campus", "masked"), ("cloud", "masked")]
    assert {route.model.name: route.form.masked for route in decision.routes}["campus"] == {Kind.HKID}
    assert decision.why == "personal model fits"


@pytest.mark.parametrize(
    ("health", "first"), [("ready", "local"), ("loading 3 %", "local"), ("absent", "cheap"), ("down: x", "cheap")]
)
def test_auto_follows_health(decider, health, first):
    decide = decider(health=lambda name: health if name == "local" else "ready").decide
    assert routes(decide(make()))[0] == (first, "clear")


def test_health_is_read_anew_for_each_request(decider):
    state = {"local": "absent"}
    decide = decider(health=lambda name: state.get(name, "ready")).decide
    assert routes(decide(make()))[0][0] == "cheap"
    state["local"] = "ready"
    assert routes(decide(make()))[0][0] == "local"


def test_private_means_the_personal_realm_only(decider):
    assert routes(decider().decide(make(TEXT, [HKID], "auto:private"))) == [("local", "clear")]
    decision = decider((CLOUD,)).decide(make(asked="auto:private"))
    assert isinstance(decision, Refused)
    assert decision.code == "engine_unavailable"


def test_a_pinned_model_has_no_fallback(decider):
    decision = decider().decide(make(TEXT, [HKID], "cloud"))
    assert routes(decision) == [("cloud", "masked")]
    assert decision.why == "asked by name; masked HKID"


def test_a_pinned_model_that_may_not_is_refused_with_the_nearest_way(decider):
    decision = decider().decide(make("unreadable", [PHONE], "cloud", unread=("messages.0.content.1: unknown part",)))
    assert isinstance(decision, Refused)
    assert decision.code == "refused_by_policy"
    assert decision.rules == ("unread-stays-home",)
    assert "could not be read" in decision.reason
    assert decision.ways_on[0] == "ask `auto`: it may go to `local` on your own device"
    assert "leave out the part that could not be read" in decision.ways_on
    assert [(r.form, r.rules) for r in decision.refused] == [
        ("clear", ("contacts-stay-home", "unread-stays-home")), ("masked", ("unread-stays-home",))
    ]  # fmt: skip


def test_a_number_that_cannot_be_masked_is_refused(decider):
    decision = decider((CLOUD,)).decide(make("123", [HKID], unmaskable=frozenset({Kind.HKID})))
    assert isinstance(decision, Refused)
    assert decision.rules == ("hk-id-stays-home",)
    assert any("as text, not as a number" in way for way in decision.ways_on)


def test_nothing_leaves_without_a_policy():
    decider = PolicyDecider(lambda: NONE, lambda: ALL)
    assert routes(decider.decide(make())) == [("local", "clear")]
    decision = decider.decide(make(asked="cloud"))
    assert isinstance(decision, Refused)
    assert decision.rules == ("personal-realm-only",)


NONE = load(())


def test_no_cloud_refuses_every_other_realm(decider):
    decide = decider(no_cloud=True).decide
    decision = decide(make())
    assert routes(decision) == [("local", "clear")]
    assert {(r.model, r.rules) for r in decision.refused} >= {("campus", ("no-cloud",)), ("cloud", ("no-cloud",))}
    refused = decide(make(asked="campus"))
    assert isinstance(refused, Refused)
    assert refused.rules == ("no-cloud",)
    assert refused.ways_on[0] == "ask `auto`: it may go to `local` on your own device"


@pytest.mark.parametrize(
    ("asked", "near"),
    [("clod", "`cloud`"), ("Cloud", "`cloud`"), ("auto:bset", "`auto:best`"), ("gpt-4o", ""), ("claude-x", "")],
)
def test_an_unknown_name_is_never_replaced(decider, asked, near):
    with pytest.raises(UnknownModel) as caught:
        decider().decide(make(asked=asked))
    assert asked in caught.value.message
    assert near in "".join(caught.value.ways_on)
    assert "`auto` chooses among" in caught.value.ways_on[-1]
    assert "under `[aliases]` in `sampan.toml`" in caught.value.ways_on[-2]


def test_a_long_strange_name_is_shown_short_and_clean(decider):
    with pytest.raises(UnknownModel) as caught:
        decider().decide(make(asked="\x1b[31m\n" + "x" * 10_000))
    assert len(caught.value.message) < 100
    assert caught.value.message.isprintable()


def test_aliases_lead_to_models_and_wishes(decider):
    decide = decider(aliases={"gpt-4o": "cloud", "claude-x": "auto"}).decide
    assert routes(decide(make(asked="gpt-4o"))) == [("cloud", "clear")]
    assert routes(decide(make(asked="claude-x")))[0] == ("local", "clear")
    assert routes(decide(make(asked="")))[0] == ("local", "clear")


def test_capabilities_filter(decider):
    decision = decider().decide(make(dialect=Dialect.EMBEDDINGS))
    assert routes(decision) == [("e5", "clear")]
    mute = msgspec.structs.replace(LOCAL, capabilities=frozenset({"chat"}))
    assert routes(decider((mute, CLOUD)).decide(make(body={"tools": [{}]}))) == [("cloud", "clear")]
    assert routes(decider((mute, CLOUD)).decide(make(body=IMAGE))) == [("cloud", "clear")]
    with pytest.raises(BadRequest, match="`local` may not have this request: it does not offer tools") as caught:
        decider((mute, CLOUD)).decide(make(asked="local", body={"tools": [{}]}))
    assert caught.value.ways_on == ("ask `auto`: it may go to `cloud` in the cloud",)


def test_embeddings_are_policed_like_everything(decider):
    remote = msgspec.structs.replace(CLOUD, capabilities=frozenset({"embeddings"}))
    decision = decider((remote,)).decide(make(TEXT, [PHONE], dialect=Dialect.EMBEDDINGS))
    assert routes(decision) == [("cloud", "masked")]


def test_too_long_for_the_personal_model_goes_to_the_cheapest(decider):
    perhaps = decider().decide(make("word " * 5_000))
    assert routes(perhaps) == [("cheap", "clear"), ("campus", "clear"), ("cloud", "clear"), ("local", "clear")]
    assert perhaps.why == "too long for the personal model; cheapest allowed"
    never = decider().decide(make("word " * 20_000))
    assert routes(never) == [("cheap", "clear"), ("campus", "clear"), ("cloud", "clear")]
    assert ("local", ("context-too-small",)) in [(r.model, r.rules) for r in never.refused]


def test_what_fits_no_model_fails_with_sizes_of_its_own(decider):
    decide = decider((LOCAL,)).decide
    first, second = decide(make("word " * 60_000)), decide(make("word " * 90_000))
    for decision, likely in ((first, "75,000"), (second, "112,500")):
        assert isinstance(decision, Refused)
        assert decision.code == "context_length_exceeded"
        assert likely in decision.reason
        assert "4,096" in decision.reason
        assert "shorten the request" in decision.ways_on
    pinned = decider().decide(make("word " * 60_000, asked="local"))
    assert isinstance(pinned, Refused)
    assert pinned.ways_on[0].startswith("ask `auto`: it may go to")


def test_no_model_at_all(decider):
    decision = decider(()).decide(make())
    assert isinstance(decision, Refused)
    assert decision.code == "engine_unavailable"


def test_private_keys_stay_out_of_tool_arguments(decider):
    key = (Kind.PRIVATE_KEY, "-----BEGIN")
    assert decider((CLOUD,)).decide(make("-----BEGIN", [key])).restore_arguments is False
    assert decider((CLOUD,)).decide(make(TEXT, [HKID])).restore_arguments is True


def test_a_false_alarm_is_sent_clear_and_counted(decider):
    asked = make(TEXT, [HKID, PHONE], "cloud", unmask=(Unmask("9123 4567", "a part number"),))
    decision = decider().decide(asked)
    assert decision.routes[0].form == Form(frozenset({Kind.HKID}))
    assert decision.unmasked == {Kind.PHONE: 1}
    assert decision.labelled.labels.counts == {Kind.HKID: 1}
    assert [found.kind for found in decision.labelled.passages[0].findings] == [Kind.HKID]
    assert decision.labelled.labels.sensitivity is Sensitivity.RESTRICTED


def test_a_secret_is_no_false_alarm(decider):
    asked = make("sk-1", [(Kind.API_KEY, "sk-1")], "cloud", unmask=(Unmask("sk-1", "just a test"),))
    decision = decider().decide(asked)
    assert isinstance(decision, Refused)
    assert decision.rules == ("secrets-stay-masked",)
    assert "API_KEY" in decision.reason
    assert "sk-1" not in decision.reason + "".join(decision.ways_on)


def test_unmask_is_counted_per_request_even_when_remembered(decider):
    decide = decider().decide
    assert decide(make(TEXT, [HKID], unmask=(Unmask("A123456(3)", "sample"),))).unmasked == {Kind.HKID: 1}
    assert decide(make(TEXT)).unmasked == {}


def test_a_reload_counts_from_the_next_request():
    permit = "permit(principal, action, resource);"
    now = {"policies": load([Source(Layer.USER, "a.cedar", permit)]), "models": (CLOUD,)}
    decider = PolicyDecider(lambda: now["policies"], lambda: now["models"])
    assert routes(decider.decide(make())) == [("cloud", "clear")]
    now["policies"] = load([Source(Layer.USER, "a.cedar", permit + '@id("x") forbid(principal, action, resource);')])
    assert isinstance(decider.decide(make()), Refused)
    now["models"], now["policies"] = (CHEAP, LOCAL), load(sources_of(default_folders()))
    assert routes(decider.decide(make())) == [("local", "clear"), ("cheap", "clear")]


def test_principals_do_not_share_answers():
    rule = 'permit(principal == User::"ann", action, resource);'
    policies = load([Source(Layer.USER, "a.cedar", rule)])
    decider = PolicyDecider(lambda: policies, lambda: (CLOUD,))
    assert isinstance(decider.decide(make()), Decided)
    refused = decider.decide(make(principal=Principal("bo")))
    assert isinstance(refused, Refused)
    assert refused.rules == ("no-rule-permits",)
    assert isinstance(decider.decide(make()), Decided)


def test_a_model_redeclared_in_another_realm_is_decided_anew(default_policies):
    now = {"models": (Model("m", Realm.PERSONAL, ()),)}
    decider = PolicyDecider(lambda: default_policies, lambda: now["models"])
    assert routes(decider.decide(make(TEXT, [HKID]))) == [("m", "clear")]
    now["models"] = (Model("m", Realm.PUBLIC, ()),)
    assert routes(decider.decide(make(TEXT, [HKID]))) == [("m", "masked")]


def test_what_needs_an_approval_is_held_with_the_one_route_it_is_for():
    text = (
        "permit(principal, action, resource); "
        '@id("ask") @approval("person") forbid(principal, action == Action::"infer", resource == Model::"cloud");'
    )
    policies = load([Source(Layer.USER, "mine.cedar", text)])
    decider = PolicyDecider(lambda: policies, lambda: ALL)
    held = decider.decide(make(asked="cloud"))
    assert isinstance(held, Held)
    assert (held.needed, held.rules, held.approval, held.became) == (("person",), ("ask",), "", None)
    assert routes(held.offer) == [("cloud", "clear")]
    assert held.labelled is held.offer.labelled
    assert isinstance(decider.decide(make()), Decided)


def test_the_router_orders_what_policy_allows_and_nothing_else(decider):
    estimator = Fixed(local=0.58, cheap=0.99, campus=0.7, cloud=0.93)
    decision = decider(router=Router(estimator)).decide(make(TEXT, [HKID], "auto:best"))
    assert routes(decision) == [("cheap", "masked"), ("cloud", "masked"), ("campus", "masked"), ("local", "clear")]
    assert decision.prompt is estimator.prompt
    assert set(decision.estimates) == {"local", "cheap", "campus", "cloud"}
    assert decision.why.startswith("most capable allowed: quality .99")
    assert decision.why.endswith("; masked HKID")


def test_nothing_is_read_where_there_is_nothing_to_choose(decider):
    estimator = Fixed()
    decide = decider(router=Router(estimator)).decide
    for asked in (make(asked="cloud"), make(asked="auto:private"), make(dialect=Dialect.EMBEDDINGS)):
        assert decide(asked).prompt is None
    assert estimator.texts == []


def test_a_cached_plan_is_chosen_from_anew(decider):
    estimator = Fixed(local=0.99, cloud=0.5)
    decide = decider((LOCAL, CLOUD), router=Router(estimator)).decide
    assert routes(decide(make()))[0][0] == "local"
    estimator.qualities = {"local": 0.0, "cloud": 0.9}
    assert routes(decide(make()))[0][0] == "cloud"


def test_a_rule_may_see_which_budgets_are_spent():
    text = (
        "permit(principal, action, resource); "
        '@id("home") forbid(principal, action == Action::"infer", resource) when '
        '{ context.over_budget.contains("b") && resource.realm != Realm::"personal" };'
    )
    policies, ledger = load([Source(Layer.USER, "mine.cedar", text)]), Ledger()
    ledger.put((Budget("b", Every.MONTH, model="cheap", requests=1),))
    decider = PolicyDecider(lambda: policies, lambda: ALL, options=Options(budgets=ledger))
    assert len(routes(decider.decide(make()))) == 4
    ledger.reserve(Principal("ann"), CHEAP, Usage(1, 1))
    assert routes(decider.decide(make())) == [("local", "clear")]
    assert decider.decide(make(asked="campus")).rules == ("home",)


def test_over_budget_narrows_and_a_named_model_says_when(decider):
    ledger = Ledger()
    ledger.put((Budget("b", Every.MINUTE, requests=0),))
    decide = decider(budgets=ledger).decide
    assert routes(decide(make())) == [("local", "clear")]
    refused = decide(make(asked="cloud"))
    assert (refused.code, refused.rules) == ("over_budget", ("budget-b",))
    assert 0 < refused.retry_after <= 60
    assert refused.ways_on[0] == "ask `auto`: it may go to `local` on your own device"
    assert routes(decide(make(asked="cloud", dialect=Dialect.COUNT_TOKENS))) == [("cloud", "clear")]


def test_what_policy_refuses_is_not_blamed_on_a_budget(decider):
    ledger = Ledger()
    ledger.put((Budget("b", Every.MINUTE, requests=0),))
    unmaskable = make(TEXT, [HKID], asked="cloud", unmaskable=frozenset({Kind.HKID}))
    assert decider(budgets=ledger).decide(unmaskable).code == "refused_by_policy"


def test_a_shadow_is_drawn_for_the_share_that_the_settings_say(decider):
    def shadow(lot, share=0.05, asked="auto", found=()):
        options = {"router": Router(Fixed()), "shadow": share, "lot": lambda: lot}
        return decider((LOCAL, CLOUD), **options).decide(make(TEXT if found else "hi", list(found), asked)).shadow

    route = shadow(0.049)
    assert route in decider((LOCAL, CLOUD), router=Router(Fixed())).decide(make("hi", [])).routes
    assert shadow(0.05) is None
    assert shadow(0.0, share=0.0) is None
    assert shadow(0.0, asked="auto:fast") is None
    assert shadow(0.0, asked="cloud") is None
    assert shadow(0.0, found=[PHONE]) is None
    assert shadow(0.0, found=[HKID]) is None
