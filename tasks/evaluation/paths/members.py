"""What an ensemble of any estimators may be made of, for its members to be the same at every fit."""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from hyperparameter_tuning.tasks.evaluation.paths.single_precision import single_precision
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold

_TREES = (DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor)
_PLAIN = (str, int, float, bool, type(None), np.generic, np.ndarray)


def is_known(value: Any) -> bool:
    """Say whether a member, or a setting of one, is scikit-learn's own and draws by given seeds only.

    Ensembles set every ``random_state`` of a member. A function, a splitter or a class of another package may
    draw from elsewhere.
    """
    if isinstance(value, BaseEstimator):
        settings = value.get_params(deep=False).values()
        return type(value).__module__.startswith("sklearn.") and all(map(is_known, settings))
    if isinstance(value, list | tuple):
        return all(map(is_known, value))
    return isinstance(value, _PLAIN)


def is_tree(member: Any) -> bool:
    """Say whether *member*, or None for an ensemble's default, converts its rows to single precision."""
    return member is None or type(member) in _TREES


def rows_of(fold: PreparedFold, table: Any, member: Any) -> Any:
    """Return *table* as members see it: converted once where each of them would convert it."""
    return single_precision(fold, table) if is_tree(member) else table
