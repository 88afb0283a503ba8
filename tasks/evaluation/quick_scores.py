"""The commonest metrics from predictions, without the checks of targets that each call would repeat.

The targets of a fold are looked at once; what could make a metric refuse or warn leaves the whole fold to
scikit-learn. Formulas, shapes and the order of sums are scikit-learn's (1.9, `metrics/_classification.py`
and `_regression.py`), so that every bit is the same. Which metrics a search has does not belong here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.metrics import (
    accuracy_score,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    root_mean_squared_error,
)
from sklearn.metrics._scorer import _MultimetricScorer, _PassthroughScorer, _Scorer
from sklearn.neighbors import KNeighborsClassifier

from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold, Side
from hyperparameter_tuning.tasks.evaluation.scoring import SINGLE_METRIC, Scorer, Scores

Metric = Callable[[Any, Any], float | None]


def quick_scores(scorer: Scorer, estimator: Any, fold: PreparedFold, side: Side) -> Scores | None:
    """Score one part of a fold as *scorer* would.

    Args:
        scorer: From `scoring.shared_scorer`.
        estimator: Fitted.
        fold: What it was fitted on.
        side: The part to score.

    Returns:
        The scores; None where scikit-learn has to be asked: another metric, targets or predictions that it
        might refuse or warn of, or a prediction that failed.
    """
    metrics = _metrics(scorer, estimator)
    if metrics is None:
        return None
    truths = {name: _truth(function, fold, side) for name, (function, _) in metrics.items()}
    if any(truth is None for truth in truths.values()):
        return None
    try:
        predicted = estimator.predict(fold.side(side)[0])
    except Exception:
        return None  # scikit-learn's scorer says what is wrong
    try:
        with np.errstate(over="raise"):
            found = {
                name: _METRICS[function](truths[name], predicted) for name, (function, _) in metrics.items()
            }
    except FloatingPointError:
        return None  # scikit-learn's metric warns of it
    values = {name: metrics[name][1] * value for name, value in found.items() if value is not None}
    return Scores(values) if len(values) == len(found) else None


def _truth(function: Any, fold: PreparedFold, side: Side) -> Any:
    """Return the targets as the metric compares them, made once; None where they are remarkable."""
    make = _TRUTHS[function]
    _, y = fold.side(side)
    return fold.once((make, side), lambda: make(y, fold.y_train))


def _metrics(scorer: Any, estimator: Any) -> dict[str, tuple[Any, int]] | None:
    """Return score function and sign by name, where all are known here."""
    scorers = scorer._scorers if type(scorer) is _MultimetricScorer else {SINGLE_METRIC: scorer}
    found = {name: _metric(each, estimator) for name, each in scorers.items()}
    known = {name: metric for name, metric in found.items() if metric is not None}
    return known if len(known) == len(found) else None


def _metric(scorer: Any, estimator: Any) -> tuple[Any, int] | None:
    if type(scorer) is _PassthroughScorer:
        function = _SCORE_METHODS.get(getattr(type(estimator), "score", None))
        return None if function is None else (function, 1)
    if type(scorer) is not _Scorer or scorer._kwargs or scorer._response_method != "predict":
        return None
    return (scorer._score_func, scorer._sign) if scorer._score_func in _METRICS else None


def _classes(y: Any, y_train: Any) -> Any:
    """Return labels as an array, where neither they nor any predicted ones are remarkable."""
    labels = np.asarray(y)
    # Classes of these types and in one dimension are never refused.
    if labels.dtype.kind not in "iuU" or labels.ndim != 1 or len(labels) == 0:
        return None
    # scikit-learn warns of targets with many distinct values, predictions included.
    return labels if 2 * len(np.unique(np.asarray(y_train))) <= len(labels) else None


def _numbers(y: Any, _: Any) -> Any:
    """Return targets as a column of double precision."""
    numbers = np.asarray(y)
    if numbers.dtype.kind not in "iuf" or numbers.ndim != 1 or len(numbers) == 0:
        return None
    if numbers.dtype.kind == "f" and numbers.dtype != np.float64:
        return None
    column = numbers.astype(np.float64).reshape(-1, 1)
    return column if np.isfinite(column).all() else None


def _spread_numbers(y: Any, y_train: Any) -> Any:
    """Return targets as a column, and the sum of their squared distances from their mean."""
    column = _numbers(y, y_train)
    if column is None:
        return None
    with np.errstate(over="ignore"):
        spread = np.sum((column - column.mean(axis=0)) ** 2, axis=0)
    # Without any spread r2 is a matter of definition; where it is too large scikit-learn warns.
    return (column, spread) if 0 < spread[0] < np.inf else None


def _column(truth: Any, predicted: Any) -> Any:
    if not isinstance(predicted, np.ndarray) or predicted.dtype != np.float64 or predicted.ndim != 1:
        return None
    if len(predicted) != len(truth) or not np.isfinite(predicted).all():
        return None
    return predicted.reshape(-1, 1)


def _accuracy(truth: Any, predicted: Any) -> float | None:
    if not isinstance(predicted, np.ndarray) or predicted.shape != truth.shape:
        return None
    if predicted.dtype.kind != truth.dtype.kind:
        return None
    return float(np.count_nonzero(truth == predicted) / len(truth))


def _r2(spread_truth: Any, predicted: Any) -> float | None:
    truth, denominator = spread_truth
    column = _column(truth, predicted)
    if column is None:
        return None
    numerator = np.sum((truth - column) ** 2, axis=0)
    if not numerator[0]:
        return None
    return float((1 - numerator / denominator)[0])


def _squared_error(truth: Any, predicted: Any) -> float | None:
    column = _column(truth, predicted)
    return None if column is None else float(((truth - column) ** 2).mean(axis=0)[0])


def _root_squared_error(truth: Any, predicted: Any) -> float | None:
    error = _squared_error(truth, predicted)
    return None if error is None else float(np.sqrt(error))


def _absolute_error(truth: Any, predicted: Any) -> float | None:
    column = _column(truth, predicted)
    return None if column is None else float(np.abs(column - truth).mean(axis=0)[0])


_METRICS: Mapping[Any, Metric] = {
    accuracy_score: _accuracy,
    r2_score: _r2,
    mean_squared_error: _squared_error,
    root_mean_squared_error: _root_squared_error,
    mean_absolute_error: _absolute_error,
}
_TRUTHS: Mapping[Any, Callable[[Any, Any], Any]] = {
    accuracy_score: _classes,
    r2_score: _spread_numbers,
    mean_squared_error: _numbers,
    root_mean_squared_error: _numbers,
    mean_absolute_error: _numbers,
}
_SCORE_METHODS: Mapping[Any, Any] = {
    ClassifierMixin.score: accuracy_score,
    RegressorMixin.score: r2_score,
    # Overridden for its words only.
    KNeighborsClassifier.score: accuracy_score,
}
