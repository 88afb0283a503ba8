"""Naive Bayes: counts and moments do not depend on the smoothing, which is added to them afterwards.

Source: scikit-learn 1.9, ``GaussianNB._partial_fit`` and ``_BaseDiscreteNB.fit``.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule

LEAST_ALPHA = 1e-10
"""Below it scikit-learn warns and puts another in its place, unless told not to: each by itself."""


class _SmoothingPath(PathRule):
    """One smoothing parameter over what was counted once."""

    needs_seed = False
    _least: ClassVar[float] = 0.0

    def has(self, estimator: Any, path: Params) -> bool:
        """Finite numbers; arrays and what is refused are fitted by themselves."""
        (value,) = path.values()
        return bool(self._least <= value < np.inf)

    def length(self, path: Params) -> float:
        """All cost the same."""
        return 0.0

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Count once, smooth for each candidate, and compute each one's likelihoods once."""
        counted = self._counted(estimator, rows)
        checked = [(table, counted._check_X(table)) for table in rows.scored]
        for position, path in enumerate(wanted):
            smoothed = copy_with(counted, path)
            # A smoothing so small that numbers overflow or vanish warns; so it is fitted by itself.
            with np.errstate(all="raise", under="ignore"):
                self._smooth(smoothed, rows)
                known = [(table, smoothed._joint_log_likelihood(table)) for _, table in checked]
            smoothed._check_X = KnownAnswers(smoothed._check_X, checked, itself=True)
            smoothed._joint_log_likelihood = KnownAnswers(smoothed._joint_log_likelihood, known)
            yield position, smoothed

    @abstractmethod
    def _counted(self, estimator: Any, rows: PathRows) -> Any:
        """Return the fitted estimator."""

    @abstractmethod
    def _smooth(self, smoothed: Any, rows: PathRows) -> None:
        """Make a copy of it what its own parameters would have made of it."""


class GaussianPath(_SmoothingPath):
    """``var_smoothing``: a share of the largest variance, added to all of them."""

    name = "naive Bayes smoothing"
    params = ("var_smoothing",)
    takes_weights = True

    def _counted(self, estimator: Any, rows: PathRows) -> Any:
        counted = estimator.set_params(var_smoothing=0.0)
        return counted.fit(rows.fold.X_train, rows.fold.y_train, **rows.fold.told())

    def _smooth(self, smoothed: Any, rows: PathRows) -> None:
        train = rows.fold.X_train
        largest = rows.fold.once("largest variance", lambda: np.max(np.var(smoothed._check_X(train), axis=0)))
        smoothed.epsilon_ = smoothed.var_smoothing * largest
        smoothed.var_ = smoothed.var_.copy()
        smoothed.var_ += smoothed.epsilon_  # in place: the type of the table is kept


class DiscretePath(_SmoothingPath):
    """``alpha`` of the four that count: added to the counts."""

    name = "naive Bayes counts"
    params = ("alpha",)
    takes_weights = True
    _least = LEAST_ALPHA

    def _counted(self, estimator: Any, rows: PathRows) -> Any:
        counted = estimator.set_params(alpha=1.0)
        return counted.fit(rows.fold.X_train, rows.fold.y_train, **rows.fold.told())

    def _smooth(self, smoothed: Any, rows: PathRows) -> None:
        smoothed._update_feature_log_prob(smoothed._check_alpha())
