"""Recursive elimination: on the way to few columns it passes every larger selection.

Source: scikit-learn 1.9, ``RFE._fit``: each round fits what is left and drops the worst column, whatever the
number to stop at. The estimator that it keeps at the end is the one that the next round would have fitted.
"""

from typing import Any

import numpy as np

from hyperparameter_tuning.tasks.evaluation.division import is_seed
from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.members import is_repeatable
from hyperparameter_tuning.tasks.evaluation.paths.rule import is_count
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import GrownStep, Note, Params, StepPath


class EliminationPath(StepPath):
    """``n_features_to_select`` of ``RFE``, one column a round."""

    name = "recursive elimination"
    params = ("n_features_to_select",)

    def allows(self, step: Any) -> bool:
        """Several columns a round stop at other sets; a function of somebody else may rank by anything."""
        return (
            is_seed(step.step)
            and step.step == 1
            and isinstance(step.importance_getter, str)
            and is_repeatable(step.estimator)
        )

    def has(self, path: Params) -> bool:
        """Counts from 1; shares and a half of the columns are fitted by themselves."""
        return is_count(path["n_features_to_select"])

    def length(self, path: Params) -> float:
        """The fewer, the longer."""
        return -float(path["n_features_to_select"])

    def grow(self, step: Any, longest: Params, X: Any, y: Any, note: Note) -> tuple[Any, ...]:
        """Eliminate down to the fewest; each round tells how many columns it fitted."""
        step.set_params(**longest)
        step._validate_params()
        step._fit(X, y, lambda estimator, features: note(-float(len(features))))
        return ()

    def cut(self, grown: GrownStep, path: Params, X: Any) -> Any:
        """Count ranks from an earlier round; the estimator of that round is not kept."""
        step = copy_with(grown.step, path)
        n_features = path["n_features_to_select"]
        if n_features > len(step.ranking_):
            raise ValueError("there are not so many columns, which is warned of")
        step.ranking_ = np.maximum(step.ranking_ - (n_features - step.n_features_), 1)
        step.support_ = step.ranking_ == 1
        step.n_features_ = step.support_.sum()
        del step.estimator_
        return step
