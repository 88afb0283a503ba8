"""How ensembles go on: their stream of seeds is drawn past earlier members, or kept (scikit-learn 1.9).

Not here: histogram gradient boosting, whose continued fits are the same and slower, for it bins all rows anew
and predicts them with every earlier tree; perceptrons, whose optimizer begins anew.
"""

from typing import Any

import numpy as np

from hyperparameter_tuning.tasks.evaluation.paths.continuation import Continuation
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold


class ForestContinuation(Continuation):
    """Trees are added; a forest of several jobs or with an out-of-bag score has no path."""

    name = "forest continued"
    unlike_plain = "class_weight presets"

    def allows(self, estimator: Any) -> bool:
        """Every forest on its path."""
        return True


class BaggingContinuation(Continuation):
    """Members are added; a bag of several jobs or with an out-of-bag score has no path."""

    name = "bagging continued"

    def allows(self, estimator: Any) -> bool:
        """Every bag on its path."""
        return True

    def go_on(self, fitted: Any, length: Any, fold: PreparedFold) -> None:
        """Continue, and keep the seeds of earlier members, by which a bag knows the rows of each."""
        seeds = fitted._seeds
        super().go_on(fitted, length, fold)
        fitted._seeds = np.concatenate([seeds, fitted._seeds])


class BoostingContinuation(Continuation):
    """Stages are added, with the stream of numbers where the last one left it."""

    name = "gradient boosting continued"

    def allows(self, estimator: Any) -> bool:
        """A continued fit with early stopping forgets the losses of the stages before."""
        return estimator.n_iter_no_change is None
