"""Shorter fits as further candidates: which lengths one long fit is read off at.

Reading them off does not belong here (`tasks.evaluation.paths`), nor asking for them (`tasks.searchers`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.registry.space import CategoricalDimension, Dimension, IntDimension, Space
from hyperparameter_tuning.shared.errors import UserError

LENGTHS = ("n_estimators", "max_iter")
"""Parameters that count how far one fit goes: twice as many cost twice as much, and hold the half."""

MOST_LENGTHS = 10
"""Lengths at most of one fit, its own among them: each is scored on every fold, which is not free."""


@dataclass(frozen=True, slots=True)
class FreePrefixes:
    """How each draw of a search becomes several candidates.

    Attributes:
        name: Parameter that is the length.
        values: Lengths in ascending order; the last is fitted, the others are read off that fit.
        rest: What is drawn: the other dimensions.
    """

    name: str
    values: tuple[int, ...]
    rest: Space


def lengths_of(model: ModelSpec) -> tuple[str, ...]:
    """Return the parameters of *model* that are lengths of one fit."""
    return tuple(name for name in LENGTHS if name in model.path_families)


def free_prefixes(context: SearchContext) -> FreePrefixes | None:
    """Return how draws become several candidates; None where the options do not ask for it.

    Raises:
        UserError: code ``no_path_parameter``: they ask, but no dimension of the space is a length.
    """
    if not getattr(context.options, "free_prefixes", False):
        return None
    for dimension in context.space:
        values = lengths_in(dimension) if dimension.name in context.lengths else ()
        if values:
            rest = tuple(item for item in context.space if item is not dimension)
            return FreePrefixes(dimension.name, values, rest)
    message = no_length(context.lengths)
    raise UserError(message, code="no_path_parameter", pointer="/strategy/free_prefixes")


def no_length(names: Sequence[str]) -> str:
    """Return the sentence for a space without any of *names*, the lengths that the model has."""
    if not names:
        return "Shorter fits cannot be read off a fit of this model: turn them off."
    listed = " or ".join(f"'{name}'" for name in names)
    return (
        f"Shorter fits need {listed} in the search space, as whole numbers from 1: add it, or turn them off."
    )


def lengths_in(dimension: Dimension) -> tuple[int, ...]:
    """Return the lengths to score: all there are, or `MOST_LENGTHS` of them, evenly spaced in its own scale.

    Args:
        dimension: Of the parameter that is the length.

    Returns:
        Ascending; empty where the dimension holds anything but whole numbers from 1.
    """
    if isinstance(dimension, IntDimension) and dimension.log:
        return _spread_in_logarithm(dimension)
    if isinstance(dimension, IntDimension):
        return _spread(range(dimension.low, dimension.high + 1, dimension.step))
    if isinstance(dimension, CategoricalDimension) and all(map(_is_whole, dimension.choices)):
        return _spread(sorted(int(item) for item in dimension.choices if item is not None))
    return ()


def _is_whole(value: object) -> bool:
    # NumPy's numbers are among these: users of the library list them.
    return isinstance(value, Integral) and not isinstance(value, bool)


def _spread(values: Sequence[int]) -> tuple[int, ...]:
    if values[0] < 1:
        return ()
    if len(values) <= MOST_LENGTHS:
        return tuple(values)
    last = len(values) - 1
    return tuple(values[round(number * last / (MOST_LENGTHS - 1))] for number in range(MOST_LENGTHS))


def _spread_in_logarithm(dimension: IntDimension) -> tuple[int, ...]:
    low, high = dimension.low, dimension.high
    if high - low < MOST_LENGTHS:
        return _spread(range(low, high + 1))
    ratio = math.log(high / low) / (MOST_LENGTHS - 1)
    inner = (round(low * math.exp(number * ratio)) for number in range(1, MOST_LENGTHS - 1))
    return tuple(dict.fromkeys((low, *inner, high)))
