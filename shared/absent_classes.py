"""Scores over several classes on a fold that lacks one of them, on either side of it.

scikit-learn refuses these: a model that never saw a class gives it no column, and rows without a class leave
its ranking undefined. Which metric is built how does not belong here (`shared.metrics`).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.metrics._scorer import _Scorer

Columns = NDArray[np.float64]
Completed = Callable[[NDArray[Any], Columns, Sequence[Any]], float]


class AllClassesScorer(_Scorer):  # type: ignore[misc]
    """A scorer that counts on every class, and on a complete fold is exactly scikit-learn's.

    It extends scikit-learn's own class, so that metrics of one fold go on sharing their predictions.
    """

    def __init__(self, usual: Any, classes: Sequence[Any], completed: Completed, *, of_rows: bool) -> None:
        """Extend *usual*.

        Args:
            usual: scikit-learn's scorer.
            classes: All classes in sorted order.
            completed: Called with targets, one column of scores per class, and *classes*.
            of_rows: Whether *usual* needs every class among the rows, too.
        """
        super().__init__(usual._score_func, usual._sign, usual._kwargs, usual._response_method)
        self._classes, self._completed, self._of_rows = list(classes), completed, of_rows

    def _score(self, method_caller: Any, estimator: Any, X: Any, y_true: Any, **kwargs: Any) -> float:
        known, y = list(estimator.classes_), np.asarray(y_true)
        if known == self._classes and not (self._of_rows and len(np.unique(y)) < len(known)):
            return float(super()._score(method_caller, estimator, X, y_true, **kwargs))
        asked = (self._response_method,) if isinstance(self._response_method, str) else self._response_method
        method = next(name for name in asked if hasattr(estimator, name))
        scores = np.asarray(method_caller(estimator, method, X, pos_label=None), dtype=np.float64)
        if scores.ndim == 1:
            # Of two classes only the second one's column is given.
            first = 1.0 - scores if method == "predict_proba" else -scores
            scores = np.column_stack([first, scores])
        columns = np.zeros((len(scores), len(self._classes)))
        columns[:, [self._classes.index(label) for label in known]] = scores
        return float(self._sign * self._completed(y, columns, self._classes))


def weighted_roc_auc(y: NDArray[Any], columns: Columns, classes: Sequence[Any]) -> float:
    """Return the ROC AUC of each class against the rest, weighted by its rows.

    A class without rows weighs nothing; NaN where all rows are of one class.
    """
    if len(np.unique(y)) < 2:
        return float("nan")
    counts = np.array([np.sum(y == label) for label in classes])
    scored = [
        roc_auc_score(y == label, columns[:, index]) if counts[index] else 0.0
        for index, label in enumerate(classes)
    ]
    return float(np.average(scored, weights=counts))


def mean_average_precision(y: NDArray[Any], columns: Columns, classes: Sequence[Any]) -> float:
    """Return the plain mean of the average precisions of the classes that have rows."""
    return float(
        np.mean(
            [
                average_precision_score(y == label, columns[:, index])
                for index, label in enumerate(classes)
                if np.any(y == label)
            ]
        )
    )
