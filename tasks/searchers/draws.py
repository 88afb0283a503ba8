"""Random draws from one dimension, in the form that scikit-learn's ``ParameterSampler`` takes.

Which candidates are drawn does not belong here (`candidates`).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hyperparameter_tuning.registry.space import Dimension, FloatDimension, IntDimension

RandomState = np.random.RandomState


@dataclass(frozen=True, slots=True)
class Draw:
    """A distribution with the one method that ``ParameterSampler`` calls.

    Attributes:
        draw: Gives a Python value from a random state.
    """

    draw: Callable[[RandomState], Any]

    def rvs(self, random_state: RandomState) -> Any:
        """Return one value."""
        return self.draw(random_state)


def draw_of(dimension: Dimension) -> Draw:
    """Return the distribution of one dimension: even in its own scale, each listed value alike."""
    if isinstance(dimension, IntDimension) and dimension.log:
        return Draw(lambda rng: _log_int(dimension, rng))
    if isinstance(dimension, IntDimension):
        return Draw(lambda rng: dimension.low + dimension.step * int(rng.randint(dimension.size)))
    if isinstance(dimension, FloatDimension) and dimension.step is None:
        return Draw(lambda rng: _float(dimension, rng))
    values = dimension.values()
    return Draw(lambda rng: values[int(rng.randint(len(values)))])


def _float(dimension: FloatDimension, rng: RandomState) -> float:
    low, high = dimension.low, dimension.high
    if not dimension.log:
        return float(rng.uniform(low, high))
    drawn = math.exp(rng.uniform(math.log(low), math.log(high)))
    return min(max(drawn, low), high)


def _log_int(dimension: IntDimension, rng: RandomState) -> int:
    # Each whole number stands for the interval of half a unit around it.
    drawn = math.exp(rng.uniform(math.log(dimension.low - 0.5), math.log(dimension.high + 0.5)))
    return min(max(round(drawn), dimension.low), dimension.high)
