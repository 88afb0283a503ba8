"""Draws from spaces, for tests of entries; the product draws in its proposers."""

import math
import random

from hyperparameter_tuning.registry.space import Dimension, FloatDimension, Scalar, Space


def draw(dimension: Dimension, source: random.Random) -> Scalar:
    """One value of *dimension*, its ends more often than chance would have them."""
    if not isinstance(dimension, FloatDimension):
        values = dimension.values()
        return source.choice([values[0], values[-1], source.choice(values)])
    if dimension.log:
        inner = math.exp(source.uniform(math.log(dimension.low), math.log(dimension.high)))
    else:
        inner = source.uniform(dimension.low, dimension.high)
    return source.choice([dimension.low, dimension.high, min(max(inner, dimension.low), dimension.high)])


def draws(space: Space, count: int, seed: int = 0) -> list[dict[str, Scalar]]:
    """*count* candidates of *space*."""
    source = random.Random(seed)
    return [{item.name: draw(item, source) for item in space} for _ in range(count)]
