"""Selection by scores: what a column scores does not depend on how many columns are kept.

Source: scikit-learn 1.9, ``_BaseFilter.fit``. Which columns are kept is asked of the selector itself.
"""

from functools import partial
from typing import Any, ClassVar

from sklearn.feature_selection import chi2, f_classif, f_regression, r_regression

from hyperparameter_tuning.tasks.evaluation.division import UNSEEDED_FUNCTIONS
from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.rule import is_count
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import GrownStep, Note, Params, StepPath

_SCORES = (chi2, f_classif, f_regression, r_regression)


class _SelectionPath(StepPath):
    """One parameter that says how many columns are kept."""

    _everything: ClassVar[Any]

    def allows(self, step: Any) -> bool:
        """Scikit-learn's own scores: a function of somebody else may draw, or change the rows it is given."""
        function = step.score_func
        return any(function is each for each in _SCORES) or _draws_on_a_copy(function)

    def is_costly(self, step: Any) -> bool:
        """Mutual information takes neighbours, all others one pass over the rows."""
        return isinstance(step.score_func, partial)

    def length(self, path: Params) -> float:
        """All are cut from the same scores."""
        return 0.0

    def grow(self, step: Any, longest: Params, X: Any, y: Any, note: Note) -> tuple[Any, ...]:
        """Score once; that more columns are asked for than there are is said for each candidate."""
        (param,) = self.params
        step.set_params(**{param: self._everything}).fit(X, y)
        return ()

    def cut(self, grown: GrownStep, path: Params, X: Any) -> Any:
        """Let the selector choose from the same scores."""
        step = copy_with(grown.step, path)
        step._check_params(X, None)
        return step


class KBestPath(_SelectionPath):
    """``k`` of ``SelectKBest``."""

    name = "best columns"
    params = ("k",)
    _everything = "all"

    def has(self, path: Params) -> bool:
        """Counts from 0, and all."""
        k = path["k"]
        return is_count(k, least=0) or (isinstance(k, str) and k == "all")


class PercentilePath(_SelectionPath):
    """``percentile`` of ``SelectPercentile``."""

    name = "best share of columns"
    params = ("percentile",)
    _everything = 100

    def has(self, path: Params) -> bool:
        """Numbers from 0 to 100."""
        share = path["percentile"]
        return isinstance(share, int | float) and 0 <= share <= 100


def _draws_on_a_copy(function: Any) -> bool:
    """Say whether *function* is one that draws, on a copy of the rows; its seed was asked for before."""
    return (
        isinstance(function, partial)
        and any(function.func is each for each in UNSEEDED_FUNCTIONS)
        and function.keywords.get("copy", True) is True
    )
