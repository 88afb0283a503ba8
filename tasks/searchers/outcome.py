"""What a search came to: one outcome per candidate and rung, and the best of those that may be compared.

Running a search does not belong here (`search`), nor tables for the library (`cv_results`).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from hyperparameter_tuning.tasks.evaluation.requests import FoldResult

TrialState = Literal["complete", "failed", "pruned", "interrupted"]
Reason = Literal["exhausted", "max_trials", "max_seconds", "target_score", "no_improvement", "user"]


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """One candidate at one resource.

    Attributes:
        trial: Number of the candidate within the search, from 0.
        params: Typed hyperparameters.
        state: ``complete`` on every fold, ``failed`` on some, ``pruned`` by the strategy, or ``interrupted``
            by the end of the search.
        resource: As in `Request`.
        rung: Round of a halving.
        folds: Finished folds, in their order.
        prefix_of: As in `Request`.
    """

    trial: int
    params: Mapping[str, Any]
    state: TrialState
    resource: float | None
    rung: int | None
    folds: tuple[FoldResult, ...]
    prefix_of: int | None = None

    @property
    def level(self) -> float:
        """Share of the rows used; scores of different levels are never compared."""
        return 1.0 if self.resource is None else self.resource

    @property
    def error(self) -> str | None:
        """The first fold's error, or None."""
        return next((fold.error for fold in self.folds if fold.error), None)

    def scores(self) -> dict[str, float]:
        """Return the mean test score of each metric that every finished fold has, greater is better."""
        return {name: float(np.mean(values)) for name, values in self._by_metric().items()}

    def stds(self) -> dict[str, float]:
        """Return the standard deviation over the folds for each metric that every finished fold has."""
        return {name: float(np.std(values)) for name, values in self._by_metric().items()}

    def _by_metric(self) -> dict[str, list[float]]:
        names = self.folds[0].scores if self.folds else ()
        return {
            name: [fold.scores[name] for fold in self.folds]
            for name in names
            if all(name in fold.scores for fold in self.folds)
        }


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """What a search came to.

    Attributes:
        trials: One per candidate and rung, in the order in which they were first asked for.
        reason: Why it ended.
        metric: Key of the metric that decided.
        best: See `best_of`; None when no candidate is complete.
    """

    trials: tuple[TrialOutcome, ...]
    reason: Reason
    metric: str
    best: TrialOutcome | None

    def count(self, state: TrialState) -> int:
        """Return how many entries of `trials` are in *state*."""
        return sum(trial.state == state for trial in self.trials)

    @property
    def most_frequent_error(self) -> str | None:
        """The error that most failed trials met first, or None when none failed."""
        return most_frequent_error(self.trials)


def best_of(trials: Iterable[TrialOutcome], metric: str) -> TrialOutcome | None:
    """Return the best complete trial of the highest resource that any complete trial has.

    Ties go to the one asked for first, as ``argmin`` of scikit-learn's ranks gives them.
    """
    best: TrialOutcome | None = None
    for trial in trials:
        if trial.state == "complete" and is_better(trial, best, metric):
            best = trial
    return best


def is_better(trial: TrialOutcome, best: TrialOutcome | None, metric: str) -> bool:
    """Say whether a complete trial takes the place of the best so far: more rows, or a greater score.

    A trial whose score is not a number takes no place.
    """
    score = trial.scores().get(metric, math.nan)
    if math.isnan(score):
        return False
    if best is None or trial.level != best.level:
        return best is None or trial.level > best.level
    return score > best.scores()[metric]


def most_frequent_error(trials: Iterable[TrialOutcome]) -> str | None:
    """Return the first error that most failed trials share, or None when none failed."""
    errors = Counter(trial.error for trial in trials if trial.state == "failed" and trial.error)
    return errors.most_common(1)[0][0] if errors else None
