"""Random policies as data, the Cedar text of each, and what each says in plain Python: nothing of Sampan's or Cedar's."""

from typing import NamedTuple

from hypothesis import strategies as st

from sampan.contract.labels import Kind, Sensitivity, sensitivity_of
from sampan.contract.models import Model, Realm, Site, Wire
from sampan.decide.question import Asker

KINDS = (Kind.HKID, Kind.PHONE, Kind.ORG)
REALMS = tuple(Realm)
PLACES = ("HK", "US")
GROUPS = ("students", "staff")
USERS = ("ann", "bob")
NAMES = ("m1", "m2")
SEND = ("infer", "embed")


class Facts(NamedTuple):
    """One request. clear, masked: kinds. level, source: sensitivities."""

    action: str
    user: str
    groups: frozenset
    name: str
    realm: Realm
    place: str
    clear: frozenset
    masked: frozenset
    source: int
    complete: bool
    unread: bool

    @property
    def level(self):
        return max(int(sensitivity_of(self.clear)), self.source)

    def model(self):
        return Model(self.name, self.realm, (Wire.FAKE,), site=Site.CLOUD, jurisdiction=self.place)

    def asker(self):
        return Asker(self.user, groups=tuple(sorted(self.groups)))


class Atom(NamedTuple):
    """A test that a policy may make: Cedar text and the same in Python."""

    text: str
    holds: object


class Rule(NamedTuple):
    """effect, actions, who, what: atoms of the scope. when, unless: expressions."""

    effect: str
    actions: tuple
    who: Atom
    what: Atom
    when: Atom
    unless: Atom

    def text(self, at):
        listed = ", ".join(f'Action::"{name}"' for name in self.actions)
        scope = f"{self.who.text}, action in [{listed}], {self.what.text}"
        return f'@id("r{at}") {self.effect}({scope}) when {{ {self.when.text} }} unless {{ {self.unless.text} }};'

    def matches(self, facts):
        return (
            facts.action in self.actions
            and self.who.holds(facts)
            and self.what.holds(facts)
            and self.when.holds(facts)
            and not self.unless.holds(facts)
        )


def allowed(layers, facts):
    """What every layer says, by the book: something permits, and nothing forbids."""
    return all(
        any(rule.effect == "permit" and rule.matches(facts) for rule in layer)
        and not any(rule.effect == "forbid" and rule.matches(facts) for rule in layer)
        for layer in layers
    )


def listed(kinds):
    return "[" + ", ".join(f'Kind::"{kind}"' for kind in sorted(kinds)) + "]"


def on_set(name, get):
    some = st.frozensets(st.sampled_from(KINDS), min_size=1)
    return st.one_of(
        st.sampled_from(KINDS).map(lambda k: Atom(f'context.{name}.contains(Kind::"{k}")', lambda f: k in get(f))),
        some.map(lambda s: Atom(f"context.{name}.containsAny({listed(s)})", lambda f: bool(get(f) & s))),
        some.map(lambda s: Atom(f"context.{name}.containsAll({listed(s)})", lambda f: get(f) >= s)),
        some.map(lambda s: Atom(f"{listed(s)}.containsAll(context.{name})", lambda f: get(f) <= s)),
        st.just(Atom(f"context.{name}.isEmpty()", lambda f: not get(f))),
    )


def compared(name, get):
    signs = {"<": int.__lt__, ">=": int.__ge__, "==": int.__eq__, "!=": int.__ne__}
    return st.tuples(st.sampled_from(sorted(signs)), st.integers(0, 3)).map(
        lambda pair: Atom(f"context.{name} {pair[0]} {pair[1]}", lambda f: signs[pair[0]](get(f), pair[1]))
    )


ATOMS = st.one_of(
    on_set("clear", lambda f: f.clear),
    on_set("masked", lambda f: f.masked),
    compared("sensitivity", lambda f: f.level),
    compared("source", lambda f: f.source),
    st.sampled_from(REALMS).map(lambda r: Atom(f'resource.realm == Realm::"{r}"', lambda f: f.realm is r)),
    st.sampled_from(PLACES).map(
        lambda p: Atom(f'resource.jurisdiction != Jurisdiction::"{p}"', lambda f: f.place != p)
    ),
    st.sampled_from(NAMES).map(lambda n: Atom(f'resource.name == "{n}"', lambda f: f.name == n)),
    st.sampled_from(GROUPS).map(lambda g: Atom(f'principal in Group::"{g}"', lambda f: g in f.groups)),
    st.just(Atom("context.complete", lambda f: f.complete)),
    st.just(Atom("context.unread", lambda f: f.unread)),
    st.just(Atom("true", lambda _: True)),
    st.just(Atom("false", lambda _: False)),
)


def grown(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        inner.map(lambda a: Atom(f"!({a.text})", lambda f: not a.holds(f))),
        pair.map(lambda p: Atom(f"({p[0].text} && {p[1].text})", lambda f: p[0].holds(f) and p[1].holds(f))),
        pair.map(lambda p: Atom(f"({p[0].text} || {p[1].text})", lambda f: p[0].holds(f) or p[1].holds(f))),
        st.tuples(inner, inner, inner).map(
            lambda p: Atom(
                f"(if {p[0].text} then {p[1].text} else {p[2].text})",
                lambda f: p[1].holds(f) if p[0].holds(f) else p[2].holds(f),
            )
        ),
    )


EXPRESSIONS = st.recursive(ATOMS, grown, max_leaves=4)
WHO = st.one_of(
    st.just(Atom("principal", lambda _: True)),
    st.sampled_from(USERS).map(lambda u: Atom(f'principal == User::"{u}"', lambda f: f.user == u)),
    st.sampled_from(GROUPS).map(lambda g: Atom(f'principal in Group::"{g}"', lambda f: g in f.groups)),
)
WHAT = st.one_of(
    st.just(Atom("resource", lambda _: True)),
    st.sampled_from(NAMES).map(lambda n: Atom(f'resource == Model::"{n}"', lambda f: f.name == n)),
)
ACTIONS = st.sampled_from((SEND, ("infer",), ("embed",)))
RULES = st.builds(
    Rule,
    effect=st.sampled_from(("permit", "permit", "forbid")),
    actions=ACTIONS,
    who=WHO,
    what=WHAT,
    when=EXPRESSIONS,
    unless=st.one_of(st.just(Atom("false", lambda _: False)), EXPRESSIONS),
)
LAYERS = st.lists(st.lists(RULES, min_size=1, max_size=5), min_size=1, max_size=2)


@st.composite
def requests(draw):
    kinds = draw(st.frozensets(st.sampled_from(KINDS)))
    masked = draw(st.frozensets(st.sampled_from(sorted(kinds)))) if kinds else kinds
    return Facts(
        draw(st.sampled_from(SEND)),
        draw(st.sampled_from((*USERS, "cat"))),
        draw(st.frozensets(st.sampled_from(GROUPS))),
        draw(st.sampled_from((*NAMES, "m3"))),
        draw(st.sampled_from(REALMS)),
        draw(st.sampled_from((*PLACES, "unknown"))),
        kinds - masked,
        masked,
        draw(st.sampled_from(list(map(int, Sensitivity)))),
        draw(st.booleans()),
        draw(st.booleans()),
    )
