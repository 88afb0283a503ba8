"""Successive halving as scikit-learn estimators, over a grid and over random draws.

Rounds, their rows and their survivors are scikit-learn's own (``BaseSuccessiveHalving``); those of jobs do
not belong here (`schedules`).
"""

from typing import Any

from sklearn.model_selection._search_successive_halving import HalvingGridSearchCV, HalvingRandomSearchCV

from hyperparameter_tuning.tasks.searchers.library_spaces import draws_of, grid_of
from hyperparameter_tuning.tasks.searchers.search_estimator import SearchEstimator


class HalvingGridSearch(HalvingGridSearchCV, SearchEstimator):  # type: ignore[misc]
    """Scores a grid on few rows, then the best of it on more; as scikit-learn's ``HalvingGridSearchCV``.

    Args:
        estimator: Unfitted estimator or pipeline.
        param_grid: As in `GridSearch`.
        factor: One candidate in so many survives a round, on so many times the resources.
        resource: ``n_samples``, or a parameter of the estimator that counts something.
        max_resources: Resources of the last round at most; ``auto`` is all rows.
        min_resources: Resources of the first round: a number, ``smallest`` (two rows per fold and class, or
            1), or ``exhaust`` (as many as let the last round use all).
        aggressive_elimination: Repeat the first round's resources until few enough candidates are left.
        cv: As in `GridSearch`; it must give the same folds each time.
        scoring: One metric; as in `GridSearch`.
        refit: Fit the best on all rows.
        error_score: As in `GridSearch`.
        return_train_score: As in `GridSearch`.
        random_state: Seed of the rows that each round draws.
        n_jobs: As in `GridSearch`.
        verbose: As in `GridSearch`.
    """

    def _generate_candidate_params(self) -> Any:
        return grid_of(self.param_grid)


class HalvingRandomSearch(HalvingRandomSearchCV, SearchEstimator):  # type: ignore[misc]
    """Scores random candidates on few rows, then the best of them on more.

    Results equal those of scikit-learn's ``HalvingRandomSearchCV``.

    Args:
        estimator: Unfitted estimator or pipeline.
        param_distributions: As in `RandomSearch`.
        n_candidates: Candidates of the first round; ``exhaust`` is as many as the resources allow.
        factor: As in `HalvingGridSearch`.
        resource: As in `HalvingGridSearch`.
        max_resources: As in `HalvingGridSearch`.
        min_resources: As in `HalvingGridSearch`; ``exhaust`` needs a number of candidates.
        aggressive_elimination: As in `HalvingGridSearch`.
        cv: As in `HalvingGridSearch`.
        scoring: One metric; as in `GridSearch`.
        refit: Fit the best on all rows.
        error_score: As in `GridSearch`.
        return_train_score: As in `GridSearch`.
        random_state: Seed of the candidates and of the rows that each round draws.
        n_jobs: As in `GridSearch`.
        verbose: As in `GridSearch`.
    """

    def _generate_candidate_params(self) -> Any:
        n = self.n_candidates
        if n == "exhaust":
            # As many as let the last round use all resources.
            n = self.max_resources_ // self.min_resources_
        return draws_of(self.param_distributions, n, self.random_state)
