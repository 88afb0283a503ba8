"""The search space suggested for a model on given data: the model's own rows, cut to what the data allow.

What a model's rows are before that does not belong here (`registry.models`), nor how many rows and columns
there are (`registry.tuning_case`). Pure: the same model, strategy and facts give the same rows.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from hyperparameter_tuning.registry.base import Bounds, FieldSpec, ModelSpec
from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    Dimension,
    IntDimension,
    Scalar,
    Space,
    typed_value,
)
from hyperparameter_tuning.registry.space_rows import rows_from_space
from hyperparameter_tuning.registry.typed_params import known_field

Fact = Literal["fit_rows", "least_rows", "features"]
Number = Literal["int", "float"]


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What is known of the data that a candidate is fitted on; 0 where it is unknown.

    Attributes:
        fit_rows: Rows of the smallest training part of a fold.
        least_rows: Fewest rows that any candidate is fitted on: less than *fit_rows* in a halving's first
            round.
        features: Columns that reach the model.
    """

    fit_rows: int = 0
    least_rows: int = 0
    features: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """One end of a suggested range that the data decide.

    Attributes:
        parameter: Name of the field.
        number: Whether counts or real numbers are limited.
        end: Which end; values beyond it fail, or give the same model as the limit itself.
        fact: What it depends on.
        of: From the fact to the limit.
        because: Why, with ``{fact}`` for the number.
    """

    parameter: str
    number: Number
    end: Literal["low", "high"]
    fact: Fact
    of: Callable[[int], float]
    because: str


def _itself(count: int) -> float:
    return count


def _half(count: int) -> float:
    return count // 2


def _one_less(count: int) -> float:
    return count - 1


def _one_of(count: int) -> float:
    # Rounded up to four digits, so that a panel shows 0.3334 and it still is one column of three.
    return math.ceil(10_000 / count) / 10_000


_FEWEST = "the smallest part that a candidate learns from has {fact} rows"
_FOLD = "a fold leaves {fact} rows to learn from"
_COLUMNS = "{fact} columns reach the model"

LIMITS = (
    # scikit-learn refuses these beyond the limit.
    Limit("n_neighbors", "int", "high", "least_rows", _itself, _FEWEST),
    Limit("max_samples", "int", "high", "least_rows", _itself, _FEWEST),
    Limit("max_features", "int", "high", "features", _itself, _COLUMNS),
    Limit("n_components", "int", "high", "features", _itself, _COLUMNS),
    # Beyond these the model does not change any more: a tree of n rows has n leaves and n - 1 levels at most,
    # splits nothing below two leaves' rows, and looks at one column at least.
    Limit("min_samples_leaf", "int", "high", "fit_rows", _half, _FOLD),
    Limit("min_samples_split", "int", "high", "fit_rows", _itself, _FOLD),
    Limit("max_depth", "int", "high", "fit_rows", _one_less, _FOLD),
    Limit("max_leaf_nodes", "int", "high", "fit_rows", _itself, _FOLD),
    Limit("max_features", "float", "low", "features", _one_of, _COLUMNS),
)


def suggested_space(model: ModelSpec, *, lists: bool, facts: DataFacts | None = None) -> Space:
    """Return the space suggested for *model*.

    Args:
        model: Whose parameters are searched.
        lists: Whether the strategy needs finite lists of values: then the trimmed rows.
        facts: What is known of the data; absent: nothing.

    Returns:
        Dimensions in the model's order. A range of which the data leave one value is that one choice.
    """
    space = model.suggested_grid if lists else model.suggested
    return space if facts is None else tuple(_cut(model, item, facts) for item in space)


def suggested_rows(model: ModelSpec, *, lists: bool, facts: DataFacts | None = None) -> list[dict[str, Any]]:
    """Return `suggested_space` as the rows of a configuration."""
    return rows_from_space(model, suggested_space(model, lists=lists, facts=facts))


def suggestion_notes(model: ModelSpec, facts: DataFacts, *, lists: bool) -> list[str]:
    """Say in one sentence each which rows the data have cut, and why."""
    whole = suggested_space(model, lists=lists)
    cut = suggested_space(model, lists=lists, facts=facts)
    return [
        f"{known_field(model, now.name).label}: cut, since {' and '.join(_reasons(before, facts))}."
        for before, now in zip(whole, cut, strict=True)
        if now != before
    ]


def _reasons(dimension: Dimension, facts: DataFacts) -> list[str]:
    limits = _limits_of(dimension.name, facts)
    return list(dict.fromkeys(limit.because.format(fact=getattr(facts, limit.fact)) for limit in limits))


def _limits_of(name: str, facts: DataFacts) -> Iterator[Limit]:
    return (limit for limit in LIMITS if limit.parameter == name and getattr(facts, limit.fact) > 0)


def _cut(model: ModelSpec, dimension: Dimension, facts: DataFacts) -> Dimension:
    field = known_field(model, dimension.name)
    for limit in _limits_of(dimension.name, facts):
        value = _allowed(field, limit, limit.of(getattr(facts, limit.fact)))
        if isinstance(dimension, CategoricalDimension):
            dimension = _cut_choices(dimension, limit, value)
        elif isinstance(dimension, IntDimension) == (limit.number == "int"):
            dimension = _cut_range(dimension, limit, value)
    return dimension


def _allowed(field: FieldSpec, limit: Limit, value: float) -> int | float:
    """Keep a limit inside the field's own bounds, in its type."""
    bounds = (field.int_bounds if limit.number == "int" else field.float_bounds) or Bounds()
    value = value if bounds.low is None else max(value, bounds.low)
    value = value if bounds.high is None else min(value, bounds.high)
    return int(value) if limit.number == "int" else float(value)


def _cut_range(dimension: Any, limit: Limit, value: int | float) -> Dimension:
    low = max(dimension.low, value) if limit.end == "low" else min(dimension.low, value)
    high = min(dimension.high, value) if limit.end == "high" else max(dimension.high, value)
    if low >= high:
        return CategoricalDimension(dimension.name, (value,))
    cut: Dimension = replace(dimension, low=low, high=high)
    return cut


def _cut_choices(dimension: CategoricalDimension, limit: Limit, value: int | float) -> CategoricalDimension:
    kept = tuple(choice for choice in dimension.choices if not _is_beyond(choice, limit, value))
    return CategoricalDimension(dimension.name, kept or (value,))


def _is_beyond(choice: Scalar, limit: Limit, value: int | float) -> bool:
    if typed_value(choice)[0] != limit.number:
        return False
    assert isinstance(choice, int | float)
    return choice > value if limit.end == "high" else choice < value
