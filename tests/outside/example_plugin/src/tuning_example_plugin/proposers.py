"""How the two strategies propose; loaded in the worker's search alone."""

import math
import random
from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.registry.space import CategoricalDimension, Dimension, IntDimension, Space
from hyperparameter_tuning.tasks.searchers import Proposals, Request


class LatinHypercubeProposer:
    """One candidate in each stratum of each parameter."""

    def propose(self, context: SearchContext) -> Proposals:
        """Yield all candidates at once."""
        size, draw = context.budget.max_trials or 1, random.Random(context.seed)
        columns = {}
        for dimension in context.space:
            strata = list(range(size))
            draw.shuffle(strata)
            inside = [0.5 if context.options.centred else draw.random() for _ in strata]
            columns[dimension.name] = [(at + part) / size for at, part in zip(strata, inside, strict=True)]
        yield [
            Request(
                trial, params_at(context.space, {name: column[trial] for name, column in columns.items()})
            )
            for trial in range(size)
        ]


class HillClimbingProposer:
    """Keeps the best point, and asks for one neighbour of it after the other."""

    def propose(self, context: SearchContext) -> Proposals:
        """Yield one candidate at a time, for ever where no number is set."""
        draw, limit = random.Random(context.seed), context.budget.max_trials
        point = {dimension.name: draw.random() for dimension in context.space}
        best, best_score, trial = point, -math.inf, 0
        while limit is None or trial < limit:
            (result,) = yield [Request(trial, params_at(context.space, point))]
            if result.state == "complete":
                score = sum(fold.scores[context.metric] for fold in result.folds) / len(result.folds)
                best, best_score = (point, score) if score > best_score else (best, best_score)
            reach = context.options.step
            point = {name: (at + draw.uniform(-reach, reach)) % 1.0 for name, at in best.items()}
            trial += 1


def params_at(space: Space, shares: Mapping[str, float]) -> dict[str, Any]:
    """Return the candidate at a point of the unit cube, every value of its dimension's own type."""
    return {dimension.name: _value(dimension, shares[dimension.name]) for dimension in space}


def _value(dimension: Dimension, share: float) -> Any:
    if isinstance(dimension, CategoricalDimension):
        return dimension.choices[int(share * len(dimension.choices))]
    if dimension.log:
        low, high = math.log(dimension.low), math.log(dimension.high)
        value = math.exp(low + share * (high - low))
    else:
        value = dimension.low + share * (dimension.high - dimension.low)
    if dimension.step is not None:
        value = dimension.low + dimension.step * round((value - dimension.low) / dimension.step)
    value = min(max(value, dimension.low), dimension.high)
    return round(value) if isinstance(dimension, IntDimension) else float(value)
