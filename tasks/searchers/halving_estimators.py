"""Successive halving as scikit-learn estimators, over a grid and over random draws.

The arithmetic of the rounds does not belong here (`registry.plans`), nor who survives one (`schedules`).
"""

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from hyperparameter_tuning.registry.plans import (
    HalvingRules,
    exhaust_rows,
    halving_rungs,
    smallest_rows,
)
from hyperparameter_tuning.registry.search_context import Rung, SearchContext
from hyperparameter_tuning.tasks.searchers.candidates import Params
from hyperparameter_tuning.tasks.searchers.cv_results import Table
from hyperparameter_tuning.tasks.searchers.library_spaces import draws_of, grid_of, int_seed
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome
from hyperparameter_tuning.tasks.searchers.prepared import PreparedRounds
from hyperparameter_tuning.tasks.searchers.search_estimator import PlannedSearch, SearchEstimator


class HalvingEstimator(SearchEstimator):
    """What both halvings share: rounds, their attributes, and the best of the last round.

    Attributes:
        n_resources_: Rows of each round.
        n_candidates_: Candidates of each round.
        n_remaining_candidates_: Candidates that a further round would have.
        n_iterations_: Number of rounds.
        n_possible_iterations_: Rounds that the rows allow.
        n_required_iterations_: Rounds until less than ``factor`` candidates are left.
        min_resources_: Rows of the first round.
        max_resources_: Rows there are.
    """

    factor: Any
    min_resources: int | Literal["exhaust", "smallest"]
    max_resources: int | Literal["auto"]
    aggressive_elimination: bool
    random_state: Any

    @abstractmethod
    def _candidates(self, rules: HalvingRules) -> list[Params]:
        """Return the candidates of the first round."""

    def _plan(self, context: SearchContext) -> PlannedSearch:
        if not isinstance(self.refit, bool) or isinstance(self.scoring, list | tuple | set | dict):
            raise ValueError(
                "A halving decides by one metric after each round: give one scoring, and refit True or False."
            )
        rules = self._rules(context)
        candidates = self._candidates(rules)
        if self.min_resources == "exhaust":
            rules = replace(rules, first_rows=exhaust_rows(len(candidates), rules))
        rungs = tuple(
            Rung(rung.index, int(rung.n_resources), rung.n_candidates)
            for rung in halving_rungs(len(candidates), rules)
        )
        self._describe(rungs, rules)
        error_score = math.nan if self.error_score == "raise" else float(self.error_score)
        proposer = PreparedRounds(candidates, rungs, error_score)
        return PlannedSearch(proposer, replace(context, seed=int_seed(self.random_state)))

    def _rules(self, context: SearchContext) -> HalvingRules:
        most = context.n_samples if self.max_resources == "auto" else self.max_resources
        first = self.min_resources
        if isinstance(first, str):
            first = smallest_rows(context.n_splits, context.n_classes)
        if not 0 < first <= most:
            raise ValueError(f"The first round cannot have {first} rows: there are {most}.")
        return HalvingRules(self.factor, int(first), int(most), self.aggressive_elimination)

    def _describe(self, rungs: Sequence[Rung], rules: HalvingRules) -> None:
        self.max_resources_ = rules.all_rows
        self.min_resources_ = rules.first_rows
        self.n_resources_ = [rung.n_resources for rung in rungs]
        self.n_candidates_ = [rung.n_candidates for rung in rungs]
        self.n_remaining_candidates_ = math.ceil(rungs[-1].n_candidates / self.factor)
        self.n_iterations_ = len(rungs)
        self.n_required_iterations_ = self._rounds(rungs[0].n_candidates)
        self.n_possible_iterations_ = self._rounds(rules.all_rows // rules.first_rows)

    def _rounds(self, size: int) -> int:
        """Return how often *size* can be divided by the factor, and once more."""
        return 1 + math.floor(math.log(size, self.factor))

    def _extra_columns(
        self, trials: Sequence[TrialOutcome], context: SearchContext
    ) -> dict[str, Sequence[Any]]:
        rungs = [trial.rung or 0 for trial in trials]
        return {"iter": rungs, "n_resources": [self.n_resources_[rung] for rung in rungs]}

    def _best_index(self, table: Table, deciding: str) -> int:
        """Return the row of the best mean of the last round; the first of equal ones."""
        last = np.flatnonzero(table["iter"] == np.max(table["iter"]))
        means = table[f"mean_test_{deciding}"][last]
        return int(last[0 if np.isnan(means).all() else np.nanargmax(means)])


class HalvingGridSearch(HalvingEstimator):
    """Scores a grid on few rows, then the best of it on more; as scikit-learn's ``HalvingGridSearchCV``.

    The splits are made once for all rounds, so that any splitter may be used.

    Args:
        estimator: Unfitted estimator or pipeline.
        param_grid: As in `GridSearch`.
        factor: One candidate in so many survives a round, on so many times the rows.
        min_resources: Rows of the first round: a number, ``smallest`` (two per fold and class), or
            ``exhaust`` (as many as let the last round use all rows).
        max_resources: Rows of the last round at most; ``auto`` is all.
        aggressive_elimination: Repeat the first round's rows until few enough candidates are left.
        scoring: One metric; as in `GridSearch`.
        n_jobs: As in `GridSearch`.
        refit: Fit the best on all rows.
        cv: As in `GridSearch`.
        verbose: As in `GridSearch`.
        random_state: Seed of the rows that each round draws.
        error_score: As in `GridSearch`.
        return_train_score: As in `GridSearch`.
    """

    def __init__(  # noqa: PLR0913 - scikit-learn reads an estimator's parameters off its signature
        self,
        estimator: Any,
        param_grid: Any,
        *,
        factor: Any = 3,
        min_resources: int | Literal["exhaust", "smallest"] = "exhaust",
        max_resources: int | Literal["auto"] = "auto",
        aggressive_elimination: bool = False,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: bool = True,
        cv: Any = 5,
        verbose: int = 0,
        random_state: Any = None,
        error_score: Any = math.nan,
        return_train_score: bool = True,
    ) -> None:
        super().__init__(
            estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_grid = param_grid
        self.factor = factor
        self.min_resources = min_resources
        self.max_resources = max_resources
        self.aggressive_elimination = aggressive_elimination
        self.random_state = random_state

    def _candidates(self, rules: HalvingRules) -> list[Params]:
        return grid_of(self.param_grid)


class HalvingRandomSearch(HalvingEstimator):
    """Scores random candidates on few rows, then the best of them on more.

    Results equal those of scikit-learn's ``HalvingRandomSearchCV``.

    Args:
        estimator: Unfitted estimator or pipeline.
        param_distributions: As in `RandomSearch`.
        n_candidates: Candidates of the first round; ``exhaust`` is as many as first rounds fit into the rows.
        factor: As in `HalvingGridSearch`.
        min_resources: As in `HalvingGridSearch`; ``exhaust`` needs a number of candidates.
        max_resources: As in `HalvingGridSearch`.
        aggressive_elimination: As in `HalvingGridSearch`.
        scoring: One metric; as in `GridSearch`.
        n_jobs: As in `GridSearch`.
        refit: Fit the best on all rows.
        cv: As in `GridSearch`.
        verbose: As in `GridSearch`.
        random_state: Seed of the candidates and of the rows that each round draws.
        error_score: As in `GridSearch`.
        return_train_score: As in `GridSearch`.
    """

    def __init__(  # noqa: PLR0913 - scikit-learn reads an estimator's parameters off its signature
        self,
        estimator: Any,
        param_distributions: Any,
        *,
        n_candidates: int | Literal["exhaust"] = "exhaust",
        factor: Any = 3,
        min_resources: int | Literal["exhaust", "smallest"] = "smallest",
        max_resources: int | Literal["auto"] = "auto",
        aggressive_elimination: bool = False,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: bool = True,
        cv: Any = 5,
        verbose: int = 0,
        random_state: Any = None,
        error_score: Any = math.nan,
        return_train_score: bool = True,
    ) -> None:
        super().__init__(
            estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_distributions = param_distributions
        self.n_candidates = n_candidates
        self.factor = factor
        self.min_resources = min_resources
        self.max_resources = max_resources
        self.aggressive_elimination = aggressive_elimination
        self.random_state = random_state

    def _candidates(self, rules: HalvingRules) -> list[Params]:
        if self.n_candidates != "exhaust":
            return draws_of(self.param_distributions, self.n_candidates, self.random_state)
        if self.min_resources == "exhaust":
            raise ValueError("n_candidates and min_resources cannot both be 'exhaust': each needs the other.")
        return draws_of(self.param_distributions, rules.all_rows // rules.first_rows, self.random_state)
