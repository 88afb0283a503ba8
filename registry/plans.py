"""What each built-in strategy will do, computed before anything is done.

Proposers (`tasks.searchers`) follow these plans, so that an estimate cannot differ from the search. Nothing
is sampled or scored here. The ceiling of the server is in the budget already.
"""

import math
from dataclasses import dataclass

from hyperparameter_tuning.registry.free_prefixes import free_prefixes
from hyperparameter_tuning.registry.racing import check_racing
from hyperparameter_tuning.registry.search_context import Basis, Plan, Rung, SearchContext
from hyperparameter_tuning.registry.space import FloatDimension, Space, grid_size
from hyperparameter_tuning.registry.strategy_options import HalvingOptions, HalvingRandomOptions
from hyperparameter_tuning.shared.errors import UserError

ROWS_PER_FOLD_AND_CLASS = 2
"""scikit-learn's factor for the fewest rows of a first round (``BaseSuccessiveHalving``)."""


def plan_grid(context: SearchContext) -> Plan:
    """Plan every combination.

    Raises:
        UserError: code ``grid_unbounded``, or ``grid_too_large`` with the size; or as `registry.racing`.
    """
    races = check_racing(context)
    return Plan(_grid_candidates(context), basis="upper_bound" if races else "exact")


def plan_random(context: SearchContext) -> Plan:
    """Plan ``max_trials`` draws, or as many as there are distinct candidates.

    Raises:
        UserError: as `registry.free_prefixes` and `registry.racing`.
    """
    basis: Basis = "upper_bound" if check_racing(context) else "exact"
    space, prefixes = _drawn_space(context)
    wanted, distinct = context.budget.max_trials, distinct_candidates(space)
    sizes = [size for size in (wanted, distinct) if size is not None]
    return (
        Plan(min(sizes), basis=basis, prefixes=prefixes)
        if sizes
        else Plan(None, basis="unbounded", prefixes=prefixes)
    )


def plan_optuna(context: SearchContext) -> Plan:
    """Plan ``max_trials`` suggestions; a sampler may suggest the same candidate twice.

    Raises:
        UserError: as `registry.free_prefixes` and `registry.racing`.
    """
    check_racing(context)
    wanted, (_, prefixes) = context.budget.max_trials, _drawn_space(context)
    return Plan(wanted, basis="unbounded" if wanted is None else "upper_bound", prefixes=prefixes)


def plan_halving(context: SearchContext) -> Plan:
    """Plan a halving whose first round holds every combination.

    Raises:
        UserError: code ``grid_unbounded``, ``grid_too_large``, ``min_rows_missing`` or ``too_few_rows``.
    """
    candidates = _grid_candidates(context)
    return Plan(candidates, _rungs(context, candidates))


def plan_halving_random(context: SearchContext) -> Plan:
    """Plan a halving whose first round holds draws: ``max_trials``, or as many as the rows allow.

    Without ``max_trials`` there are as many candidates as first rounds fit into the rows, as with
    scikit-learn's ``n_candidates="exhaust"``; with an unknown number of rows that is unbounded.

    Raises:
        UserError: code ``exhaust_needs_max_trials``, ``min_rows_missing`` or ``too_few_rows``.
    """
    wanted = context.budget.max_trials
    if wanted is None:
        if context.options.min_resources == "exhaust":
            raise UserError(
                "Say how many candidates to draw: 'exhaust' fits the first round's rows to their number.",
                code="exhaust_needs_max_trials",
                pointer="/budget/max_trials",
            )
        if not context.n_samples:
            return Plan(None, basis="unbounded")
        wanted = context.n_samples // _first_rows(context)
    distinct = distinct_candidates(context.space)
    candidates = wanted if distinct is None else min(wanted, distinct)
    return Plan(candidates, _rungs(context, candidates))


def _drawn_space(context: SearchContext) -> tuple[Space, int]:
    """Return what is drawn from, and how many further candidates are read off each draw's fit."""
    path = free_prefixes(context)
    return (context.space, 0) if path is None else (path.rest, len(path.values) - 1)


def distinct_candidates(space: Space) -> int | None:
    """Return how many candidates draws from *space* can give, or None for a continuum.

    Grid points are for grids: a real-valued row without a step stays a continuum.
    """
    if any(isinstance(item, FloatDimension) and item.step is None for item in space):
        return None
    return grid_size(space)


@dataclass(frozen=True, slots=True)
class HalvingRules:
    """The numbers that a halving's rounds follow from.

    Attributes:
        factor: One candidate in so many survives a round, on so many times the rows.
        first_rows: Rows of the first round.
        all_rows: Rows there are.
        aggressive: Repeat the first round's rows until the last round has few enough candidates.
    """

    factor: int
    first_rows: int
    all_rows: int
    aggressive: bool = False


def halving_rungs(candidates: int, rules: HalvingRules) -> tuple[Rung, ...]:
    """Return the rounds of a halving of *candidates*.

    The arithmetic, rounding of logarithms included, is that of scikit-learn 1.9's
    ``BaseSuccessiveHalving._run_search`` (Karnin, Koren, Somekh, ICML 2013).
    """
    required = _rounds(candidates, rules.factor)
    possible = _rounds(rules.all_rows // rules.first_rows, rules.factor)
    rounds = required if rules.aggressive else min(possible, required)
    rungs = []
    for index in range(rounds):
        power = max(0, index - required + possible) if rules.aggressive else index
        rows = min(rules.factor**power * rules.first_rows, rules.all_rows)
        rungs.append(Rung(index, rows, candidates))
        candidates = math.ceil(candidates / rules.factor)
    return tuple(rungs)


def smallest_rows(n_splits: int, n_classes: int) -> int:
    """Return the fewest rows of a first round: two per fold and class (two per fold for regression)."""
    return n_splits * ROWS_PER_FOLD_AND_CLASS * max(n_classes, 1)


def exhaust_rows(candidates: int, rules: HalvingRules) -> int:
    """Return the most rows that a first round may have so that the last required round still fits.

    Args:
        candidates: Candidates of the first round.
        rules: With the least allowed ``first_rows``.
    """
    last_power: int = rules.factor ** (_rounds(candidates, rules.factor) - 1)
    return max(rules.first_rows, rules.all_rows // last_power)


def _rounds(size: int, factor: int) -> int:
    return 1 + math.floor(math.log(size, factor))


def _grid_candidates(context: SearchContext) -> int:
    size, limit = grid_size(context.space), context.budget.max_trials
    if size is None:
        names = ", ".join(f"'{item.name}'" for item in context.space if item.size is None)
        raise UserError(
            f"A grid needs finite lists of values: give {names} a step, grid points or choices.",
            code="grid_unbounded",
            pointer="/search_space",
        )
    if limit is not None and size > limit:
        raise UserError(
            f"The grid has {size:,} candidates, more than the limit of {limit:,}: "
            "take values out, raise the limit, or search at random.",
            code="grid_too_large",
            pointer="/budget/max_trials",
            size=size,
            limit=limit,
        )
    return size


def _rungs(context: SearchContext, candidates: int) -> tuple[Rung, ...]:
    if not context.n_samples:
        return ()
    options: HalvingOptions | HalvingRandomOptions = context.options
    rules = HalvingRules(
        options.factor, _first_rows(context), context.n_samples, options.aggressive_elimination
    )
    if options.min_resources == "exhaust":
        first = exhaust_rows(candidates, rules)
        rules = HalvingRules(rules.factor, first, rules.all_rows, rules.aggressive)
    return halving_rungs(candidates, rules)


def _first_rows(context: SearchContext) -> int:
    options: HalvingOptions | HalvingRandomOptions = context.options
    rows: int = smallest_rows(context.n_splits, context.n_classes)
    if options.min_resources == "fixed":
        if options.min_rows is None:
            raise UserError(
                "Say how many rows the first round has, or choose another rule than 'fixed'.",
                code="min_rows_missing",
                pointer="/strategy/min_rows",
            )
        rows = options.min_rows
    if context.n_samples and rows > context.n_samples:
        raise UserError(
            f"The first round of the halving needs {rows:,} rows, but there are only {context.n_samples:,}: "
            "use fewer folds, fewer rows in the first round, or another strategy.",
            code="too_few_rows",
            pointer="/strategy",
            rows=rows,
            n_samples=context.n_samples,
        )
    return rows
