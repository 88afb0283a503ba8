"""Scores of one fitted estimator on rows set apart, for the final report.

Scoring candidates does not belong here: that is `tasks.evaluation`, behind its one seam.
"""

import math
from collections.abc import Mapping
from typing import Any

import structlog

from hyperparameter_tuning.shared.metrics import Scorer

_log = structlog.get_logger(__name__)


def holdout_metrics(
    estimator: Any, X: Any, y: Any, scorers: Mapping[str, Scorer], *, signs: Mapping[str, int] | None = None
) -> dict[str, float | None]:
    """Score a fitted estimator on rows it has not seen.

    Args:
        estimator: Fitted.
        X: Rows, shape (n_rows, n_features).
        y: Their target, shape (n_rows,).
        scorers: By metric key, as `shared.metrics.make_scorers` returns them.
        signs: -1 for metrics whose scorer gives the negative of the natural unit; absent: as the scorer
            itself says.

    Returns:
        Values in the metrics' natural units; None where a metric is not defined on these rows, for
        example ROC AUC when they hold one class only.
    """
    values: dict[str, float | None] = {}
    for key, scorer in scorers.items():
        sign = signs.get(key, 1) if signs is not None else getattr(scorer, "_sign", 1)
        values[key] = _natural(key, scorer, sign, (estimator, X, y))
    return values


def _natural(key: str, scorer: Scorer, sign: int, arguments: tuple[Any, Any, Any]) -> float | None:
    try:
        value = float(scorer(*arguments))
    except ValueError as error:
        _log.warning("metric_undefined", metric=key, reason=str(error))
        return None
    return sign * value if math.isfinite(value) else None
