"""What a user of the library may give as a space: our own, or scikit-learn's dictionaries.

Rows of a configuration do not belong here (`registry.values`), nor Optuna's spaces (`optuna_spaces`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.model_selection import ParameterGrid, ParameterSampler
from sklearn.utils import check_random_state

from hyperparameter_tuning.registry.space import Dimension
from hyperparameter_tuning.tasks.searchers.candidates import Params, draw_candidates, grid_candidates


def is_space(value: Any) -> bool:
    """Say whether *value* is a `Space`: a non-empty sequence of dimensions."""
    return isinstance(value, Sequence) and bool(value) and all(isinstance(item, Dimension) for item in value)


def grid_of(param_grid: Any) -> list[Params]:
    """Return every candidate of a space, a dictionary of lists, or a list of such dictionaries."""
    return list(grid_candidates(param_grid) if is_space(param_grid) else ParameterGrid(param_grid))


def draws_of(param_distributions: Any, n: int, random_state: Any) -> list[Params]:
    """Return random candidates.

    Args:
        param_distributions: A space (distinct draws), or scikit-learn's dictionaries of lists and
            distributions (exactly as ``ParameterSampler`` draws them, repetitions included).
        n: How many.
        random_state: An int, a ``RandomState``, or None.
    """
    if is_space(param_distributions):
        return list(draw_candidates(tuple(param_distributions), n, int_seed(random_state)))
    return list(ParameterSampler(param_distributions, n, random_state=random_state))


def int_seed(random_state: Any) -> int:
    """Return *random_state* itself where it is an int, or one drawn from it."""
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
