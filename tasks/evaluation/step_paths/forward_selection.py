"""Forward selection: the first columns that are chosen do not depend on how many follow.

Source: scikit-learn 1.9, ``SequentialFeatureSelector.fit``.
"""

from typing import Any

import numpy as np

from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.members import is_repeatable, is_settled_cv
from hyperparameter_tuning.tasks.evaluation.paths.rule import is_count
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import GrownStep, Note, Params, StepPath


class ForwardSelectionPath(StepPath):
    """``n_features_to_select`` of ``SequentialFeatureSelector``, forward and up to a number."""

    name = "forward selection"
    params = ("n_features_to_select",)

    def allows(self, step: Any) -> bool:
        """Every round must score alike in every fit, and none may end the selection."""
        return (
            step.direction == "forward"
            and step.tol is None
            and (step.scoring is None or isinstance(step.scoring, str))
            and is_settled_cv(step.cv)
            and is_repeatable(step.estimator)
        )

    def has(self, path: Params) -> bool:
        """Counts from 1; shares and ``auto`` are fitted by themselves."""
        return is_count(path["n_features_to_select"])

    def length(self, path: Params) -> float:
        """The number of columns."""
        return float(path["n_features_to_select"])

    def grow(self, step: Any, longest: Params, X: Any, y: Any, note: Note) -> tuple[Any, ...]:
        """Select the most columns, which must leave one out, and write down their order."""
        chosen: list[int] = []
        choose = step._get_best_new_feature_score

        def noted(*args: Any, **kwargs: Any) -> Any:
            best = choose(*args, **kwargs)
            chosen.append(best[0])
            note(float(len(chosen)))
            return best

        step.set_params(n_features_to_select=min(longest["n_features_to_select"], np.shape(X)[1] - 1))
        step._get_best_new_feature_score = noted
        step.fit(X, y)
        del step._get_best_new_feature_score
        return (np.array(chosen),)

    def cut(self, grown: GrownStep, path: Params, X: Any) -> Any:
        """Take the first columns."""
        step = copy_with(grown.step, path)
        (chosen,), n_features = grown.kept, path["n_features_to_select"]
        if n_features > len(chosen):
            raise ValueError("there are not so many columns to choose from")
        step.support_ = np.zeros(len(step.support_), dtype=bool)
        step.support_[chosen[:n_features]] = True
        step.n_features_to_select_ = step.support_.sum()
        return step
