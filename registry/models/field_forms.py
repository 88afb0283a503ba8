"""Short forms in which the hyperparameters of a family are written down.

Which hyperparameters a model has does not belong here: one module per family lists them. Bounds are
scikit-learn's own, or narrower where its own admit values that make no model (``max_iter=0``).
"""

from dataclasses import replace
from typing import Any

from hyperparameter_tuning.registry.base import Bounds, FieldSpec, ValueType

AT_LEAST_ONE = Bounds(low=1)
AT_LEAST_TWO = Bounds(low=2)
NON_NEGATIVE = Bounds(low=0)
POSITIVE = Bounds(low=0, exclusive_low=True)
SHARE = Bounds(low=0, high=1)
INNER_SHARE = Bounds(low=0, high=1, exclusive_low=True, exclusive_high=True)
SOME_OR_ALL = Bounds(low=0, high=1, exclusive_low=True)
_SEEDS = Bounds(low=0, high=2**32 - 1)


def whole(
    name: str, label: str, default: int | None, description: str, bounds: Bounds = AT_LEAST_ONE, **more: Any
) -> FieldSpec:
    """Return a field of whole numbers; None as default makes it nullable."""
    types: tuple[ValueType, ...] = ("int",) if default is not None else ("int", "null")
    return FieldSpec(name, label, types, default, description, **({"int_bounds": bounds} | more))


def real(
    name: str, label: str, default: float | None, description: str, bounds: Bounds = NON_NEGATIVE, **more: Any
) -> FieldSpec:
    """Return a field of real numbers; None as default makes it nullable."""
    types: tuple[ValueType, ...] = ("float",) if default is not None else ("float", "null")
    return FieldSpec(name, label, types, default, description, **({"float_bounds": bounds} | more))


def flag(name: str, label: str, default: bool, description: str) -> FieldSpec:
    """Return a field that is on or off."""
    return FieldSpec(name, label, ("bool",), default, description)


def option(
    name: str, label: str, default: str | None, description: str, choices: tuple[str, ...], **more: Any
) -> FieldSpec:
    """Return a field of fixed texts; None as default makes it nullable."""
    types: tuple[ValueType, ...] = ("str",) if default is not None else ("str", "null")
    return FieldSpec(name, label, types, default, description, **({"choices": choices} | more))


def class_weight(*choices: str) -> FieldSpec:
    """Return the weighting of classes; *choices* beside ``balanced``."""
    text = "balanced: rare classes weigh as much as frequent ones; empty: every row weighs the same."
    return option("class_weight", "Class weight", None, text, ("balanced", *choices))


def nullable(field: FieldSpec) -> FieldSpec:
    """Return *field*, with None allowed."""
    return replace(field, types=(*field.types, "null"))


FIT_INTERCEPT = flag("fit_intercept", "Fit intercept", True, "Whether the model has a constant term.")
RANDOM_STATE = whole(
    "random_state",
    "Seed",
    None,
    "Seed of the model's own draws; empty: the seed of the search.",
    _SEEDS,
    searchable=False,
)
N_JOBS = whole(
    "n_jobs",
    "Threads",
    None,
    "Threads of one fit; -1 is all cores. The search itself already uses the cores.",
    Bounds(low=-1),
    searchable=False,
)
