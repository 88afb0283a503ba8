"""One unit of work: fit one candidate on one fold and score it.

Which units are worked on, where and in which order does not belong here (`evaluator`, `worker_pool`).
"""

import math
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sklearn.utils.metaestimators import _safe_split
from sklearn.utils.validation import _check_method_params, _num_samples

from hyperparameter_tuning.tasks.evaluation.division import with_params
from hyperparameter_tuning.tasks.evaluation.fold_rows import Rows, Split, rows_for
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold, Side, n_bytes
from hyperparameter_tuning.tasks.evaluation.quick_scores import quick_scores
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult
from hyperparameter_tuning.tasks.evaluation.scoring import (
    SINGLE_METRIC,
    Scorer,
    Scores,
    error_line,
    score_by,
)
from hyperparameter_tuning.tasks.evaluation.unit_callbacks import UnitCallbacks
from hyperparameter_tuning.tasks.evaluation.unit_warnings import caught_warnings

OnError = Literal["record", "raise"]


@dataclass(frozen=True, slots=True)
class FoldData:
    """What every unit of a search reads and none changes.

    Attributes:
        X: Features, shape (n_rows, n_features): array, frame or anything scikit-learn can index.
        y: Target, shape (n_rows,), or None.
        splits: Training and test row positions per fold.
        fit_params: Further arguments of ``fit`` by name; those with one value per row are cut with the rows.
        score_params: Further arguments of the scorer, cut alike.
    """

    X: Any
    y: Any
    splits: tuple[Split, ...]
    fit_params: Mapping[str, Any] = field(default_factory=dict)
    score_params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How every unit of a search is fitted and scored.

    Attributes:
        estimator: Unfitted; cloned for each unit.
        scorer: From `scoring.shared_scorer`.
        param_prefix: Put before each hyperparameter, for example ``model__``.
        seed: Seed of a halving's draw of rows.
        return_train_score: Score the training part too.
        on_error: ``record`` makes an error a failed fold, ``raise`` lets it pass.
        required_metrics: Metrics that must be finite for the fold to count; None is all of them.
        keep_non_finite: Non-finite scores do not fail the fold.
    """

    estimator: Any
    scorer: Scorer
    param_prefix: str = ""
    seed: int = 0
    return_train_score: bool = False
    on_error: OnError = "record"
    required_metrics: frozenset[str] | None = None
    keep_non_finite: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One candidate on one fold.

    Attributes:
        position: Index of the request within the call.
        params: Hyperparameters without the prefix.
        resource: As in `Request`.
        split: Index of the fold.
        callbacks: Who is told of the fit; None is nobody.
    """

    position: int
    params: Mapping[str, Any]
    resource: float | None
    split: int
    callbacks: UnitCallbacks | None = None


def score_unit(recipe: Recipe, data: FoldData, unit: Unit) -> FoldResult:
    """Fit and score one candidate on one fold.

    Returns:
        The fold's scores in scikit-learn's sign, or its error as one line.

    Raises:
        ValueError: the estimator has no such hyperparameter.
        Exception: whatever fit or scorer raised, where the recipe says so.
    """
    with caught_warnings() as distinct:
        fold = _scored(recipe, data, unit)
    return replace(fold, warnings=tuple(distinct))


def _scored(recipe: Recipe, data: FoldData, unit: Unit) -> FoldResult:
    # Values are cloned too: a candidate may hold an estimator, and fitting must not reach the next unit.
    params = {recipe.param_prefix + name: value for name, value in unit.params.items()}
    estimator = with_params(recipe.estimator, params)
    begin = time.perf_counter()
    train, test = rows_for(data.splits[unit.split], unit.resource, recipe.seed)
    fold = cut_fold(estimator, data, train, test)
    if unit.callbacks is None:
        return fitted_and_scored(recipe, estimator, fold, unit.split, begin)
    with unit.callbacks.around_unit(fold):
        around_fit = unit.callbacks.around_fit
        return fitted_and_scored(recipe, estimator, fold, unit.split, begin, around_fit=around_fit)


def cut_fold(estimator: Any, data: FoldData, train: Rows, test: Rows) -> PreparedFold:
    """Return the rows of a fold as *estimator* sees them, and what its fit and its scorer are told besides.

    Args:
        estimator: Unfitted; one that takes distances is given columns of the training rows only.
        data: Of the search.
        train: Row positions, shape (n_train,).
        test: Row positions, shape (n_test,).
    """
    X_train, y_train = _safe_split(estimator, data.X, data.y, train)
    X_test, y_test = _safe_split(estimator, data.X, data.y, test, train)
    fold = PreparedFold(X_train, y_train, X_test, y_test)
    if data.fit_params:
        fold.fit_params = _check_method_params(data.X, params=data.fit_params, indices=train)
    if data.score_params:
        fold.score_params = {
            "test": _check_method_params(data.X, params=data.score_params, indices=test),
            "train": _check_method_params(data.X, params=data.score_params, indices=train),
        }
    return fold


def cut_bytes(data: FoldData, unit: Unit) -> int:
    """Return about how many bytes the rows of a unit's fold have once they are cut, before they are."""
    n_used = sum(map(len, data.splits[unit.split])) * (unit.resource or 1.0)
    return int(n_bytes((data.X, data.y)) * n_used / max(_num_samples(data.X), 1))


AroundFit = Callable[[Any, PreparedFold], AbstractContextManager[None]]


def _unwatched(estimator: Any, fold: PreparedFold) -> AbstractContextManager[None]:
    return nullcontext()


def fitted_and_scored(  # noqa: PLR0913 - a unit of work, and who watches it
    recipe: Recipe,
    estimator: Any,
    fold: PreparedFold,
    split: int,
    begin: float,
    *,
    quick: bool = False,
    around_fit: AroundFit = _unwatched,
) -> FoldResult:
    """Fit one estimator on a fold and score it.

    Args:
        recipe: How to score, and what becomes of errors.
        estimator: Unfitted; it is fitted in place.
        fold: What it sees.
        split: Index of the fold.
        begin: `time.perf_counter` of when the work on the unit began.
        quick: As in `scored`.
        around_fit: Makes the context in which the fit runs.
    """
    targets = () if fold.y_train is None else (fold.y_train,)
    try:
        with around_fit(estimator, fold):
            estimator.fit(fold.X_train, *targets, **fold.told())
    except Exception as error:
        if recipe.on_error == "raise":
            raise
        return FoldResult(
            split,
            "failed",
            fit_seconds=time.perf_counter() - begin,
            error=error_line(error),
            failed_in="fit",
            traces=(traceback.format_exc(),),
        )
    return scored(recipe, estimator, fold, split, time.perf_counter() - begin, quick=quick)


def scored(
    recipe: Recipe,
    estimator: Any,
    fold: PreparedFold,
    split: int,
    fit_seconds: float,
    *,
    quick: bool = False,
) -> FoldResult:
    """Score what is fitted, or answers as if it were.

    Args:
        recipe: How to score, and what becomes of errors.
        estimator: Fitted.
        fold: What it was fitted on.
        split: Index of the fold.
        fit_seconds: What the fit took.
        quick: The fold is one that many candidates are scored on: its targets need one check only.
    """
    begin = time.perf_counter()
    test_scores = _scores(recipe, estimator, fold, "test", quick=quick)
    seconds = time.perf_counter() - begin
    train_scores = Scores()
    if recipe.return_train_score:
        train_scores = _scores(recipe, estimator, fold, "train", quick=quick)
    fault = _fault(recipe, test_scores)
    return FoldResult(
        split,
        "failed" if fault else "complete",
        scores=_kept(recipe, test_scores),
        train_scores=_kept(recipe, train_scores),
        fit_seconds=fit_seconds,
        score_seconds=seconds,
        error=fault,
        failed_in="score" if fault else None,
        traces=(*test_scores.traces, *train_scores.traces),
    )


def _scores(recipe: Recipe, estimator: Any, fold: PreparedFold, side: Side, *, quick: bool) -> Scores:
    params = fold.score_params.get(side, {})
    known = quick_scores(recipe.scorer, estimator, fold, side) if quick and not params else None
    if known is not None:
        return known
    X, y = fold.side(side)
    return score_by(recipe.scorer, estimator, X, y, params, raising=recipe.on_error == "raise")


def _fault(recipe: Recipe, scores: Scores) -> str | None:
    """Say why the fold does not count, or None when it does."""
    required = recipe.required_metrics
    for name, error in scores.errors.items():
        if required is None or name in required or name == SINGLE_METRIC:
            return error
    if recipe.keep_non_finite:
        return None
    for name, value in scores.values.items():
        if not math.isfinite(value) and (required is None or name in required):
            return f"NonFiniteScore: the score '{name}' is {value}"
    return None


def _kept(recipe: Recipe, scores: Scores) -> dict[str, float]:
    if recipe.keep_non_finite:
        return scores.values
    return {name: value for name, value in scores.values.items() if math.isfinite(value)}
