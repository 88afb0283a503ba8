"""What all search estimators share: one ``fit`` around the driver and the seam.

What is proposed does not belong here; each class in `estimators` says that.
"""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from joblib import effective_n_jobs
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone, is_classifier
from sklearn.model_selection import check_cv
from sklearn.utils import Tags, get_tags, indexable
from sklearn.utils.validation import _num_samples, check_is_fitted

from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.evaluation.evaluator import Evaluator
from hyperparameter_tuning.tasks.evaluation.fold_rows import Split
from hyperparameter_tuning.tasks.evaluation.scoring import SINGLE_METRIC
from hyperparameter_tuning.tasks.searchers.best_estimator_methods import BestEstimatorMethods
from hyperparameter_tuning.tasks.searchers.cv_results import Table, TableShape, cv_results, origins
from hyperparameter_tuning.tasks.searchers.library_scoring import Scoring, check_refit, resolve_scoring
from hyperparameter_tuning.tasks.searchers.library_warnings import warn_of_failures, warn_of_warnings
from hyperparameter_tuning.tasks.searchers.limits import SearchLimits
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome
from hyperparameter_tuning.tasks.searchers.printed_progress import PrintedProgress
from hyperparameter_tuning.tasks.searchers.proposer import Proposer
from hyperparameter_tuning.tasks.searchers.search import run_search


@dataclass(frozen=True, slots=True)
class PlannedSearch:
    """What a class of search does with the data at hand.

    Attributes:
        proposer: Its strategy.
        context: What the strategy is told.
        limits: What ends the search early.
    """

    proposer: Proposer
    context: SearchContext
    limits: SearchLimits | None = None


class SearchEstimator(BestEstimatorMethods, MetaEstimatorMixin, BaseEstimator, ABC):  # type: ignore[misc]
    """A search that is an estimator: `fit` finds the best parameters and refits with them.

    Attributes:
        cv_results_: Columns by name, one row per candidate (and round); as scikit-learn's.
        best_index_: Row of the best candidate.
        best_params_: Its parameters.
        best_score_: Its mean test score; absent where ``refit`` is a callable.
        best_estimator_: Fitted with them on all rows; absent where ``refit`` is False.
        refit_time_: Seconds of that fit.
        n_splits_: Number of folds.
        scorer_: The scorer, or the scorers by name.
        multimetric_: Whether there are several metrics.
        cell_origins_: How each cell came about, shape (n_rows, n_splits): ``fitted``, ``prefix`` of another
            candidate's fit, ``shared`` steps before the model, ``""`` where a strategy left a fold out.
        path_checks_: What became of the check of each path rule.
        feature_names_in_: Column names seen by `fit`, where the best estimator has them.
    """

    def __init__(  # noqa: PLR0913 - what every search takes; each class has its own defaults
        self,
        estimator: Any,
        *,
        scoring: Any,
        n_jobs: int | None,
        refit: Any,
        cv: Any,
        verbose: int,
        error_score: Any,
        return_train_score: bool,
    ) -> None:
        self.estimator = estimator
        self.scoring = scoring
        self.n_jobs = n_jobs
        self.refit = refit
        self.cv = cv
        self.verbose = verbose
        self.error_score = error_score
        self.return_train_score = return_train_score

    _watcher: SearchObserver | None = None

    def watch(self, observer: SearchObserver | None) -> Self:
        """Tell *observer* of each candidate and fold of the coming fits; None, and a clone, tell nobody."""
        self._watcher = observer
        return self

    @abstractmethod
    def _plan(self, context: SearchContext) -> PlannedSearch:
        """Say what to search, given the size of the data."""

    def fit(self, X: Any, y: Any = None) -> Self:
        """Search, then refit with the best parameters on all rows.

        Args:
            X: Features, shape (n_rows, n_features).
            y: Target, shape (n_rows,), or None.

        Returns:
            This search.

        Raises:
            ValueError: an argument is wrong, or every fit failed.
        """
        scoring = resolve_scoring(self.estimator, self.scoring)
        if scoring.multimetric:
            check_refit(self.refit, list(scoring.public))
        X, y = indexable(X, y)
        splits = self._splits(X, y)
        planned = self._plan(self._context(X, y, len(splits)))
        trials = self._search(planned, scoring, (X, y), splits)
        if scoring.multimetric is None and scoring.metrics(trials) != [SINGLE_METRIC]:
            check_refit(self.refit, scoring.metrics(trials))
        self._keep(trials, scoring, planned.context)
        self.n_splits_ = len(splits)
        if self.refit:
            self._refit(X, y)
        return self

    def score(self, X: Any, y: Any = None) -> float:
        """Return the deciding metric's score of the best estimator.

        Args:
            X: Features, shape (n_rows, n_features).
            y: Target, shape (n_rows,), or None.
        """
        check_is_fitted(self)
        if not self.refit:
            raise AttributeError(
                f"This {type(self).__name__} was made with refit={self.refit!r}: it cannot score."
            )
        several = isinstance(self.scorer_, Mapping)
        scorer = self.scorer_[self.refit] if several else self.scorer_
        score = scorer(self.best_estimator_, X, y)
        return float(score[self.refit] if self.multimetric_ and not several else score)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        tags.estimator_type = inner.estimator_type
        tags.classifier_tags = deepcopy(inner.classifier_tags)
        tags.regressor_tags = deepcopy(inner.regressor_tags)
        tags.input_tags.pairwise = inner.input_tags.pairwise
        tags.input_tags.sparse = inner.input_tags.sparse
        return tags

    def _splits(self, X: Any, y: Any) -> list[Split]:
        splitter = check_cv(self.cv, y, classifier=is_classifier(self.estimator))
        splits = list(splitter.split(X, y))
        if len(splits) != splitter.get_n_splits(X, y):
            raise ValueError(
                f"The splitter promised {splitter.get_n_splits(X, y)} folds, but gave {len(splits)}."
            )
        return splits

    def _context(self, X: Any, y: Any, n_splits: int) -> SearchContext:
        deciding = self.refit if isinstance(self.refit, str) else SINGLE_METRIC
        return SearchContext(
            space=(),
            options=None,
            n_samples=_num_samples(X),
            n_splits=n_splits,
            n_classes=len(np.unique(y)) if is_classifier(self.estimator) else 0,
            n_jobs=effective_n_jobs(self.n_jobs),
            metric=deciding if not isinstance(self.scoring, str) else SINGLE_METRIC,
        )

    def _search(
        self, planned: PlannedSearch, scoring: Scoring, data: tuple[Any, Any], splits: Sequence[Split]
    ) -> list[TrialOutcome]:
        evaluator = Evaluator(
            clone(self.estimator),
            *data,
            splits,
            scoring.scorers,
            n_jobs=self.n_jobs,
            seed=planned.context.seed,
            on_error="raise" if self.error_score == "raise" else "record",
            keep_non_finite=True,
            return_train_score=self.return_train_score,
        )
        try:
            outcome = run_search(
                planned.proposer,
                planned.context,
                evaluator.evaluate,
                observer=self._watcher or (PrintedProgress(self.verbose) if self.verbose else None),
                limits=planned.limits,
            )
        finally:
            # The next search of this interpreter finds the processes warm.
            evaluator.close(shut_down_pool=False)
        trials = [trial for trial in outcome.trials if trial.state != "interrupted"]
        self.path_checks_ = evaluator.path_checks()
        warn_of_warnings(evaluator.warnings())
        warn_of_failures(trials, self.error_score)
        return trials

    def _keep(self, trials: Sequence[TrialOutcome], scoring: Scoring, context: SearchContext) -> None:
        metrics = scoring.metrics(trials)
        error_score = math.nan if self.error_score == "raise" else float(self.error_score)
        shape = TableShape(metrics, context.n_splits, error_score, self.return_train_score)
        self.scorer_ = scoring.public
        self.multimetric_ = (
            scoring.multimetric if scoring.multimetric is not None else metrics != [SINGLE_METRIC]
        )
        self.cell_origins_ = origins(trials, context.n_splits)
        self.cv_results_ = cv_results(trials, shape, self._extra_columns(trials, context))
        if self.multimetric_ and not self.refit:
            return
        deciding = self.refit if self.multimetric_ else SINGLE_METRIC
        self.best_index_ = self._best_index(self.cv_results_, deciding)
        self.best_params_ = self.cv_results_["params"][self.best_index_]
        if not callable(self.refit):
            self.best_score_ = self.cv_results_[f"mean_test_{deciding}"][self.best_index_]

    def _extra_columns(
        self, trials: Sequence[TrialOutcome], context: SearchContext
    ) -> dict[str, Sequence[Any]]:
        return {}

    def _best_index(self, table: Table, deciding: str) -> int:
        """Return the row of the first of the best ranks, or what the callable ``refit`` chose."""
        if not callable(self.refit):
            return int(table[f"rank_test_{deciding}"].argmin())
        index = self.refit(table)
        if not isinstance(index, int | np.integer):
            raise TypeError(f"The callable refit must return a row number of cv_results_, not {index!r}.")
        if not 0 <= index < len(table["params"]):
            raise IndexError(
                f"The callable refit returned {index}, but there are {len(table['params'])} rows."
            )
        return int(index)

    def _refit(self, X: Any, y: Any) -> None:
        self.best_estimator_ = clone(self.estimator).set_params(**clone(self.best_params_, safe=False))
        begin = time.perf_counter()
        self.best_estimator_.fit(X) if y is None else self.best_estimator_.fit(X, y)
        self.refit_time_ = time.perf_counter() - begin
        if hasattr(self.best_estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.best_estimator_.feature_names_in_
