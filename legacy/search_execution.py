"""Fits a search that `searcher_building` made and reports on it, outside any job.

Jobs do not run this: `tasks.execution` searches for them, fold by fold recorded.
"""

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from hyperparameter_tuning.legacy_imports.fitted_metrics import _classification_metrics, _regression_metrics
from hyperparameter_tuning.legacy_imports.old_errors import OldCallError, value_errors
from hyperparameter_tuning.legacy_imports.search_configuration import SearchConfiguration
from hyperparameter_tuning.legacy_imports.search_results import _serialize_value, _summarize_results
from hyperparameter_tuning.node.compat_cross_validation import CrossValidationConfig
from hyperparameter_tuning.registry.plans import HalvingRules, halving_rungs
from hyperparameter_tuning.tasks.data_bundle import TrainingDataBundle
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver
from hyperparameter_tuning.tasks.searchers.search_estimator import SearchEstimator

ProgressCallback = Callable[[int, str], Any]
_BEFORE_THE_END = 99
_METRICS = {"classification": _classification_metrics, "regression": _regression_metrics}


@dataclass(frozen=True)
class SearchExecutionResult:
    """What a search came to.

    Attributes:
        searcher: The fitted search.
        summary: Its best rows, see `_summarize_results`.
        metrics: See `_build_search_metrics`.
        best_estimator: Fitted with the best parameters on all training rows.
        warnings: ``Category: text`` of each distinct warning.
    """

    searcher: Any
    summary: list[dict[str, Any]]
    metrics: dict[str, Any]
    best_estimator: Any
    warnings: list[str]


class _Percentages(SearchObserver):
    """Tells a callback how many per cent of the planned fits are done; an unplanned number stays at 0.

    Args:
        tell: The callback.
        fits: Asked at the first fit: a halving has counted its rounds by then, not before.
    """

    def __init__(self, tell: ProgressCallback, fits: Callable[[], int | None]) -> None:
        self._tell, self._ask, self._done = tell, fits, 0
        self._fits: int | None = None

    def unit_finished(self, request: Request, fold: FoldResult) -> None:
        """Count one fit."""
        if not self._done:
            self._fits = self._ask()
        self._done += 1
        share = 0 if not self._fits else min(100 * self._done // self._fits, _BEFORE_THE_END)
        self._tell(share, f"Candidate {request.trial + 1}, fold {fold.split + 1}")


def _execute_search(  # noqa: PLR0913 - the signature is the old one
    searcher: Any,
    training_data: TrainingDataBundle,
    spec_key: str,
    problem_type: str,
    target_column: str,
    search_config: SearchConfiguration,
    cv_config: CrossValidationConfig,
    progress_callback: ProgressCallback | None = None,
) -> SearchExecutionResult:
    """Fit *searcher* on the training rows.

    Args:
        searcher: From `_build_searcher`, or any search with scikit-learn's attributes.
        training_data: Numbers only, see `_build_training_data_bundle`.
        spec_key: Name of the model, for the report.
        problem_type: ``classification`` or ``regression``.
        target_column: For the report.
        search_config: For the report.
        cv_config: For the report.
        progress_callback: Called with per cent and a step; at the end with 100. Only our own searches tell of
            what is between.

    Raises:
        OldCallError: the data do not allow the search.
    """
    if progress_callback is not None and isinstance(searcher, SearchEstimator):
        fits = partial(_planned_fits, searcher, training_data.y_train)
        searcher.watch(_Percentages(progress_callback, fits))
    with warnings.catch_warnings(record=True) as caught, value_errors():
        warnings.simplefilter("always")
        searcher.fit(training_data.X_train, training_data.y_train)
    if progress_callback is not None:
        if isinstance(searcher, SearchEstimator):
            searcher.watch(None)
        progress_callback(100, "Search finished")
    told = dict.fromkeys(f"{item.category.__name__}: {item.message}" for item in caught)
    report = _build_search_metrics(
        searcher, training_data, spec_key, problem_type, target_column, search_config, cv_config
    )
    return SearchExecutionResult(
        searcher, _summarize_results(searcher.cv_results_), report, searcher.best_estimator_, list(told)
    )


def _build_search_metrics(  # noqa: PLR0913 - the signature is the old one
    searcher: Any,
    training_data: TrainingDataBundle,
    spec_key: str,
    problem_type: str,
    target_column: str,
    search_config: SearchConfiguration,
    cv_config: CrossValidationConfig,
) -> dict[str, Any]:
    """Return the report of a fitted search, JSON values only.

    Returns:
        ``search`` {strategy, selected_strategy, scoring, n_candidates, best_index, best_score,
        n_resources_per_step and n_candidates_per_step of a halving, n_trials of Optuna}, ``row_counts``
        {train, validation}, ``feature_columns``, ``target_column``, ``model_type``, ``cross_validation``,
        ``train`` and, with validation rows, ``validation`` metrics. ``best_score`` has scikit-learn's sign.

    Raises:
        OldCallError: the problem type is neither.
    """
    if problem_type not in _METRICS:
        known = " or ".join(_METRICS)
        raise OldCallError(f"The problem type must be {known}, not '{problem_type}'.")
    score, data, best = _METRICS[problem_type], training_data, searcher.best_estimator_
    report = {
        "search": _search_part(searcher, search_config),
        "row_counts": {
            "train": len(data.X_train),
            "validation": 0 if data.X_validation is None else len(data.X_validation),
        },
        "feature_columns": [str(name) for name in data.X_train.columns],
        "target_column": target_column,
        "model_type": spec_key,
        "cross_validation": vars(cv_config),
        "train": score(best, data.X_train, data.y_train),
    }
    if data.X_validation is not None:
        report["validation"] = score(best, data.X_validation, data.y_validation)
    found: dict[str, Any] = _serialize_value(report)
    return found


def _search_part(searcher: Any, config: SearchConfiguration) -> dict[str, Any]:
    part = {
        "strategy": config.strategy,
        "selected_strategy": config.selected_strategy,
        "scoring": config.scoring,
        "n_candidates": len(searcher.cv_results_["params"]),
        "best_index": searcher.best_index_,
        "best_score": searcher.best_score_,
    }
    for name, attribute in _PER_STEP.items():
        if hasattr(searcher, attribute):
            part[name] = getattr(searcher, attribute)
    if config.strategy == "optuna":
        part["n_trials"] = len(searcher.cv_results_["params"])
    return part


_PER_STEP: Mapping[str, str] = {
    "n_resources_per_step": "n_resources_",
    "n_candidates_per_step": "n_candidates_",
}


def _planned_fits(searcher: SearchEstimator, y: Any) -> int | None:
    """Return how many fits the search that has begun makes."""
    candidates = _planned_candidates(searcher)
    return int(candidates) * int(searcher.cv.get_n_splits(y, y)) if candidates else None


def _planned_candidates(searcher: SearchEstimator) -> int | None:
    """Return the candidates to be scored; one of a halving counts in each of its rounds."""
    parameters = searcher.get_params(deep=False)
    if "factor" in parameters:
        rows = int(searcher.min_resources_), int(searcher.max_resources_)
        rules = HalvingRules(searcher.factor, *rows, searcher.aggressive_elimination)
        return sum(rung.n_candidates for rung in halving_rungs(searcher.n_candidates_[0], rules))
    grid = parameters.get("param_grid")
    if grid is None:
        drawn: int | None = parameters.get("n_iter") or parameters.get("n_trials")
        return drawn
    return math.prod(len(values) for values in grid.values())
