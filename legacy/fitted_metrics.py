"""Metrics of a fitted estimator under their old names; scorers are those of the registry."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hyperparameter_tuning.registry.metrics import get_metric
from hyperparameter_tuning.shared.evaluation import holdout_metrics
from hyperparameter_tuning.shared.metrics import make_scorers

_ALWAYS = {"accuracy": "accuracy"}
_TWO_CLASSES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "f1",
    "roc_auc": "roc_auc",
    "pr_auc": "average_precision",
}
_MORE_CLASSES = {"roc_auc_weighted": "roc_auc", "pr_auc_weighted": "average_precision"}
_WEIGHTED = ("precision_weighted", "recall_weighted", "f1_weighted")
_REGRESSION = {"mae": "mae", "mse": "mse", "rmse": "rmse", "r2": "r2", "mape": "mape"}


def _classification_metrics(model: Any, X: Any, y: Any) -> dict[str, float]:
    """Score a fitted classifier.

    Args:
        model: Fitted.
        X: Features, shape (n_rows, n_features).
        y: Target, shape (n_rows,).

    Returns:
        accuracy; precision, recall and f1 ``_weighted``; for two classes also without; roc_auc and pr_auc,
        for more classes ``_weighted``. A metric that is not defined on these rows is left out.
    """
    classes = list(getattr(model, "classes_", np.unique(np.asarray(y))))
    named = _ALWAYS | (_TWO_CLASSES if len(classes) <= 2 else _MORE_CLASSES)
    return _scored(model, X, y, named, classes) | _weighted(model, X, y)


def _regression_metrics(model: Any, X: Any, y: Any) -> dict[str, float]:
    """Score a fitted regressor: mae, mse, rmse, r2, mape; all in the target's natural unit."""
    return _scored(model, X, y, _REGRESSION, [])


def _scored(model: Any, X: Any, y: Any, named: Mapping[str, str], classes: list[Any]) -> dict[str, float]:
    specs = {name: get_metric(key) for name, key in named.items()}
    scorers = make_scorers(list(specs.values()), len(classes), classes)
    signs = {spec.key: spec.sign for spec in specs.values()}
    found = _without_complaints(model, X, y, scorers, signs)
    values = {name: found[spec.key] for name, spec in specs.items()}
    return {name: value for name, value in values.items() if value is not None}


def _without_complaints(
    model: Any, X: Any, y: Any, scorers: Mapping[str, Any], signs: Mapping[str, int]
) -> dict[str, float | None]:
    """Score by each metric that the model can be asked for; one without probabilities has no ROC AUC."""
    found: dict[str, float | None] = {}
    for key, scorer in scorers.items():
        try:
            found |= holdout_metrics(model, X, y, {key: scorer}, signs=signs)
        except AttributeError:
            found[key] = None
    return found


def _weighted(model: Any, X: Any, y: Any) -> dict[str, float]:
    from sklearn.metrics import precision_recall_fscore_support

    scores = precision_recall_fscore_support(y, model.predict(X), average="weighted", zero_division=0.0)
    return dict(zip(_WEIGHTED, (float(score) for score in scores[:3]), strict=True))
