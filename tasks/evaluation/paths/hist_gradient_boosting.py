"""Histogram gradient boosting: rounds are a prefix, patience is replayed, and bins are made once per fold.

A round is fitted to what the rounds before it left. Early stopping looks back at scores that do not depend on
``n_iter_no_change`` and ``tol``, and stops no later with less patience or with more tolerance. So the scores
of one fit with the most patience tell where each candidate's own fit stops (scikit-learn 1.9,
``BaseHistGradientBoosting._should_stop``).
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from sklearn.ensemble._hist_gradient_boosting.gradient_boosting import BaseHistGradientBoosting
from sklearn.utils._openmp_helpers import _openmp_effective_n_threads

from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count
from hyperparameter_tuning.tasks.evaluation.paths.stops import longest
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold


class HistGradientBoostingPath(PathRule):
    """``max_iter``, and with early stopping ``n_iter_no_change`` and ``tol``."""

    name = "histogram gradient boosting prefix"
    params = ("max_iter", "n_iter_no_change", "tol")
    takes_weights = True
    grows = True
    start = 12.0  # thresholds and bins: 10 to 17 rounds on 16,000 x 40
    shares_fold = True

    def allows(self, estimator: Any) -> bool:
        """Warm starts keep rounds from before; a callable that scores may look at the estimator."""
        by_name = estimator.scoring is None or isinstance(estimator.scoring, str)
        return super().allows(estimator) and by_name and not estimator.warm_start

    def has(self, estimator: Any, path: Params) -> bool:
        """Counts from 1 and tolerances from 0; anything else is scikit-learn's to refuse."""
        tol = path["tol"]
        return (
            is_count(path["max_iter"])
            and is_count(path["n_iter_no_change"])
            and isinstance(tol, int | float)
            and 0 <= tol < np.inf
        )

    def length(self, path: Params) -> float:
        """The number of rounds, if none is saved by stopping early."""
        return float(path["max_iter"])

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Boost with the most patience, then add rounds up to where each candidate stops."""
        fold = rows.fold
        grown = estimator.set_params(
            max_iter=longest(wanted, "max_iter"),
            n_iter_no_change=longest(wanted, "n_iter_no_change"),
            tol=min(path["tol"] for path in wanted),
        )
        grown._bin_data = _SharedBins(grown, fold)
        grown.fit(fold.X_train, fold.y_train, **fold.told())
        del grown._bin_data
        tables = [grown._preprocess_X(table, reset=False) for table in rows.scored]
        sums = [_start(grown, table) for table in tables]
        reached = 0
        for count, position in sorted((_rounds(grown, path), index) for index, path in enumerate(wanted)):
            for table, total in zip(tables, sums, strict=True):
                # Each row's sum is its own: the number of threads changes nothing.
                grown._predict_iterations(
                    table, grown._predictors[reached:count], total, False, _openmp_effective_n_threads()
                )
            reached = count
            answers = [(table, total.copy(order="K")) for table, total in zip(rows.scored, sums, strict=True)]
            yield position, _prefix(grown, wanted[position], count, answers)


def _rounds(grown: Any, path: Params) -> int:
    """Return after how many rounds a candidate's own fit ends."""
    most: int = path["max_iter"]
    if not grown.do_early_stopping_:
        return most
    scores = grown.validation_score_ if grown._use_validation_data else grown.train_score_
    asked = SimpleNamespace(n_iter_no_change=path["n_iter_no_change"], tol=path["tol"])
    for count in range(1, most):
        # One score more than rounds: the first is of no round.
        if BaseHistGradientBoosting._should_stop(asked, scores[: count + 1]):
            return count
    return most


class _SharedBins:
    """Stands in place of ``_bin_data``: bins depend on few settings, so families of a fold share them."""

    def __init__(self, grown: Any, fold: PreparedFold) -> None:
        self._grown, self._fold, self._bin = grown, fold, grown._bin_data

    def __call__(self, X: Any, sample_weight: Any, is_training_data: bool) -> Any:
        """Return the binned rows, and leave the mapper where the method leaves it."""
        if sample_weight is not None:  # weights of classes: thresholds follow them
            return self._bin(X, sample_weight, is_training_data)
        binned, mapper = self._fold.once(
            ("bins", self._key(), is_training_data),
            lambda: (self._bin(X, None, is_training_data), self._grown._bin_mapper),
        )
        self._grown._bin_mapper = mapper
        return binned

    def _key(self) -> Hashable:
        """Return all that rows to bin and thresholds depend on, the fold's rows apart."""
        grown, categorical = self._grown, self._grown.is_categorical_
        split = grown.validation_fraction if grown.do_early_stopping_ else None
        columns = None if categorical is None else categorical.tobytes()
        return (grown.max_bins, grown._random_seed, split, columns)


def _start(grown: Any, table: Any) -> Any:
    """Return what no round has been added to, as ``_raw_predict`` makes it."""
    shape, kind = (table.shape[0], grown.n_trees_per_iteration_), grown._baseline_prediction.dtype
    start = np.zeros(shape, dtype=kind, order="F")
    start += grown._baseline_prediction
    return start


def _prefix(grown: Any, path: Mapping[str, Any], count: int, answers: Sequence[tuple[Any, Any]]) -> Any:
    prefix = copy_with(grown, path)
    prefix._predictors = grown._predictors[:count]
    prefix.train_score_ = grown.train_score_[: count + 1]
    prefix.validation_score_ = grown.validation_score_[: count + 1]
    prefix._raw_predict = KnownAnswers(prefix._raw_predict, answers)
    return prefix
