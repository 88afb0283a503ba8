"""What the engine may cost besides fitting and scoring, and how busy it keeps two processes.

Each figure has a limit. It is measured within one run against a bare loop over the same candidates and folds,
by turns; the median of the differences counts. Ratios do not belong here (`benchmarks.engine`).
"""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.model_selection import ParameterGrid, StratifiedKFold
from sklearn.naive_bayes import GaussianNB

from benchmarks.engine_cases import CASES
from benchmarks.engine_memory import memory_per_worker
from benchmarks.engine_tables import TABLES
from benchmarks.optuna_trials import MOST_TIMES_OWN, SPACE, SPACES, costs
from benchmarks.paired import cost_of
from hyperparameter_tuning.tasks.searchers import GridSearch

TURNS = 9


@dataclass(frozen=True)
class Limit:
    """One figure.

    Attributes:
        label: As in the published table.
        unit: Of the figure.
        bound: At most, or at least, this.
        at_most: Which of the two.
        measure: Returns the figure.
    """

    label: str
    unit: str
    bound: float
    at_most: bool
    measure: Callable[[], float]

    def holds(self, value: float) -> bool:
        """Whether *value* keeps to the bound."""
        return value <= self.bound if self.at_most else value >= self.bound


def per_fit(estimator: Any, space: Mapping[str, Sequence[Any]]) -> Callable[[], float]:
    """Return what measures the milliseconds of CPU per fit above a bare loop, on wine and five folds."""

    def measure() -> float:
        X, y = load_wine(return_X_y=True)
        cv = StratifiedKFold(5)
        search = GridSearch(estimator, space, refit=False, cv=cv, n_jobs=1)
        candidates = list(ParameterGrid(dict(space)))

        def loop() -> None:
            for train, test in cv.split(X, y):
                for params in candidates:
                    model = clone(estimator).set_params(**params).fit(X[train], y[train])
                    model.score(X[test], y[test])

        return _above(lambda: search.fit(X, y), loop) / (5 * len(candidates))

    return measure


def optuna_per_trial() -> float:
    """Return the CPU of a trial above its fits over Optuna's own: TPE, eight parameters, batches."""
    return costs(SPACES[SPACE])[2]


def utilisation() -> float:
    """Return the share of two warm processes that was busy, in a search of more than five seconds of work."""
    case = CASES["forest-linear"]
    X, y = TABLES[case.table]()
    search = GridSearch(case.estimator, case.space, refit=False, cv=5, n_jobs=2)
    search.fit(X, y)
    costs = [cost_of(lambda: search.fit(X, y)) for _ in range(3)]
    return statistics.median(cost.cpu / (2 * cost.wall) for cost in costs)


def _above(search: Callable[[], Any], loop: Callable[[], Any]) -> float:
    """Return the median difference in milliseconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search()
        differences = []
        for turn in range(TURNS):
            first, second = (search, loop) if turn % 2 == 0 else (loop, search)
            a, b = cost_of(first).cpu, cost_of(second).cpu
            differences.append(a - b if turn % 2 == 0 else b - a)
    return 1000 * statistics.median(differences)


LIMITS: Mapping[str, Limit] = {
    "tiny": Limit(
        "tiny fits on a path (GaussianNB on wine, 60 x 5) above a pure fit-and-score loop",
        "ms per fit",
        0.2,
        True,
        per_fit(GaussianNB(), {"var_smoothing": list(np.logspace(-12, -1, 60))}),
    ),
    "tiny-plain": Limit(
        "tiny fits without a path (QDA on wine, 60 x 5) above a pure fit-and-score loop",
        "ms per fit",
        0.2,
        True,
        per_fit(QuadraticDiscriminantAnalysis(), {"reg_param": list(np.linspace(0.01, 0.99, 60))}),
    ),
    "optuna": Limit(
        "Optuna TPE, 8 parameters, 200 trials, batches of 8, above the trials themselves",
        "times Optuna's own ask and tell",
        MOST_TIMES_OWN,
        True,
        optuna_per_trial,
    ),
    "utilisation": Limit(
        "two processes busy, forest on digits, more than 5 s of work", "of 1", 0.93, False, utilisation
    ),
    "memory": Limit(
        "memory of a worker above an idle one (SGD on 200k x 100, 4 x 5), the shared file apart",
        "copies of a fold",
        1.2,
        True,
        memory_per_worker,
    ),
}
