"""Gradient boosting: the first stages of a long boosting are the short boosting.

Each stage is fitted to what the stages before it left, and draws its rows and features from one stream, so
``n_estimators`` is a prefix; raw predictions are added stage by stage (scikit-learn 1.9, ``predict_stages``).
``n_iter_no_change`` looks back only: who asks for more stages than were reached has the stopped model.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn import config_context
from sklearn.base import is_classifier
from sklearn.ensemble._gradient_boosting import predict_stages
from sklearn.utils.validation import validate_data

from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count
from hyperparameter_tuning.tasks.evaluation.paths.single_precision import single_precision
from hyperparameter_tuning.tasks.evaluation.paths.stops import longest, stops

_PER_STAGE = ("estimators_", "train_score_", "oob_improvement_", "oob_scores_")


class GradientBoostingPath(PathRule):
    """``n_estimators``, also with early stopping and with subsamples."""

    name = "gradient boosting prefix"
    params = ("n_estimators",)
    takes_weights = True
    grows = True

    def allows(self, estimator: Any) -> bool:
        """Warm starts keep stages from before; an own first model may be fitted anew with other results."""
        starts = estimator.init is None or isinstance(estimator.init, str)
        return super().allows(estimator) and starts and not estimator.warm_start

    def has(self, estimator: Any, path: Params) -> bool:
        """Counts from 1; anything else is scikit-learn's to refuse."""
        return is_count(path["n_estimators"])

    def length(self, path: Params) -> float:
        """The number of stages."""
        return float(path["n_estimators"])

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Boost as far as the longest, then add stages up to each candidate."""
        fold = rows.fold
        grown = estimator.set_params(n_estimators=longest(wanted, "n_estimators"))
        _fit(grown, single_precision(fold, fold.X_train), fold.y_train, fold.told())
        narrow = [_checked(grown, single_precision(fold, table)) for table in rows.scored]
        sums = [grown._raw_predict_init(table) for table in narrow]
        reached = 0
        for n_estimators, positions in stops(wanted, "n_estimators"):
            count = min(n_estimators, grown.n_estimators_)
            if count > reached:
                for table, total in zip(narrow, sums, strict=True):
                    predict_stages(grown.estimators_[reached:count], table, grown.learning_rate, total)
            reached = count
            answers = [(table, _answer(total)) for table, total in zip(rows.scored, sums, strict=True)]
            prefix = _prefix(grown, n_estimators, count, answers)
            yield from ((position, prefix) for position in positions)


def _fit(boosting: Any, X: Any, y: Any, told: Mapping[str, Any]) -> None:
    """Fit, and look at the parameters once: every tree takes its own from the boosting, under the same rules.

    (scikit-learn 1.9, `BaseGradientBoosting._parameter_constraints`.) Each look is a tenth of a small stage.
    """
    boosting._validate_params()
    with config_context(skip_parameter_validation=True):
        boosting.fit(X, y, **told)


def _checked(grown: Any, table: Any) -> Any:
    """Refuse what predictions refuse; the trees alone would let missing values pass."""
    return validate_data(grown, table, dtype=np.float32, order="C", reset=False)


def _answer(total: Any) -> Any:
    """Return what ``decision_function`` and a regressor's ``predict`` make of raw predictions."""
    return total.ravel().copy() if total.shape[1] == 1 else total.copy()


def _prefix(grown: Any, n_estimators: int, count: int, answers: Sequence[tuple[Any, Any]]) -> Any:
    prefix = copy.copy(grown)
    for name in _PER_STAGE:
        if hasattr(grown, name):
            setattr(prefix, name, getattr(grown, name)[:count])
    prefix.n_estimators, prefix.n_estimators_ = n_estimators, count
    if hasattr(grown, "oob_scores_"):
        prefix.oob_score_ = prefix.oob_scores_[-1]
    method = "decision_function" if is_classifier(grown) else "predict"
    setattr(prefix, method, KnownAnswers(getattr(prefix, method), answers))
    return prefix
