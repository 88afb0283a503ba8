"""What a trial of the Optuna search costs above its fits, beside Optuna's own ask and tell of the same study.

Run as ``python -m benchmarks.optuna_trials``. TPE, 8 parameters, 200 trials, 8 in work, 5 folds, no fit at
all: by turns, CPU of this process, medians. What must hold is a ratio: two milliseconds were asked for where
Optuna's own took 1.8, and on another machine it takes four times as long.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import optuna

from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension, Space
from hyperparameter_tuning.registry.strategy_options import OptunaOptions
from hyperparameter_tuning.tasks.evaluation import FoldResult, Request, Result
from hyperparameter_tuning.tasks.searchers import OptunaProposer, run_search

TRIALS, IN_WORK, FOLDS, ROUNDS = 200, 8, 5, 5
MOST_TIMES_OWN = 1.1
SPACE = "8 real numbers"

SPACES: dict[str, Space] = {
    SPACE: tuple(FloatDimension(f"x{index}", 0.01, 1.0, log=index > 5) for index in range(8)),
    "3 whole, 4 real, 1 choice": (
        *(IntDimension(f"n{index}", 1, 300, log=index > 1) for index in range(3)),
        *(FloatDimension(f"x{index}", 0.01, 1.0, log=index > 2) for index in range(4)),
        CategoricalDimension("kind", ("a", "b", None)),
    ),
}


def score(params: Any) -> float:
    """Return a smooth function of the numbers of a candidate."""
    numbers = [value for value in params.values() if isinstance(value, int | float)]
    return -sum((value - 0.3) ** 2 for value in numbers)


def ours(space: Space) -> None:
    """Run our search with an evaluator that fits nothing."""

    def evaluate(
        requests: Sequence[Request], *, on_start: Any, on_unit: Any, should_stop: Any
    ) -> list[Result]:
        results = []
        for request in requests:
            on_start(request)
            scores = {"score": score(request.params)}
            folds = tuple(FoldResult(split, "complete", scores=scores) for split in range(FOLDS))
            for fold in folds:
                on_unit(request, fold)
            results.append(Result(request, folds))
        return results

    context = SearchContext(
        space=space,
        options=OptunaOptions(),
        seed=0,
        budget=SearchBudget(max_trials=TRIALS),
        n_splits=FOLDS,
        n_jobs=IN_WORK,
    )
    run_search(OptunaProposer(), context, evaluate)


def bare(space: Space) -> None:
    """Ask and tell Optuna alone, with the same sampler and as many in work."""
    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=0, multivariate=True, constant_liar=True),
    )
    distributions = {dimension.name: _distribution(dimension) for dimension in space}
    for _ in range(TRIALS // IN_WORK):
        for trial in [study.ask(distributions) for _ in range(IN_WORK)]:
            study.tell(trial, score(trial.params))


def _distribution(dimension: Any) -> optuna.distributions.BaseDistribution:
    if isinstance(dimension, CategoricalDimension):
        return optuna.distributions.CategoricalDistribution(dimension.choices)
    if isinstance(dimension, IntDimension):
        return optuna.distributions.IntDistribution(dimension.low, dimension.high, log=dimension.log)
    return optuna.distributions.FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def per_trial(search: Callable[[Space], None], space: Space) -> float:
    """Return the CPU milliseconds that a trial costs."""
    begin = time.process_time()
    search(space)
    return (time.process_time() - begin) / TRIALS * 1000


def costs(space: Space) -> tuple[float, float, float]:
    """Return the milliseconds of a trial of ours and of Optuna's own, and the median of paired ratios."""
    pairs = []
    for number in range(ROUNDS):
        first, second = (ours, bare) if number % 2 else (bare, ours)
        found = {first: per_trial(first, space), second: per_trial(second, space)}
        pairs.append((found[ours], found[bare]))
    mine, own = (statistics.median(column) for column in zip(*pairs, strict=True))
    return mine, own, statistics.median(first / second for first, second in pairs)


def main() -> int:
    """Measure, print, and fail where a trial costs too much."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    print("| space | ours, ms per trial | Optuna's own ask and tell | times |\n|---|---|---|---|")
    missed = False
    for name, space in SPACES.items():
        found, own, times = costs(space)
        missed |= times > MOST_TIMES_OWN
        print(
            f"| {name} | {found:.2f} | {own:.2f} | {times:.2f} |", "MISSED" if times > MOST_TIMES_OWN else ""
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
