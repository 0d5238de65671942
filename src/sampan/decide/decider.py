"""The decide stage: where a request may run, in which form, and where it should."""

import difflib
import random
import sys
from collections.abc import Callable, Mapping

import msgspec

from sampan.contract.answer import Usage
from sampan.contract.errors import OverBudget, PolicyRefused, UnknownModel
from sampan.contract.models import Model
from sampan.contract.ports import Budgets
from sampan.contract.request import Decided, Decision, Dialect, Held, Labelled, Refused, Request
from sampan.decide.cache import Cache
from sampan.decide.forms import Carried, Forms, content_of
from sampan.decide.inside import told
from sampan.decide.needs import Fit, Size, needs_of, size_of
from sampan.decide.plan import Going, Inquiry, Planner, Staying, Waiting
from sampan.decide.policy import BUDGET, Policies
from sampan.decide.question import Asker
from sampan.decide.route import Pace, Wish, is_ready
from sampan.decide.router import Router
from sampan.decide.shadowing import Shadowing
from sampan.decide.unmask import NotUnmasked, unmask
from sampan.wording import worded

_PLANS_KEPT = 4096
_NAME_SHOWN = 64
_WISHES = {wish.value: wish for wish in Wish} | {"": Wish.AUTO}


def _unmeasured(_name: str) -> float:
    return 0.0


def _always_ready(_name: str) -> str:
    return "ready"


class Options(msgspec.Struct, frozen=True):
    """What the settings say about choosing.

    aliases: name a client uses -> model or wish. pace: measured seconds to the first token, 0 unknown.
    router: chooses by what is expected of models for this prompt; without one realms, prices and times decide.
    budgets: asked for each request, beside what is remembered of policy.
    shadow: share of the requests to `auto` that another allowed model answers too, to compare. lot: a number below 1, drawn.
    """

    aliases: Mapping[str, str] = {}
    no_cloud: bool = False
    pace: Pace = _unmeasured
    router: Router | None = None
    budgets: Budgets | None = None
    shadow: float = 0.0
    lot: Callable[[], float] = random.random


class _Ground(msgspec.Struct, frozen=True):
    """Policies and models as they stand, and what was worked out on them. room: the smallest context that is known."""

    policies: Policies
    models: tuple[Model, ...]
    names: frozenset[str]
    room: int
    planner: Planner
    shadows: Shadowing
    plans: Cache[Inquiry, Going | Staying | Waiting]


class PolicyDecider:
    """Implements `contract.ports.Decider`.

    policies and models are asked for each request, so a reload counts from the next one on.
    health: model name -> `ready`, `loading …`, `absent …`, `down: …`.
    """

    def __init__(
        self,
        policies: Callable[[], Policies],
        models: Callable[[], tuple[Model, ...]],
        health: Callable[[str], str] = _always_ready,
        options: Options = Options(),  # noqa: B008 - frozen
    ) -> None:
        self._policies, self._models, self._health, self._options = policies, models, health, options
        self._ground = self._prepare(policies(), models())

    def decide(self, labelled: Labelled) -> Decision:
        """Answer where the request may run, and where it should.

        Raises:
            UnknownModel: nobody knows the name asked for.
            BadRequest: no model that was asked for can do what the request needs.
        """
        ground, request = self._current(), labelled.request
        target = self._target(request.asked, ground.names)
        unmasked = {}
        if request.unmask:
            outcome = unmask(labelled, ground.policies, Asker.of(request.principal))
            if isinstance(outcome, NotUnmasked):
                return _not_unmasked(labelled, outcome, ground.policies.hash)
            labelled, unmasked = outcome.labelled, outcome.counts
        size = size_of(labelled, ground.room)
        expected = _expected(request, size)
        inquiry = self._inquiry(ground, labelled, target, size, expected)
        plan = ground.plans.get(inquiry) or _planned(ground, inquiry, size)
        if isinstance(plan, Staying):
            return self._refused(labelled, plan, ground.policies.hash)
        going = plan.going if isinstance(plan, Waiting) else plan
        decided = Decided(
            labelled,
            going.routes,
            going.refused,
            going.why,
            ground.policies.hash,
            going.restore_arguments,
            unmasked,
            expected=expected,
        )
        if isinstance(plan, Waiting):
            return Held(decided, plan.needed, plan.rules, plan.reason)
        return self._compared(self._chosen(decided, plan, target, size), target, ground.shadows, inquiry.content)

    def _inquiry(
        self, ground: _Ground, labelled: Labelled, target: Wish | str, size: Size, expected: tuple[int, int]
    ) -> Inquiry:
        request, content = labelled.request, content_of(labelled)
        spent = self._spent(request, ground.models, expected)
        if spent:
            over = frozenset(name for names in spent for name in names)
            content = msgspec.structs.replace(content, over_budget=over)
        return Inquiry(
            content,
            target,
            needs_of(request.dialect, request.body),
            tuple([size.fit(model) for model in ground.models]),
            tuple([is_ready(self._health(model.name)) for model in ground.models]),
            spent,
        )

    def _refused(self, labelled: Labelled, plan: Staying, policy: str) -> Refused:
        reason = plan.reason + told(labelled.labels, plan.code)
        wait = self._opens_in(plan)
        return Refused(labelled, plan.rules, reason, plan.ways_on, plan.refused, policy, plan.code, wait)

    def _spent(
        self, request: Request, models: tuple[Model, ...], expected: tuple[int, int]
    ) -> tuple[tuple[str, ...], ...]:
        budgets = self._options.budgets
        if not budgets or request.dialect is Dialect.COUNT_TOKENS:
            return ()
        return budgets.spent(request.principal, models, Usage(*expected))

    def _opens_in(self, plan: Staying) -> float:
        """Seconds until the first model that only a budget keeps away may be asked again."""
        budgets = self._options.budgets
        if not budgets or plan.code != OverBudget.code:
            return 0.0
        over = [refusal.rules for refusal in plan.refused if refusal.rules[0].startswith(BUDGET)]
        return min(budgets.opens_in(rule.removeprefix(BUDGET) for rule in rules) for rules in over)

    def _chosen(self, decided: Decided, plan: Going, target: Wish | str, size: Size) -> Decided:
        """The same routes in the router's order, where there is something to choose."""
        router, labelled = self._options.router, decided.labelled
        if router is None or not isinstance(target, Wish) or len(plan.candidates) < 2:
            return decided
        if labelled.request.dialect is Dialect.EMBEDDINGS:
            return decided
        choice = router.choose(labelled, plan.candidates, target, size)
        return msgspec.structs.replace(decided, **msgspec.structs.asdict(choice))

    def _compared(self, decided: Decided, target: Wish | str, shadows: Shadowing, content: Carried) -> Decided:
        """For the share that the settings say: with a route to be asked too, afterwards."""
        share = self._options.shadow
        if target is not Wish.AUTO or share <= 0 or self._options.lot() >= share:
            return decided
        return msgspec.structs.replace(decided, shadow=shadows.of(decided, content))

    def _current(self) -> _Ground:
        policies, models = self._policies(), self._models()
        ground = self._ground
        if policies is not ground.policies or (models is not ground.models and models != ground.models):
            ground = self._ground = self._prepare(policies, models)
        return ground

    def _prepare(self, policies: Policies, models: tuple[Model, ...]) -> _Ground:
        forms = Forms(policies)
        planner = Planner(forms, models, self._options.pace, no_cloud=self._options.no_cloud)
        names = frozenset(model.name for model in models)
        room = min((model.context for model in models if model.context > 0), default=sys.maxsize)
        return _Ground(policies, models, names, room, planner, Shadowing(forms), Cache(_PLANS_KEPT))

    def _target(self, asked: str, names: frozenset[str]) -> Wish | str:
        asked = self._options.aliases.get(asked, asked)
        target = _WISHES.get(asked) or (asked if asked in names else None)
        if target is None:
            raise _unknown(asked, names)
        return target


def _planned(ground: _Ground, inquiry: Inquiry, size: Size) -> Going | Staying | Waiting:
    plan = ground.planner.plan(inquiry, size)
    # A request that is too long for some model is told its own sizes, so that plan is for it alone.
    return plan if Fit.NEVER in inquiry.fits else ground.plans.put(inquiry, plan)


def _expected(request: Request, size: Size) -> tuple[int, int]:
    """Tokens of the prompt and of the answer, as budgets set them aside. A size that was not counted is far too high."""
    return (size.likely if size.least else max(1, request.text_size // 4), size.answer)


def _unknown(asked: str, names: frozenset[str]) -> UnknownModel:
    known = [*sorted(names), *(wish.value for wish in Wish)]
    close = difflib.get_close_matches(asked[:_NAME_SHOWN], known, n=1, cutoff=0.6)
    ways = (worded(f"did you mean `{close[0]}`?"),) if close else ()
    shown = "".join(sign for sign in asked[:_NAME_SHOWN] if sign.isprintable())
    return UnknownModel(
        f"No model is called `{shown}`.",
        ways_on=(
            *ways,
            worded(f'a client that always asks for this name: `"{shown}" = "auto"` under `[aliases]` in `sampan.toml`'),
            worded(f"`auto` chooses among: {', '.join(sorted(names))}"),
        ),
        param="model",
    )


def _not_unmasked(labelled: Labelled, outcome: NotUnmasked, policy: str) -> Refused:
    return Refused(labelled, outcome.rules, outcome.reason, outcome.ways_on, policy=policy, code=PolicyRefused.code)
