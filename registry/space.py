"""Typed search spaces: what the rows of a configuration become once each value has its declared type.

Nothing is sampled here: proposers do that. Rows as documents are in `registry.config`; turning rows into
dimensions is in `registry.values`.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Scalar = str | int | float | bool | None
NumberType = Literal["int", "float"]


@dataclass(frozen=True, slots=True)
class IntDimension:
    """Whole numbers from *low* to *high*, both included, every *step*.

    Attributes:
        name: Parameter.
        low: Least value.
        high: Greatest value; the last value is at most this.
        step: Distance of neighbours; 1 when *log*.
        log: Sampled evenly in the logarithm.
    """

    name: str
    low: int
    high: int
    step: int = 1
    log: bool = False

    @property
    def size(self) -> int:
        """Number of values."""
        return (self.high - self.low) // self.step + 1

    def values(self) -> tuple[int, ...]:
        """Every value in ascending order, for a grid."""
        return tuple(range(self.low, self.high + 1, self.step))


@dataclass(frozen=True, slots=True)
class FloatDimension:
    """Real numbers from *low* to *high*.

    Attributes:
        name: Parameter.
        low: Least value.
        high: Greatest value.
        step: Distance of neighbours; None for a continuum.
        log: Sampled evenly in the logarithm; excludes *step*.
        grid_points: Number of values a grid takes, evenly in the row's own scale.
    """

    name: str
    low: float
    high: float
    step: float | None = None
    log: bool = False
    grid_points: int | None = None

    @property
    def size(self) -> int | None:
        """Number of values a grid takes, or None for a continuum."""
        if self.step is not None:
            # The tolerance keeps 0.1 .. 0.3 by 0.1 at three values, as Optuna's distributions do.
            return math.floor((self.high - self.low) / self.step + 1e-8) + 1
        return self.grid_points

    def values(self) -> tuple[float, ...]:
        """Every value of a grid in ascending order.

        Raises:
            ValueError: the dimension is a continuum.
        """
        size = self.size
        if size is None:
            raise ValueError(
                f"'{self.name}' has neither step nor grid_points: it has no finite list of values."
            )
        if self.step is not None:
            later = (min(_tidy(self.low + index * self.step), self.high) for index in range(1, size))
            return (self.low, *later)
        if size == 1:
            return (self.low,)
        shares = [index / (size - 1) for index in range(size)]
        if self.log:
            ratio = math.log(self.high / self.low)
            inner = [_tidy(self.low * math.exp(share * ratio)) for share in shares[1:-1]]
        else:
            inner = [_tidy(self.low + share * (self.high - self.low)) for share in shares[1:-1]]
        return (self.low, *inner, self.high)


def _tidy(value: float) -> float:
    # 12 digits: 0.1 + 2 * 0.1 is 0.3, as the author of the row expects, and neighbours stay apart.
    return float(f"{value:.12g}")


@dataclass(frozen=True, slots=True)
class CategoricalDimension:
    """A list of values of any type; searched by the index of the choice.

    Attributes:
        name: Parameter.
        choices: Distinct by (type, value): True, 1 and 1.0 are three choices.
    """

    name: str
    choices: tuple[Scalar, ...]

    @property
    def size(self) -> int:
        """Number of choices."""
        return len(self.choices)

    def values(self) -> tuple[Scalar, ...]:
        """The choices in their own order."""
        return self.choices


Dimension = IntDimension | FloatDimension | CategoricalDimension
Space = tuple[Dimension, ...]


def grid_size(space: Space) -> int | None:
    """Return how many candidates a grid over *space* has, without building it; None when unbounded."""
    sizes = [dimension.size for dimension in space]
    if any(size is None for size in sizes):
        return None
    return math.prod(size for size in sizes if size is not None)


def typed_value(value: Any) -> tuple[str, Any]:
    """Return (type name, value): equal exactly for values that are the same to an estimator."""
    return (type(value).__name__, value)


def candidate_key(params: Mapping[str, Any]) -> str:
    """Return a text that two candidates share exactly when they are the same model.

    Equality is by (type, value), so True, 1 and 1.0 differ; the order of names does not count.
    """
    items = [(name, type(params[name]).__name__, params[name]) for name in sorted(params)]
    return json.dumps(items, separators=(",", ":"), allow_nan=False)
