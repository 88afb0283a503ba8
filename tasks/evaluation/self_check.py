"""The engine's doubt in itself: one cell per search and path rule is fitted plainly too, and compared.

Fitting does not belong here (`family_work`), nor the proof that a rule is right: that is the tests' business.
This finds what they cannot know of, a patched library or an estimator that is not what its class says.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hyperparameter_tuning.tasks.evaluation.assignments import Assignment
from hyperparameter_tuning.tasks.evaluation.families import Family
from hyperparameter_tuning.tasks.evaluation.unit_warnings import WarningCount

BUDGET = 0.03
"""A check may cost this share of its rule's expected work; otherwise there is none, and it is said so. One
that is longer than the shortest may cost this share of the time, since one process alone works on it."""

_MISMATCH = (
    "Scores by the path rule '{}' were not those of plain fits, so every candidate was fitted by itself. "
    "A patched library may be the reason."
)

Outcome = Literal["equal", "different", "not_checked"]


@dataclass(frozen=True, slots=True)
class PathCheck:
    """What became of one rule's check.

    Attributes:
        rule: Name of the rule.
        outcome: ``equal`` to the bit; ``different``, and every candidate was fitted plainly; ``not_checked``,
            because one cell would have cost more than `BUDGET` of the rule's work, or none rested on it.
    """

    rule: str
    outcome: Outcome


class SelfCheck:
    """The checks of one search."""

    def __init__(self) -> None:
        self._outcomes: dict[str, Outcome] = {}
        self._pending: set[str] = set()
        self._missed: set[str] = set()
        self._expected: defaultdict[str, float] = defaultdict(float)

    @property
    def off(self) -> frozenset[str]:
        """Names of the rules that were found wrong."""
        return frozenset(rule for rule, outcome in self._outcomes.items() if outcome == "different")

    def trusts(self, rules: Iterable[str]) -> bool:
        """Say whether results that rest on *rules* may be told: none of them awaits its check, or wrong."""
        return self._pending.isdisjoint(rules) and self.off.isdisjoint(rules)

    def outcomes(self) -> tuple[PathCheck, ...]:
        """Return what became of each rule that was used, by name."""
        return tuple(PathCheck(rule, self._outcomes[rule]) for rule in sorted(self._outcomes))

    def judge(self, rules: Iterable[str], equal: bool) -> None:
        """Note what a check came to, for all rules of the cell: which one is wrong is not known."""
        for rule in rules:
            self._pending.discard(rule)
            self._missed.discard(rule)
            self._outcomes[rule] = "equal" if equal else "different"

    def miss(self, rules: Iterable[str]) -> None:
        """Note that a cell did not rest on *rules* after all: any other that does may stand for it."""
        self._missed.update(rules)

    def missed(self, rules: Iterable[str]) -> bool:
        """Say whether the cell of one of *rules* did not rest on it, and none stood for it yet."""
        return not self._missed.isdisjoint(rules)

    def give_up(self) -> None:
        """Note that no cell of a call rested on the rules that were missed: the next call may check them."""
        self._pending -= self._missed
        self._missed.clear()

    def warnings(self) -> tuple[WarningCount, ...]:
        """Return a warning for each rule that was found wrong."""
        return tuple(
            WarningCount("builtins.RuntimeWarning", _MISMATCH.format(rule), 1) for rule in sorted(self.off)
        )

    def chosen(self, work: Sequence[Assignment], n_workers: int = 1) -> list[Assignment]:
        """Return *work* with a cell to check for each rule not checked yet, where one is cheap enough.

        The cell is from the cheaper third of its path: the longest whose share of the time is within the
        budget, else the shortest, if its share of the work is. Work of earlier calls counts: a strategy that
        asks for a few candidates at a time gets its check once that is little beside what was done.

        Args:
            work: What is to be done.
            n_workers: Processes that work at once.
        """
        places = _places(work)
        for rule, families in places.items():
            self._expected[rule] += sum(_seconds(work, place) for place in families)
        marked = list(work)
        for rule, families in places.items():
            if self._outcomes.get(rule, "not_checked") != "not_checked" or rule in self._pending:
                continue
            self._outcomes[rule] = "not_checked"
            cell = _cell(work, rule, families, BUDGET * self._expected[rule], n_workers)
            if cell is not None and marked[cell[0]].check is None:
                at, index, member = cell
                marked[at] = replace(marked[at], check=(index, member))
                self._pending.update(work[at].families[index].rules)
        return marked


_Place = tuple[int, int]


def _places(work: Sequence[Assignment]) -> dict[str, list[_Place]]:
    """Return where the families of each rule are: numbers of assignment and family."""
    places: defaultdict[str, list[_Place]] = defaultdict(list)
    for at, assignment in enumerate(work):
        for index, family in enumerate(assignment.families):
            for rule in family.rules:
                places[rule].append((at, index))
    return dict(places)


def _seconds(work: Sequence[Assignment], place: _Place) -> float:
    assignment = work[place[0]]
    return assignment.seconds / len(assignment.families)


def _cell(
    work: Sequence[Assignment], rule: str, families: Sequence[_Place], budget: float, n_workers: int
) -> tuple[int, int, int] | None:
    """Return assignment, family and member: of a cheaper third, the longest or the shortest within budget."""
    at, index = _cheap_place(work, rule, families)
    members = _cheap_members(work[at].families[index])
    costs = {member: _cost(work, (at, index), member) for member in members}
    fitting = [member for member in members if costs[member] <= budget / n_workers]
    fitting += [member for member in members[-1:] if costs[member] <= budget]
    return (at, index, fitting[0]) if fitting else None


def _cheap_place(work: Sequence[Assignment], rule: str, families: Sequence[_Place]) -> _Place:
    """Return the cheapest family; of equal ones, the longest of the shorter third of a step's path."""
    costs = {
        (at, index): _cost(work, (at, index), _cheap_members(work[at].families[index])[0])
        for at, index in families
    }
    least = min(costs.values())
    cheapest = [place for place in families if costs[place] == least]
    cheapest.sort(key=lambda place: _step_length(work[place[0]].families[place[1]], rule))
    return cheapest[(len(cheapest) - 1) // 3]


def _step_length(family: Family, rule: str) -> float:
    return next((stem.length for stem in family.first.stems if stem.rule.name == rule), 0.0)


def _cost(work: Sequence[Assignment], place: _Place, member: int) -> float:
    """Return the seconds of a check: those of the member, or all that share a step which costs more."""
    family = work[place[0]].families[place[1]]
    if any(stem.is_costly for stem in family.first.stems):
        return sum(
            _seconds(work, (at, index))
            for at, assignment in enumerate(work)
            for index, each in enumerate(assignment.families)
            if each.shared_key == family.shared_key
        )
    return _seconds(work, place) * _share(family, member)


def _cheap_members(family: Family) -> list[int]:
    """Return the cheaper third, the longest first: short prefixes hardly check anything."""
    rule = family.rule
    if rule is None:
        return [0]
    order = sorted(range(len(family.units)), key=lambda index: rule.length(family.profiles[index].path))
    return order[: (len(order) - 1) // 3 + 1][::-1]


def _share(family: Family, index: int) -> float:
    rule = family.rule
    if rule is None or not rule.grows:
        return 1.0
    lengths = [rule.length(profile.path) for profile in family.profiles]
    return (rule.start + lengths[index]) / (rule.start + max(lengths))
