"""XGBoost and LightGBM: the first rounds of a long boosting are the short boosting.

Both draw rows and columns round by round and predict from the first rounds where asked to: XGBoost (3) by a
slice of its booster, LightGBM (4) by ``num_iteration``. Neither package is imported here: whose estimator is
looked at has its package. Sums of several threads are in an order of their own, so one thread is asked for.
"""

import copy
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hyperparameter_tuning.tasks.evaluation.division import is_seed
from hyperparameter_tuning.tasks.evaluation.paths.quiet_fit import quiet_fit
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count
from hyperparameter_tuning.tasks.evaluation.paths.stops import longest, stops

Cut = Callable[[int], Any]


class RoundsPath(PathRule):
    """``n_estimators`` of either package; what else must hold, and how rounds are cut, is its own."""

    params = ("n_estimators",)

    def allows(self, estimator: Any) -> bool:
        """Objectives by name; both packages draw from a fixed seed where none is given."""
        seed = estimator.random_state
        return (
            (seed is None or is_seed(seed))
            and estimator.n_jobs == 1
            and (estimator.objective is None or isinstance(estimator.objective, str))
        )

    def has(self, estimator: Any, path: Params) -> bool:
        """Counts from 1; anything else is the package's to refuse."""
        return is_count(path["n_estimators"])

    def length(self, path: Params) -> float:
        """The number of rounds."""
        return float(path["n_estimators"])

    @abstractmethod
    def grow(self, estimator: Any, X: Any, y: Any) -> Cut:
        """Fit, and return what makes the booster of the first so many rounds."""

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Boost as far as the longest, and cut it for each candidate."""
        grown = estimator.set_params(n_estimators=longest(wanted, "n_estimators"))
        with quiet_fit():
            cut = self.grow(grown, rows.fold.X_train, rows.fold.y_train)
        for count, positions in stops(wanted, "n_estimators"):
            prefix = copy.copy(grown)
            prefix.n_estimators, prefix._Booster = count, cut(count)
            yield from ((position, prefix) for position in positions)


class XGBoostPath(RoundsPath):
    """``n_estimators`` of tree boosting on the processor."""

    name = "XGBoost prefix"

    def allows(self, estimator: Any) -> bool:
        """Dropped trees and linear boosters change rounds from before; stopping early needs other rows."""
        return (
            super().allows(estimator)
            and estimator.booster in (None, "gbtree")
            and estimator.device in (None, "cpu")
            and estimator.early_stopping_rounds is None
            and estimator.callbacks is None
            and not getattr(estimator, "kwargs", None)
        )

    def grow(self, estimator: Any, X: Any, y: Any) -> Cut:
        """Fit, and slice: a slice is a booster of its own."""
        estimator.fit(X, y)
        return lambda count: estimator._Booster[:count]


class LightGBMPath(RoundsPath):
    """``n_estimators`` of gradient boosting; dropped trees and forests change rounds from before."""

    name = "LightGBM prefix"

    def allows(self, estimator: Any) -> bool:
        """Settings under other names may be anything, but for how much is printed."""
        return (
            super().allows(estimator)
            and estimator.boosting_type == "gbdt"
            and set(estimator._other_params) <= {"verbosity"}
        )

    def grow(self, estimator: Any, X: Any, y: Any) -> Cut:
        """Fit, and note the rounds that are kept: one whose sample leaves nothing to split is dropped."""
        kept: list[int] = []
        estimator.fit(X, y, callbacks=[lambda round_: kept.append(round_.model.current_iteration())])
        return lambda count: _FirstRounds(estimator._Booster, kept[count - 1])


class _FirstRounds:
    """Stands in place of a LightGBM booster, and predicts from its first rounds."""

    def __init__(self, booster: Any, count: int) -> None:
        if count < 1:
            raise ValueError("no round was kept, and LightGBM would take none for all")
        self._booster, self._count = booster, count

    def predict(self, rows: Any, num_iteration: int | None = None, **settings: Any) -> Any:
        """Predict as the booster does where it is told how many rounds."""
        count = self._count if num_iteration is None else num_iteration
        return self._booster.predict(rows, num_iteration=count, **settings)
