"""The ledger: what is used and what is set aside of each budget, exact when many requests run at once."""

import json
import threading
from collections.abc import Iterable, Sequence

import msgspec

from sampan.contract.answer import Usage
from sampan.contract.budget import EACH, Budget, Charge, Every
from sampan.contract.errors import OverBudget
from sampan.contract.models import Model, Realm
from sampan.contract.ports import Reserved
from sampan.contract.receipt import Spent
from sampan.contract.request import Json, Principal
from sampan.decide.calendar import Clock, Period, period_of
from sampan.decide.outlook import DEAR
from sampan.wording import worded

_KEPT, _MOST = 4096, 20_000
_NANO = 1000
"""US dollars per million tokens -> billionths of a dollar per token."""


class _Count:
    """One count of a budget, of one subject. held: set aside by requests under way."""

    __slots__ = (
        "budget",
        "held_nano",
        "held_requests",
        "held_tokens",
        "nano",
        "period",
        "requests",
        "subject",
        "tokens",
    )

    def __init__(self, budget: Budget, subject: str) -> None:
        self.budget, self.subject, self.period = budget, subject, ""
        self._clear()

    def _clear(self) -> None:
        self.nano = self.tokens = self.requests = 0
        self.held_nano = self.held_tokens = self.held_requests = 0

    def turn(self, period: str) -> None:
        """Begin anew when the period is over; never go back to an earlier one."""
        if period > self.period:
            self.period = period
            self._clear()

    def full(self, nano: int, tokens: int) -> bool:
        """Whether a request that may use this much has no room."""
        limit = self.budget
        return (
            (limit.usd is not None and self.nano + self.held_nano + nano > limit.usd * 1e9)
            or (limit.tokens is not None and self.tokens + self.held_tokens + tokens > limit.tokens)
            or (limit.requests is not None and self.requests + self.held_requests + 1 > limit.requests)
        )

    def hold(self, charge: Charge, sign: int) -> None:
        self.held_nano += sign * charge.nano
        self.held_tokens += sign * charge.tokens
        self.held_requests += sign * charge.requests

    def add(self, charge: Charge) -> None:
        self.nano += charge.nano
        self.tokens += charge.tokens
        self.requests += charge.requests


class Ledger:
    """Implements `contract.ports.Budgets`. One per process; safe to use from any thread."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock, self._lock = clock or Clock(), threading.Lock()
        self._budgets: tuple[Budget, ...] = ()
        self._counts: dict[tuple[str, str, str], _Count] = {}
        self._before: dict[tuple[str, str, str], Charge] = {}
        self._covering: dict[tuple[str, str, tuple[str, ...], Model], tuple[_Count, ...]] = {}
        self._periods: dict[tuple[Every, str], Period] = {}

    def __bool__(self) -> bool:
        """Whether there is any budget."""
        return bool(self._budgets)

    def put(self, budgets: tuple[Budget, ...]) -> None:
        """Put budgets in force; a count goes on under the same name, period and subject."""
        with self._lock:
            known = {(budget.name, budget.every.value): budget for budget in budgets}
            self._budgets, self._covering, self._periods = budgets, {}, {}
            for key, count in self._counts.items():
                count.budget = known.get(key[:2], count.budget)

    def load(self, before: Iterable[Charge]) -> None:
        """Take up the counts that former processes left."""
        with self._lock:
            for charge in before:
                self._before[charge.budget, charge.every, charge.subject] = charge
                self._clock.not_before(charge.at)

    def spent(self, principal: Principal, models: Sequence[Model], expected: Usage) -> tuple[tuple[str, ...], ...]:
        """As `Budgets`."""
        if not self._budgets:
            return ()
        with self._lock:
            now = self._clock.now()
            found = tuple([self._full(principal, model, expected, now) for model in models])
        return found if any(found) else ()

    def _full(self, principal: Principal, model: Model, expected: Usage, now: float) -> tuple[str, ...]:
        counts = self._counts_of(principal, model)
        if not counts:
            return ()
        nano, tokens = nano_of(model, expected), expected.input + expected.output
        for count in counts:
            count.turn(self._period(count.budget, now).name)
        return tuple(dict.fromkeys([count.budget.name for count in counts if count.full(nano, tokens)]))

    def opens_in(self, names: Iterable[str]) -> float:
        """As `Budgets`."""
        wanted = frozenset(names)
        with self._lock:
            now = self._clock.now()
            ends = [self._period(budget, now).end - now for budget in self._budgets if budget.name in wanted]
        return max(ends, default=0.0)

    def reserve(self, principal: Principal, model: Model, expected: Usage) -> tuple[Charge, ...]:
        """As `Budgets`."""
        with self._lock:
            now = self._clock.now()
            names = self._full(principal, model, expected, now)
            if not names:
                nano, tokens = nano_of(model, expected), expected.input + expected.output
                charges = tuple([_charge(count, nano, tokens, now) for count in self._counts_of(principal, model)])
                for charge in charges:
                    self._counts[_key(charge)].hold(charge, 1)
                return charges
        raise OverBudget(told(model, names), retry_after=self.opens_in(names))

    def used(self, reserved: Sequence[Reserved], paid: Sequence[Spent], *, left: bool) -> tuple[Charge, ...]:
        """As `Budgets`."""
        found: dict[tuple[str, str, str, str], Charge] = {}
        for model, charges in {model.name: (model, charges) for model, charges in reserved}.values():
            usages = [each.usage for each in paid if each.model.name == model.name]
            nano = sum(nano_of(model, usage) for usage in usages)
            tokens = sum(usage.input + usage.output for usage in usages)
            for charge in charges:
                key = (charge.budget, charge.every, charge.subject, charge.period)
                so_far = found.get(key)
                found[key] = msgspec.structs.replace(
                    charge,
                    nano=nano + (so_far.nano if so_far else 0),
                    tokens=tokens + (so_far.tokens if so_far else 0),
                    requests=max(int(bool(tokens) or left), so_far.requests if so_far else 0),
                )
        return tuple(charge for charge in found.values() if charge.nano or charge.tokens or charge.requests)

    def settle(self, reserved: Iterable[Charge], charges: Iterable[Charge]) -> None:
        """As `Budgets`. What belongs to a period that is over changes nothing in the next."""
        with self._lock:
            for charge in reserved:
                count = self._counts.get(_key(charge))
                if count is not None and count.period == charge.period:
                    count.hold(charge, -1)
            for charge in charges:
                count = self._counts.get(_key(charge))
                if count is not None and count.period == charge.period:
                    count.add(charge)

    def listed(self) -> list[Json]:
        """What is used and left of every budget, by whose count it is."""
        with self._lock:
            now = self._clock.now()
            return [self._shown(budget, now) for budget in self._budgets]

    def _shown(self, budget: Budget, now: float) -> Json:
        period = self._period(budget, now)
        known = {key[2] for key in (*self._counts, *self._before) if key[:2] == (budget.name, budget.every.value)}
        if not known and EACH not in (budget.user, budget.group, budget.application, budget.model):
            known = {_subject(("", "", "", ""))}
        counts = [self._count(budget, subject) for subject in sorted(known)]
        for count in counts:
            count.turn(period.name)
        limits = {"usd": budget.usd, "tokens": budget.tokens, "requests": budget.requests}
        fits = {"user": budget.user, "group": budget.group, "application": budget.application, "model": budget.model}
        return {
            "name": budget.name,
            "every": budget.every.value,
            "of": {name: value for name, value in fits.items() if value},
            "limit": {name: value for name, value in limits.items() if value is not None},
            "period": period.name,
            "until": period.end,
            "counts": [_count_shown(count) for count in counts],
        }

    def _counts_of(self, principal: Principal, model: Model) -> tuple[_Count, ...]:
        key = (principal.user, principal.app, principal.groups, model)
        counts = self._covering.get(key)
        if counts is None:
            if len(self._covering) >= _KEPT:
                self._covering.clear()
            subjects = [(budget, each) for budget in self._budgets for each in subjects_of(budget, principal, model)]
            counts = self._covering[key] = tuple([self._count(budget, subject) for budget, subject in subjects])
        return counts

    def _count(self, budget: Budget, subject: str) -> _Count:
        key = (budget.name, budget.every.value, subject)
        count = self._counts.get(key)
        if count is None:
            if len(self._counts) >= _MOST:
                self._forget_old()
            count = self._counts[key] = _Count(budget, subject)
            before = self._before.get(key)
            if before is not None:
                count.turn(before.period)
                count.add(before)
        return count

    def _forget_old(self) -> None:
        """Counts of periods that are over; a caller may call itself by ever new names."""
        self._covering.clear()
        now = self._clock.now()
        for key, count in list(self._counts.items()):
            if count.period < self._period(count.budget, now).name:
                del self._counts[key]

    def _period(self, budget: Budget, now: float) -> Period:
        key = (budget.every, budget.zone)
        period = self._periods.get(key)
        if period is None or now >= period.end:
            period = self._periods[key] = period_of(budget.every, now, budget.zone)
        return period


def is_free(model: Model) -> bool:
    """Whether asking a model costs nothing, as far as somebody said; what nobody priced is free on own devices alone."""
    return not (model.price.input or model.price.output) and (model.price.known or model.realm is Realm.PERSONAL)


def nano_of(model: Model, usage: Usage) -> int:
    """Billionths of a US dollar; a model that nobody priced counts as the dearest."""
    price = model.price if model.price.known or model.realm is Realm.PERSONAL else DEAR
    return round((usage.input * price.input + usage.output * price.output) * _NANO)


def subjects_of(budget: Budget, principal: Principal, model: Model) -> list[str]:
    """Whose counts a request adds to; empty when the budget does not cover it."""
    if budget.model not in {"", EACH, model.name} or (budget.model != model.name and is_free(model)):
        return []
    if budget.user not in {"", EACH, principal.user} or budget.application not in {"", EACH, principal.app}:
        return []
    groups: tuple[str, ...] = ("",)
    if budget.group:
        groups = principal.groups if budget.group == EACH else tuple(g for g in principal.groups if g == budget.group)
    own = [name if said == EACH else "" for said, name in
           ((budget.user, principal.user), (budget.application, principal.app), (budget.model, model.name))]  # fmt: skip
    return [
        _subject((own[0], group if budget.group == EACH else "", own[1], own[2])) for group in dict.fromkeys(groups)
    ]


def told(model: Model, names: Sequence[str]) -> str:
    """Why a model may not be asked now."""
    spent = " and ".join(f"`{name}`" for name in names)
    return worded(f"`{model.name}` may not have this request: the budget {spent} is spent.")


def _subject(names: tuple[str, str, str, str]) -> str:
    return json.dumps(names, ensure_ascii=False, separators=(",", ":"))


def _key(charge: Charge) -> tuple[str, str, str]:
    return (charge.budget, charge.every, charge.subject)


def _charge(count: _Count, nano: int, tokens: int, now: float) -> Charge:
    budget = count.budget
    return Charge(budget.name, budget.every.value, count.subject, count.period, nano, tokens, 1, now)


def _count_shown(count: _Count) -> Json:
    limit = count.budget
    used = {"usd": count.nano / 1e9, "tokens": count.tokens, "requests": count.requests}
    held = {"usd": count.held_nano / 1e9, "tokens": count.held_tokens, "requests": count.held_requests}
    limits = {"usd": limit.usd, "tokens": limit.tokens, "requests": limit.requests}
    left = {name: max(0, most - used[name] - held[name]) for name, most in limits.items() if most is not None}
    user, group, application, model = json.loads(count.subject)
    whose = {"user": user, "group": group, "application": application, "model": model}
    return {"whose": {name: value for name, value in whose.items() if value}, "used": used, "held": held, "left": left}
