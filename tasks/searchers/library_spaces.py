"""What a user of the library may give as a space: our own, or scikit-learn's dictionaries.

Rows of a configuration do not belong here (`registry.values`), nor Optuna's spaces (`optuna_spaces`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.model_selection import ParameterGrid, ParameterSampler
from sklearn.utils import check_random_state

from hyperparameter_tuning.registry.free_prefixes import LENGTHS, FreePrefixes, lengths_in, no_length
from hyperparameter_tuning.registry.space import CategoricalDimension, Dimension, IntDimension
from hyperparameter_tuning.tasks.evaluation.division import final_step
from hyperparameter_tuning.tasks.evaluation.paths.table import rule_of
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


def length_names(estimator: Any) -> tuple[str, ...]:
    """Return the parameters of an estimator or pipeline that are lengths of one fit, by full name."""
    final = final_step(estimator)
    rule = rule_of(final)
    before = "" if final is estimator else f"{estimator.steps[-1][0]}__"
    return tuple(f"{before}{name}" for name in LENGTHS if rule is not None and name in rule.params)


def divided_at_length(param_distributions: Any, names: Sequence[str]) -> tuple[FreePrefixes, Any]:
    """Return the lengths of a space of draws, and what is left to draw.

    Args:
        param_distributions: As for `draws_of`, but no list of dictionaries.
        names: From `length_names`.

    Raises:
        ValueError: none of *names* is there as a list, a range or SciPy's ``randint`` of whole numbers.
    """
    space = tuple(param_distributions) if is_space(param_distributions) else ()
    given = dict(param_distributions) if isinstance(param_distributions, Mapping) else {}
    for dimension in (*space, *(_length(name, given[name]) for name in names if name in given)):
        values = lengths_in(dimension) if dimension.name in names else ()
        if values and space:
            rest = tuple(item for item in space if item is not dimension)
            return FreePrefixes(dimension.name, values, rest), rest
        if values:
            del given[dimension.name]
            return FreePrefixes(dimension.name, values, ()), given
    raise ValueError(no_length(names))


def _length(name: str, value: Any) -> Dimension:
    if getattr(getattr(value, "dist", None), "name", "") == "randint":
        low, high = value.support()
        return IntDimension(name, int(low), int(high))
    listed = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else ()
    return CategoricalDimension(name, listed or (None,))


def int_seed(random_state: Any) -> int:
    """Return *random_state* itself where it is an int, or one drawn from it."""
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
