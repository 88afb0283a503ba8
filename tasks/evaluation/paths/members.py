"""What an ensemble of any estimators may be made of, for its members to be the same at every fit."""

from typing import Any

import numpy as np
from joblib import effective_n_jobs
from sklearn.base import BaseEstimator
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from hyperparameter_tuning.tasks.evaluation.division import is_seed
from hyperparameter_tuning.tasks.evaluation.paths.single_precision import single_precision
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold

_TREES = (DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor)
_SPLITTERS = (KFold, StratifiedKFold)
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


def is_repeatable(member: Any) -> bool:
    """Say whether every fit and every answer of a known member, which keeps its own seeds, are the same.

    Several jobs of a forest sum its trees in any order.
    """
    if not is_known(member):
        return False
    settings = member.get_params(deep=True) if isinstance(member, BaseEstimator) else {}
    ends = [(name.rpartition("__")[2], value) for name, value in settings.items()]
    return all(
        is_seed(value) if name == "random_state" else name != "n_jobs" or effective_n_jobs(value) == 1
        for name, value in ends
    )


def are_repeatable(members: Any) -> bool:
    """Say whether all of an ensemble's named members are; one that is dropped is."""
    return isinstance(members, list | tuple) and all(is_repeatable(member) for _, member in members)


def is_settled_cv(cv: Any) -> bool:
    """Say whether *cv* cuts the same folds at every fit: a number of folds, or a splitter without a draw."""
    if cv is None or is_seed(cv):
        return True
    return type(cv) in _SPLITTERS and (not cv.shuffle or is_seed(cv.random_state))


def is_tree(member: Any) -> bool:
    """Say whether *member*, or None for an ensemble's default, converts its rows to single precision."""
    return member is None or type(member) in _TREES


def rows_of(fold: PreparedFold, table: Any, member: Any) -> Any:
    """Return *table* as members see it: converted once where each of them would convert it."""
    return single_precision(fold, table) if is_tree(member) else table
