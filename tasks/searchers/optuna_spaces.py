"""What a library user may search with Optuna: dimensions, lists, Optuna's or SciPy's distributions.

Lists of dictionaries do not belong here: Optuna searches one space.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    Dimension,
    FloatDimension,
    IntDimension,
    Space,
)
from hyperparameter_tuning.tasks.optuna_support import dimension_of
from hyperparameter_tuning.tasks.searchers.library_spaces import is_space

_SCIPY: Mapping[str, Callable[[str, Any, Any], Dimension]] = {
    "uniform": lambda name, low, high: FloatDimension(name, float(low), float(high)),
    "loguniform": lambda name, low, high: FloatDimension(name, float(low), float(high), log=True),
    "reciprocal": lambda name, low, high: FloatDimension(name, float(low), float(high), log=True),
    "randint": lambda name, low, high: IntDimension(name, int(low), int(high)),
}
"""SciPy distributions that are even in one scale between two bounds."""


def space_of(param_distributions: Any) -> Space:
    """Return the space of dimensions, lists, Optuna's distributions, or some of SciPy's.

    Raises:
        ValueError: a value is none of these.
    """
    if is_space(param_distributions):
        return tuple(param_distributions)
    if not isinstance(param_distributions, Mapping):
        raise ValueError("Optuna searches one space: give one dictionary, not a list of them.")
    return tuple(_dimension(name, value) for name, value in param_distributions.items())


def _dimension(name: str, value: Any) -> Dimension:
    known = dimension_of(name, value)
    if known is not None:
        return known
    make = _SCIPY.get(getattr(getattr(value, "dist", None), "name", ""))
    if make is not None:
        return make(name, *value.support())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return CategoricalDimension(name, tuple(value))
    raise ValueError(
        f"'{name}' must be a list, an Optuna distribution, or SciPy's uniform, loguniform or randint, "
        f"not {value!r}."
    )
