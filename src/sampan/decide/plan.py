"""From the facts of one request to the routes it may take, or to why it may take none."""

from collections.abc import Sequence

import msgspec

from sampan.contract.errors import BadRequest, ContextTooLong, EngineUnavailable, OverBudget, PolicyRefused
from sampan.contract.models import Model, Realm
from sampan.contract.request import PERSON, Refusal, Route
from sampan.decide.forms import After, Carried, Forms
from sampan.decide.needs import Fit, Size, lacks
from sampan.decide.policy import BUDGET, LACKS, NO_CLOUD, TOO_SMALL
from sampan.decide.route import Candidate, Pace, Wish, order, why
from sampan.decide.vocabulary import Action
from sampan.wording import worded

_ALTERNATIVES = 3
_NO_CHAT = f"{LACKS}chat"
"""What a model is refused by that only embeds: with no other, nobody is there to answer."""
_TOGETHER = worded(
    "let two models work together: `sampan-collaborate: plan` (questions from outside, answers from your own device) "
    "or `rewrite` (asked without the private parts)"
)
_PLACES = {
    Realm.PERSONAL: worded("on your own device"),
    Realm.ENTERPRISE: worded("at your organisation"),
    Realm.PUBLIC: worded("in the cloud"),
}


class Inquiry(msgspec.Struct, frozen=True):
    """What a plan depends on besides policies and models; `fits`, `ready` and `spent` run along the models.

    target: a wish, or the one model that was asked for by name.
    """

    content: Carried
    target: Wish | str
    needs: frozenset[str]
    fits: tuple[Fit, ...]
    ready: tuple[bool, ...]
    spent: tuple[tuple[str, ...], ...] = ()


class Going(msgspec.Struct, frozen=True):
    """The request may go to these, in an order that looks at no prompt."""

    candidates: tuple[Candidate, ...]
    refused: tuple[Refusal, ...]
    why: str
    restore_arguments: bool

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes, in that order."""
        return tuple([one.route for one in self.candidates])


class Staying(msgspec.Struct, frozen=True):
    """The request goes nowhere."""

    rules: tuple[str, ...]
    reason: str
    ways_on: tuple[str, ...]
    refused: tuple[Refusal, ...]
    code: str


class Waiting(msgspec.Struct, frozen=True):
    """The request may go once everybody in `needed` agrees; `going` has one route."""

    going: Going
    needed: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str


class _Considered(msgspec.Struct):
    """What became of each model in scope. final: the refusals that decided, one a model.

    waiting: candidates that need an approval, by the name of their model what it takes.
    """

    candidates: list[Candidate] = []
    waiting: list[Candidate] = []
    after: dict[str, After] = {}
    refused: list[Refusal] = []
    final: list[Refusal] = []


class Planner:
    """Plans under one set of policies and one roster of models."""

    def __init__(self, forms: Forms, models: tuple[Model, ...], pace: Pace, *, no_cloud: bool) -> None:
        self._forms, self._models, self._pace, self._no_cloud = forms, models, pace, no_cloud

    def plan(self, inquiry: Inquiry, size: Size) -> Going | Staying | Waiting:
        """Every model in scope is considered; the allowed ones are ordered by the wish.

        What needs an approval is thought of only where nothing is allowed without.

        Raises:
            BadRequest: no model in scope has the capabilities.
        """
        found = self._consider(inquiry, size)
        if not found.candidates:
            return self._waiting(inquiry, found) if found.waiting else self._staying(inquiry, size, found)
        return self._going(inquiry, found.candidates, found)

    def _waiting(self, inquiry: Inquiry, found: _Considered) -> Waiting:
        """The best of the routes that an approval opens, and that one alone: it is what somebody agrees to."""
        wish = inquiry.target if isinstance(inquiry.target, Wish) else Wish.AUTO
        best = order(found.waiting, wish, self._pace)[0]
        after = found.after[best.model.name]
        going = self._going(inquiry, [best], found)
        told = worded(f"`{best.model.name}` needs an approval by {who(after.needed)}: {after.reason}")
        return Waiting(going, after.needed, after.rules, told)

    def _going(self, inquiry: Inquiry, candidates: list[Candidate], found: _Considered) -> Going:
        wish = inquiry.target if isinstance(inquiry.target, Wish) else None
        ordered = order(candidates, wish or Wish.AUTO, self._pace)
        restore = all(
            self._forms.may_restore_arguments(inquiry.content, one.route.model, one.route.form)
            for one in ordered
            if one.route.form.masked
        )
        return Going(tuple(ordered), tuple(found.refused), why(wish, ordered), restore)

    def _consider(self, inquiry: Inquiry, size: Size) -> _Considered:
        found = _Considered()
        for at, model in enumerate(self._models):
            if not _in_scope(model, inquiry.target):
                continue
            before = len(found.refused)
            route = self._route(inquiry, model, found)
            if route is not None and inquiry.fits[at] is Fit.NEVER:
                found.refused.append(_too_small(route, size))
            elif route is not None and inquiry.spent and inquiry.spent[at]:
                found.refused.append(_over(route, inquiry.spent[at]))
            elif route is not None:
                chosen = found.waiting if model.name in found.after else found.candidates
                chosen.append(Candidate(route, inquiry.fits[at], inquiry.ready[at]))
                continue
            if len(found.refused) > before:
                found.final.append(found.refused[-1])
        return found

    def _route(self, inquiry: Inquiry, model: Model, found: _Considered) -> Route | None:
        if missing := lacks(model, inquiry.needs):
            rules = tuple(f"{LACKS}{name}" for name in missing)
            found.refused.append(
                Refusal(model.name, "clear", rules, worded(f"it does not offer {' or '.join(missing)}"))
            )
            return None
        if self._no_cloud and model.realm is not Realm.PERSONAL:
            found.refused.append(Refusal(model.name, "clear", (NO_CLOUD,), worded("Sampan runs with `--no-cloud`")))
            return None
        answer = self._forms.answer(inquiry.content, model)
        found.refused.extend(answer.refused)
        if answer.form is None and answer.after is not None:
            found.after[model.name] = answer.after
            return Route(model, answer.after.form)
        return Route(model, answer.form) if answer.form is not None else None

    def _staying(self, inquiry: Inquiry, size: Size, found: _Considered) -> Staying:
        if not found.final or (isinstance(inquiry.target, Wish) and all(_NO_CHAT in one.rules for one in found.final)):
            return _nobody(inquiry.target)
        if all(_is_lack(refusal) for refusal in found.final):
            raise BadRequest(_told(found.final), param="model", ways_on=self._elsewhere(inquiry, size))
        if small := [refusal for refusal in found.final if refusal.rules == (TOO_SMALL,)]:
            elsewhere = (*self._elsewhere(inquiry, size), *self._together(inquiry))
            ways = (*elsewhere, worded("shorten the request"), worded("add a model with a longer context"))
            return Staying((TOO_SMALL,), _told(small), ways, tuple(found.refused), ContextTooLong.code)
        if over := [refusal for refusal in found.final if refusal.rules[0].startswith(BUDGET)]:
            rules = tuple(dict.fromkeys(rule for refusal in over for rule in refusal.rules))
            ways = (
                *self._elsewhere(inquiry, size),
                worded("`sampan budgets` shows what is used and when it begins anew"),
            )
            return Staying(rules, _told(over), ways, tuple(found.refused), OverBudget.code)
        decisive = [refusal for refusal in found.final if not _is_lack(refusal)]
        rules = tuple(dict.fromkeys(rule for refusal in decisive for rule in refusal.rules))
        ways = (*self._elsewhere(inquiry, size), *self._together(inquiry), *_changes(inquiry.content, rules))
        return Staying(rules, _told(decisive), ways, tuple(found.refused), PolicyRefused.code)

    def _together(self, inquiry: Inquiry) -> tuple[str, ...]:
        """Two models on one text, where there are models of both kinds, and policy would let the outer one have a question."""
        content = inquiry.content
        as_text = content.complete and not (content.unread or content.in_files or content.source)
        talking = [model for model in self._models if "chat" in model.capabilities and not self._no_cloud]
        own = any(model.realm is Realm.PERSONAL for model in talking)
        bare = msgspec.structs.replace(content, kinds=frozenset(), unmaskable=frozenset(), asked=Wish.AUTO.value)
        other = any(
            self._forms.answer(bare, model).form is not None for model in talking if model.realm is not Realm.PERSONAL
        )
        return (_TOGETHER,) if content.action is Action.INFER and as_text and own and other else ()

    def _elsewhere(self, inquiry: Inquiry, size: Size) -> tuple[str, ...]:
        """The nearest allowed ways when the caller narrowed the choice."""
        if inquiry.target in {Wish.AUTO, Wish.BEST, Wish.FAST}:
            return ()
        content = msgspec.structs.replace(inquiry.content, asked=Wish.AUTO.value)
        open_to_all = msgspec.structs.replace(inquiry, content=content, target=Wish.AUTO)
        others = order(self._consider(open_to_all, size).candidates, Wish.AUTO, self._pace)[:_ALTERNATIVES]
        return tuple(_way(one.route, first=at == 0) for at, one in enumerate(others))


def who(needed: Sequence[str]) -> str:
    """Those who have to agree, as people say it."""
    return " and ".join(worded("you yourself") if one == PERSON else worded(f"somebody of `{one}`") for one in needed)


def _in_scope(model: Model, target: Wish | str) -> bool:
    if isinstance(target, Wish):
        return target is not Wish.PRIVATE or model.realm is Realm.PERSONAL
    return model.name == target


def _is_lack(refusal: Refusal) -> bool:
    return refusal.rules[0].startswith(LACKS)


def _over(route: Route, names: tuple[str, ...]) -> Refusal:
    listed = " and ".join(f"`{name}`" for name in names)
    rules = tuple(f"{BUDGET}{name}" for name in names)
    return Refusal(route.model.name, route.form.name, rules, worded(f"the budget {listed} is spent"))


def _too_small(route: Route, size: Size) -> Refusal:
    model = route.model
    told = worded(
        f"the request has at least {size.least:,} tokens (probably {size.likely:,}) and it takes {model.context:,}"
    )
    return Refusal(model.name, route.form.name, (TOO_SMALL,), told)


def _told(refusals: Sequence[Refusal]) -> str:
    """One sentence; models refused for the same reason are named together."""
    models: dict[str, list[str]] = {}
    for refusal in refusals:
        models.setdefault(refusal.reason, []).append(f"`{refusal.model}`")
    parts = [worded(f"{', '.join(names)} may not have this request: {reason}") for reason, names in models.items()]
    return "; ".join(parts) + "."


def _nobody(target: Wish | str) -> Staying:
    ways = [
        worded(
            "`sampan models pull` fetches a model for this device; it runs unless Sampan was started with `--no-local`"
        ),
        worded("`sampan models ls` lists what is set up"),
    ]
    if target is Wish.PRIVATE:
        return Staying((), worded("No personal model is set up yet."), tuple(ways), (), EngineUnavailable.code)
    ways.append(worded("a `[[model]]` in `sampan.toml` adds one elsewhere: `sampan config path` shows where"))
    return Staying((), worded("No model is set up yet."), tuple(ways), (), EngineUnavailable.code)


def _way(route: Route, *, first: bool) -> str:
    model, place, kinds = route.model.name, _PLACES[route.model.realm], ", ".join(sorted(route.form.masked))
    if first and kinds:
        return worded(f"ask `auto`: it may go to `{model}` {place}, with {kinds} masked")
    if first:
        return worded(f"ask `auto`: it may go to `{model}` {place}")
    return worded(f"ask `{model}` {place}, with {kinds} masked" if kinds else f"ask `{model}` {place}")


def _changes(content: Carried, rules: tuple[str, ...]) -> tuple[str, ...]:
    """What the caller could change about the request or the set-up."""
    ways: list[str] = []
    if NO_CLOUD in rules:
        return (worded("set up a personal model: `sampan models pull`"), worded("start Sampan without `--no-cloud`"))
    if content.unread:
        ways.append(worded("leave out the part that could not be read"))
    if content.in_files:
        ways.append(worded("send the text of the file instead of the file: text can be masked"))
    if written := content.unmaskable - content.in_files:
        ways.append(worded(f"write {', '.join(sorted(written))} as text, not as a number: text can be masked"))
    if not content.complete:
        which = ", ".join(f"`{name}`" for name in sorted(content.missing)) or worded("every detector")
        ways.append(worded(f"make {which} run again: `sampan doctor` shows what is wrong"))
    return (*ways, worded("`sampan policy explain` shows the rules"))
