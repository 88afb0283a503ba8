"""What all search estimators share: scikit-learn's ``fit``, around our driver and our seam.

What is proposed does not belong here; each class in `estimators` says that. Arguments, errors, routing of
metadata, and everything that a fitted search does are inherited from scikit-learn's ``BaseSearchCV``.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Self

from sklearn.base import _fit_context, clone, is_classifier
from sklearn.callback._callback_context import CallbackContext
from sklearn.metrics._scorer import _MultimetricScorer
from sklearn.model_selection import check_cv
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils import Bunch, Tags, indexable
from sklearn.utils._param_validation import validate_parameter_constraints
from sklearn.utils.validation import _check_method_params

from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.evaluation.unit_callbacks import callback_metadata
from hyperparameter_tuning.tasks.searchers.library_rounds import LibraryRounds
from hyperparameter_tuning.tasks.searchers.library_spaces import is_space
from hyperparameter_tuning.tasks.searchers.library_table import Table
from hyperparameter_tuning.tasks.searchers.limits import SearchLimits
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome
from hyperparameter_tuning.tasks.searchers.proposer import Proposer


@dataclass(frozen=True, slots=True)
class PlannedSearch:
    """What a class of search does with the data at hand, in one round.

    Attributes:
        proposer: Its strategy.
        context: What the strategy is told.
        most: Number of candidates, at most.
        limits: What ends the search early.
    """

    proposer: Proposer
    context: SearchContext
    most: int
    limits: SearchLimits | None = None


class SearchEstimator(BaseSearchCV):  # type: ignore[misc]
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
            candidate's fit, ``shared`` steps before the model, ``continued`` from its own fit of an earlier
            round, ``""`` where a strategy left a fold out.
        path_checks_: What became of the check of each path rule.
        feature_names_in_: Column names seen by `fit`, where the best estimator has them.
    """

    _watcher: SearchObserver | None = None

    def watch(self, observer: SearchObserver | None) -> Self:
        """Tell *observer* of each candidate and fold of the coming fits; None, and a clone, tell nobody.

        The candidates of a halving are numbered anew in each round.
        """
        self._watcher = observer
        return self

    @_fit_context(prefer_skip_nested_validation=False)  # type: ignore[untyped-decorator]
    def fit(self, X: Any, y: Any = None, **params: Any) -> Self:
        """Search, then refit with the best parameters on all rows.

        Args:
            X: Features, shape (n_rows, n_features).
            y: Target, shape (n_rows,) or (n_rows, n_outputs), or None.
            params: ``groups`` for the splitter, ``sample_weight`` for fits and for scorers that take it, and
                further arguments of the estimator's ``fit``; those with one value per row are cut to the
                rows of each fold. Where scikit-learn's metadata routing is on, it says who is told what.

        Returns:
            This search.

        Raises:
            ValueError: an argument is wrong, or every fit failed.
        """
        scorers, deciding = self._get_scorers()
        X, y = indexable(X, y)
        params = _check_method_params(X, params=params)
        routed = self._get_routed_params_for_fit(params)
        told = {"X": X, "y": y, "metadata": callback_metadata(params)}
        task = self._init_callback_context(max_subtasks=1 + (self.refit is not False))
        task.call_on_fit_task_begin(estimator=self, **told)
        self._checked_cv_orig = check_cv(self.cv, y, classifier=is_classifier(self.estimator))
        self._check_input_parameters(X=X, y=y, split_params=routed.splitter.split)
        self.n_splits_ = self._checked_cv_orig.get_n_splits(X, y, **routed.splitter.split)
        with closing(LibraryRounds(self, (X, y), scorers, routed)) as rounds:
            self._run_search(rounds, callback_ctx=task)
        self._keep(rounds, deciding)
        if self.refit:
            self._refit(X, y, routed, told, task)
        self.scorer_ = scorers._scorers if isinstance(scorers, _MultimetricScorer) else scorers
        self.cv_results_ = rounds.table
        task.call_on_fit_task_end(estimator=self, **told)
        return self

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        # Rows are cut and shared between processes as NumPy's.
        tags.array_api_support = False
        return tags

    def _validate_params(self) -> None:
        """Check arguments as scikit-learn does; our own spaces stand for dictionaries."""
        params = self.get_params(deep=False)
        plain = {name: {} if is_space(value) else value for name, value in params.items()}
        validate_parameter_constraints(self._parameter_constraints, plain, caller_name=type(self).__name__)

    def _extra_columns(self, trials: Sequence[TrialOutcome]) -> dict[str, Sequence[Any]]:
        """Return columns of the table that scikit-learn's does not have."""
        return {}

    def _run_planned(self, rounds: LibraryRounds, planned: PlannedSearch, fit_task: CallbackContext) -> None:
        """Score the candidates of a search of one round."""
        task = fit_task.subcontext(
            task_name="search",
            max_subtasks=planned.most * self.n_splits_,
            sequential_subtasks=False,
        ).call_on_fit_task_begin(estimator=self)
        trials = rounds.run(
            planned.proposer, planned.context, planned.most, callback_ctx=task, limits=planned.limits
        )
        rounds.keep(trials, self._extra_columns(trials))
        task.call_on_fit_task_end(estimator=self)

    def _keep(self, rounds: LibraryRounds, deciding: Any) -> None:
        self.cell_origins_ = rounds.origins
        self.path_checks_ = rounds.checks.outcomes()
        first = rounds.cells[0]["test_scores"]
        self.multimetric_ = isinstance(first, dict)
        if callable(self.scoring) and self.multimetric_:
            self._check_refit_for_multimetric(first)
            deciding = self.refit
        if self.multimetric_ and not self.refit:
            return
        table: Table = rounds.table
        self.best_index_ = self._select_best_index(self.refit, deciding, table)
        self.best_params_ = table["params"][self.best_index_]
        if not callable(self.refit):
            self.best_score_ = table[f"mean_test_{deciding}"][self.best_index_]

    def _refit(
        self, X: Any, y: Any, routed: Bunch, told: Mapping[str, Any], fit_task: CallbackContext
    ) -> None:
        # Values are cloned too: a candidate may hold an estimator.
        best = clone(self.estimator).set_params(**clone(self.best_params_, safe=False))
        self.best_estimator_ = best
        task = fit_task.subcontext(task_name="refit-with-best-params")
        with task.propagate_callback_context(best):
            task.call_on_fit_task_begin(estimator=self, **told)
            begin = time.perf_counter()
            best.fit(X, *(() if y is None else (y,)), **routed.estimator.fit)
        self.refit_time_ = time.perf_counter() - begin
        if hasattr(best, "feature_names_in_"):
            self.feature_names_in_ = best.feature_names_in_
        task.call_on_fit_task_end(estimator=self, **told)
