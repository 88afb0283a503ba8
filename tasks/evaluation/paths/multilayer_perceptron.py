"""Multilayer perceptrons: the weights after the first epochs are the shorter training.

An epoch follows from the weights and the generator's state before it, and nothing looks at how many are
still to come, so ``max_iter`` is a prefix; with early stopping the weights are the best ones so far
(scikit-learn 1.9, ``BaseMultilayerPerceptron._fit_stochastic``). Other solvers have no epochs.
"""

import copy
import warnings
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sklearn.exceptions import ConvergenceWarning

from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count
from hyperparameter_tuning.tasks.evaluation.paths.stops import longest, stops

_HOOK = "_update_no_improvement_count"
"""The last that an epoch does with weights and curves."""

_CURVES = ("loss_curve_", "validation_scores_")
_UNFINISHED = (
    "Stochastic Optimizer: Maximum iterations ({}) reached and the optimization hasn't converged yet."
)


class MultilayerPerceptronPath(PathRule):
    """``max_iter`` of the stochastic solvers, with early stopping too."""

    name = "training prefix"
    params = ("max_iter",)
    takes_weights = True
    grows = True

    def allows(self, estimator: Any) -> bool:
        """Warm starts keep weights from before; other solvers have no epochs."""
        return super().allows(estimator) and estimator.solver in ("adam", "sgd") and not estimator.warm_start

    def has(self, estimator: Any, path: Params) -> bool:
        """Counts from 1; anything else is scikit-learn's to refuse."""
        return is_count(path["max_iter"])

    def length(self, path: Params) -> float:
        """The number of epochs."""
        return float(path["max_iter"])

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Train as long as the longest, and keep the weights after the last epoch of each candidate."""
        grown = estimator.set_params(max_iter=longest(wanted, "max_iter"))
        epochs = _Epochs(grown, {path["max_iter"] for path in wanted})
        is_unfinished = _train(grown, rows, epochs)
        for max_iter, positions in stops(wanted, "max_iter"):
            ended = max_iter >= grown.n_iter_
            prefix = copy.copy(grown) if ended else epochs.kept[max_iter]
            prefix.max_iter = max_iter
            for position in positions:
                # Of an unfinished training only the longest has ended.
                if not ended or is_unfinished:
                    rows.warn(position, ConvergenceWarning(_UNFINISHED.format(max_iter)))
                yield position, prefix


def _train(grown: Any, rows: PathRows, epochs: Any) -> bool:
    """Fit, and say whether the last epoch was reached before the training was done.

    Raises:
        ValueError: the fit warned of something else, and nobody knows at which epoch.
    """
    setattr(grown, _HOOK, epochs)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        grown.fit(rows.fold.X_train, rows.fold.y_train, **rows.fold.told())
    delattr(grown, _HOOK)
    if any(warning.category is not ConvergenceWarning for warning in told):
        raise ValueError("a warning that may be of some candidates only")
    return bool(told)


class _Epochs:
    """Stands in place of the method that ends an epoch, and keeps a copy of the model after some of them."""

    def __init__(self, grown: Any, wanted: Collection[int]) -> None:
        self._grown, self._wanted, self._end = grown, wanted, getattr(grown, _HOOK)
        self.kept: dict[int, Any] = {}

    def __call__(self, early_stopping: bool, *scored_on: Any) -> None:
        """End the epoch."""
        self._end(early_stopping, *scored_on)
        if self._grown.n_iter_ in self._wanted:
            self.kept[self._grown.n_iter_] = self._snapshot(early_stopping)

    def _snapshot(self, early_stopping: bool) -> Any:
        """Return what a training of so many epochs ends with; weights go on changing in place.

        Weights that are not finite stay so, and then the longest fit, and with it this one, is refused.
        """
        now = copy.copy(self._grown)
        delattr(now, _HOOK)
        best = (now._best_coefs, now._best_intercepts) if early_stopping else (now.coefs_, now.intercepts_)
        now.coefs_, now.intercepts_ = ([array.copy() for array in arrays] for arrays in best)
        for name in _CURVES:
            setattr(now, name, copy.copy(getattr(now, name)))
        return now
