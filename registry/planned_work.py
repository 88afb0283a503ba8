"""How much work a search is: candidates, trials and fits, from the plan that its strategy follows.

Plans do not belong here (`registry.plans`), nor how long a fit takes (`jobs.durations`). An editor's
estimate, a stored job and the search itself count by these lines, so that they cannot differ.
"""

from dataclasses import dataclass

from hyperparameter_tuning.registry.search_context import Basis, Plan, Rung


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """The work of one search.

    Attributes:
        candidates: Candidates of the strategy, prefixes of their fits among them; None when unbounded.
        references: Candidates scored outside of it: current parameters, library defaults.
        rungs: Rounds of a halving; empty for others.
        basis: Whether the numbers are exact, an upper bound, or open.
        splits: Folds times repeats.
        confirmed: Whether the best of a halving is scored once more, since its last round left rows out.
        rows: Rows that the folds divide; 0 while unknown.
    """

    candidates: int | None
    references: int
    rungs: tuple[Rung, ...]
    basis: Basis
    splits: int
    confirmed: bool
    rows: int

    @property
    def trials(self) -> int | None:
        """Candidates to be scored in all, the references among them."""
        return None if self.candidates is None else self.candidates + self.references

    @property
    def fits(self) -> int | None:
        """Candidates on folds, in all rounds; without the refit at the end."""
        if self.candidates is None:
            return None
        per_rung = [rung.n_candidates for rung in self.rungs]
        scored = sum(per_rung) + self.confirmed if per_rung else self.candidates
        return (scored + self.references) * self.splits

    @property
    def full_fits(self) -> float | None:
        """The fits as if each had all rows: a round on a tenth of them counts a tenth."""
        if self.candidates is None:
            return None
        if not self.rungs:
            return float((self.candidates + self.references) * self.splits)
        shares = sum(rung.n_candidates * rung.n_resources / self.rows for rung in self.rungs)
        return (shares + self.confirmed + self.references) * self.splits


def planned_work(plan: Plan, *, references: int, splits: int, rows: int) -> PlannedWork:
    """Return the work of a search.

    Args:
        plan: What the strategy will do.
        references: Candidates scored outside of it.
        splits: Folds times repeats.
        rows: Rows that the folds divide; 0 while unknown.
    """
    rungs = plan.rungs if rows else ()
    confirmed = bool(rungs) and rungs[-1].n_resources < rows
    candidates = None if plan.candidates is None else plan.candidates * (1 + plan.prefixes)
    return PlannedWork(candidates, references, rungs, plan.basis, splits, confirmed, rows)
