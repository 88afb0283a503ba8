"""Bagging: the first members of a large bag are the small bag.

Seeds of the members are drawn from one stream, so ``n_estimators`` is a prefix; answers are summed in their
order and divided once (scikit-learn 1.9, ``BaggingClassifier.predict_proba``).
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from joblib import effective_n_jobs
from sklearn.base import is_classifier
from sklearn.ensemble._bagging import _parallel_predict_proba, _parallel_predict_regression
from sklearn.utils.validation import validate_data

from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.members import is_known, rows_of
from hyperparameter_tuning.tasks.evaluation.paths.quiet_fit import quiet_fit
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count
from hyperparameter_tuning.tasks.evaluation.paths.stops import longest, stops

_SMALL_SAMPLE = "Using the fractional value max_samples"
"""The bag itself says so, whatever its length."""


class BaggingPath(PathRule):
    """``n_estimators``, with whatever part of rows and columns a member sees."""

    name = "bagging prefix"
    params = ("n_estimators",)
    takes_weights = True
    grows = True

    def allows(self, estimator: Any) -> bool:
        """Members must draw by the bag's seed only, and be summed by one job: several sum in groups.

        A prefix has no out-of-bag score of its own, and warm starts keep members from before.
        """
        return (
            super().allows(estimator)
            and is_known(estimator.estimator)
            and effective_n_jobs(estimator.n_jobs) == 1
            and not estimator.oob_score
            and not estimator.warm_start
        )

    def has(self, estimator: Any, path: Params) -> bool:
        """Counts from 1; anything else is scikit-learn's to refuse."""
        return is_count(path["n_estimators"])

    def length(self, path: Params) -> float:
        """The number of members."""
        return float(path["n_estimators"])

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Fill the largest bag, then sum as far as each candidate goes."""
        fold, member = rows.fold, estimator.estimator
        grown = estimator.set_params(n_estimators=longest(wanted, "n_estimators"))
        with quiet_fit(_SMALL_SAMPLE):
            grown.fit(rows_of(fold, fold.X_train, member), fold.y_train, **fold.told())
        tables = [_checked(grown, rows_of(fold, table, member)) for table in rows.scored]
        sums: list[Any] = [0] * len(tables)
        reached = 0
        for count, positions in stops(wanted, "n_estimators"):
            for index in range(reached, count):
                sums = [total + _said(grown, index, table) for table, total in zip(tables, sums, strict=True)]
            reached = count
            answers = [(table, total / count) for table, total in zip(rows.scored, sums, strict=True)]
            prefix = _prefix(grown, count, answers)
            yield from ((position, prefix) for position in positions)


def _checked(grown: Any, table: Any) -> Any:
    return validate_data(grown, table, dtype=None, ensure_all_finite=False, reset=False)


def _said(grown: Any, index: int, table: Any) -> Any:
    """Return what one member says: probabilities or votes, or numbers."""
    member, columns = grown.estimators_[index : index + 1], grown.estimators_features_[index : index + 1]
    if is_classifier(grown):
        return _parallel_predict_proba(member, columns, table, grown.n_classes_)
    return _parallel_predict_regression(member, columns, table, {})


def _prefix(grown: Any, count: int, answers: Sequence[tuple[Any, Any]]) -> Any:
    prefix = copy.copy(grown)
    prefix.n_estimators, prefix._seeds = count, grown._seeds[:count]
    prefix.estimators_ = grown.estimators_[:count]
    prefix.estimators_features_ = grown.estimators_features_[:count]
    method = "predict_proba" if is_classifier(grown) else "predict"
    setattr(prefix, method, KnownAnswers(getattr(prefix, method), answers))
    return prefix
