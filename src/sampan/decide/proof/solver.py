"""Satisfiability of clauses: conflict-driven learning with two watched literals.

Source: Een and Sorensson, "An Extensible SAT-solver" (2003). A literal is a variable's number, negative when it is
denied. Small and plain: a policy set makes some hundreds of variables.
"""

from collections.abc import Iterable, Sequence

_DECAY, _LARGE = 1.05, 1e100

Clause = list[int]


class Solver:
    """Clauses may be added between two questions; what was learned stays."""

    def __init__(self) -> None:
        self._sound = True
        self._value = [0]
        self._level = [0]
        self._reason: list[Clause | None] = [None]
        self._activity = [0.0]
        self._phase = [-1]
        self._watched: dict[int, list[Clause]] = {}
        self._trail: list[int] = []
        self._starts: list[int] = []
        self._next = 0
        self._bump = 1.0
        self.model: tuple[int, ...] = ()

    def new(self, *, first: bool = False) -> int:
        """A variable; `first` is the value that is tried first."""
        number = len(self._value)
        self._value.append(0)
        self._level.append(0)
        self._reason.append(None)
        self._activity.append(0.0)
        self._phase.append(1 if first else -1)
        self._watched[number] = []
        self._watched[-number] = []
        return number

    def add(self, literals: Iterable[int]) -> None:
        """At least one of these holds."""
        self._undo(0)
        wanted = sorted(set(literals), key=abs)
        if any(-literal in wanted or self._of(literal) > 0 for literal in wanted):
            return
        left = [literal for literal in wanted if self._of(literal) == 0]
        if len(left) > 1:
            self._watch(left)
        elif not left or not self._enqueue(left[0], None) or self._propagate() is not None:
            self._sound = False

    def solve(self, assumed: Sequence[int] = (), conflicts: int = 20_000) -> bool | None:
        """Whether all clauses can hold under assumptions; None after too many conflicts. True: `model` says how."""
        self._undo(0)
        while self._sound:
            clash = self._propagate()
            if clash is not None:
                if not self._starts:
                    self._sound = False
                    break
                conflicts -= 1
                if conflicts < 0:
                    return None
                self._learn(clash)
                continue
            literal = self._decision(assumed)
            if literal is None:
                return False
            if literal == 0:
                self.model = tuple(self._value)
                return True
            self._starts.append(len(self._trail))
            self._enqueue(literal, None)
        return False

    def holds(self, literal: int) -> bool:
        """Whether a literal holds in the last `model`."""
        return (self.model[literal] if literal > 0 else -self.model[-literal]) > 0

    def _of(self, literal: int) -> int:
        return self._value[literal] if literal > 0 else -self._value[-literal]

    def _watch(self, clause: Clause) -> None:
        self._watched[clause[0]].append(clause)
        self._watched[clause[1]].append(clause)

    def _enqueue(self, literal: int, reason: Clause | None) -> bool:
        now = self._of(literal)
        if now:
            return now > 0
        variable = abs(literal)
        self._value[variable] = 1 if literal > 0 else -1
        self._level[variable] = len(self._starts)
        self._reason[variable] = reason
        self._trail.append(literal)
        return True

    def _propagate(self) -> Clause | None:
        """Follow what must be; the clause that cannot hold, if there is one."""
        while self._next < len(self._trail):
            false = -self._trail[self._next]
            self._next += 1
            watching, kept = self._watched[false], []
            for at, clause in enumerate(watching):
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], false
                if self._of(clause[0]) > 0 or not self._moved(clause):
                    kept.append(clause)
                    if not self._enqueue(clause[0], clause):
                        self._watched[false] = kept + watching[at + 1 :]
                        return clause
            self._watched[false] = kept
        return None

    def _moved(self, clause: Clause) -> bool:
        for at in range(2, len(clause)):
            if self._of(clause[at]) >= 0:
                clause[1], clause[at] = clause[at], clause[1]
                self._watched[clause[1]].append(clause)
                return True
        return False

    def _decision(self, assumed: Sequence[int]) -> int | None:
        """The next literal to try: 0 when all is decided, None when an assumption cannot hold."""
        while len(self._starts) < len(assumed):
            literal = assumed[len(self._starts)]
            if self._of(literal) < 0:
                return None
            if self._of(literal) == 0:
                return literal
            self._starts.append(len(self._trail))
        free = [variable for variable in range(1, len(self._value)) if not self._value[variable]]
        if not free:
            return 0
        chosen = max(free, key=self._activity.__getitem__)
        return chosen * self._phase[chosen]

    def _learn(self, clash: Clause) -> None:
        """Derive the clause of the first unique implication point, go back to where it bites, and follow it."""
        learned, back = self._derived(clash)
        self._undo(back)
        if len(learned) > 1:
            self._watch(learned)
            self._enqueue(learned[0], learned)
        elif not self._enqueue(learned[0], None):
            self._sound = False
        self._bump *= _DECAY
        if self._bump > _LARGE:
            self._activity = [activity / _LARGE for activity in self._activity]
            self._bump = 1.0

    def _derived(self, clash: Clause) -> tuple[Clause, int]:
        seen: set[int] = set()
        learned: Clause = []
        here, open_, at = len(self._starts), 0, len(self._trail)
        clause, skipped = clash, 0
        while True:
            for literal in clause:
                variable = abs(literal)
                if literal == skipped or variable in seen or not self._level[variable]:
                    continue
                seen.add(variable)
                self._activity[variable] += self._bump
                if self._level[variable] == here:
                    open_ += 1
                else:
                    learned.append(literal)
            at -= 1
            while abs(self._trail[at]) not in seen:
                at -= 1
            skipped = self._trail[at]
            open_ -= 1
            if not open_:
                break
            clause = self._reason[abs(skipped)] or []
        learned.sort(key=lambda literal: -self._level[abs(literal)])
        back = self._level[abs(learned[0])] if learned else 0
        return [-skipped, *learned], back

    def _undo(self, level: int) -> None:
        if len(self._starts) <= level:
            return
        start = self._starts[level]
        for literal in self._trail[start:]:
            self._value[abs(literal)] = 0
            self._reason[abs(literal)] = None
        del self._trail[start:]
        del self._starts[level:]
        self._next = start
