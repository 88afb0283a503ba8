"""Candidates of a space: every combination, or distinct random draws.

In which order and on how many rows they are scored does not belong here (`schedules`).
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sklearn.model_selection import ParameterGrid, ParameterSampler

from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    Dimension,
    IntDimension,
    Space,
    candidate_key,
    grid_size,
)
from hyperparameter_tuning.tasks.searchers.draws import draw_of

Params = Mapping[str, Any]

_LISTED = 2**31 - 1
"""Largest grid that scikit-learn numbers safely."""

_UNLIMITED_LISTED = 100_000
"""Largest grid whose whole shuffled order is made beforehand when no number of draws is given."""

_REPEATS = 1_000
"""Draws in a row that may repeat known candidates before a space counts as exhausted."""


def grid_candidates(space: Space) -> Sequence[Params]:
    """Return every combination in scikit-learn's order: names sorted, the last one varying fastest.

    Raises:
        ValueError: a dimension has no finite list of values.
    """
    grid: Sequence[Params] = ParameterGrid({dimension.name: _values(dimension) for dimension in space})
    return grid


def draw_candidates(space: Space, n: int | None, seed: int) -> Iterator[Params]:
    """Yield distinct random candidates.

    A space of lists is sampled without replacement, exactly as scikit-learn's ``RandomizedSearchCV`` samples
    the same lists; any other by independent draws of which repeated ones are left out.

    Args:
        space: What is searched.
        n: How many; None is until the space is exhausted.
        seed: Seed of all draws.
    """
    if _is_listed(space, n):
        lists = {dimension.name: _values(dimension) for dimension in space}
        size = grid_size(space) or 0
        yield from ParameterSampler(lists, size if n is None else min(n, size), random_state=seed)
    else:
        draws = {dimension.name: draw_of(dimension) for dimension in space}
        yield from islice(_distinct(ParameterSampler(draws, sys.maxsize, random_state=seed)), n)


def _is_listed(space: Space, n: int | None) -> bool:
    size = grid_size(space)
    limit = _UNLIMITED_LISTED if n is None else _LISTED
    return size is not None and size <= limit and all(_has_values(dimension) for dimension in space)


def _has_values(dimension: Dimension) -> bool:
    """Say whether a dimension is a list to draws, not only to grids: even in no other scale than its own."""
    if isinstance(dimension, IntDimension):
        return not dimension.log
    return isinstance(dimension, CategoricalDimension) or dimension.step is not None


def _values(dimension: Dimension) -> Sequence[Any]:
    if isinstance(dimension, IntDimension):
        return range(dimension.low, dimension.high + 1, dimension.step)
    return dimension.values()


def _distinct(draws: Iterator[Params]) -> Iterator[Params]:
    seen: set[str] = set()
    repeats = 0
    for params in draws:
        key = candidate_key(params)
        repeats = repeats + 1 if key in seen else 0
        if repeats >= _REPEATS:
            return
        if not repeats:
            seen.add(key)
            yield params
