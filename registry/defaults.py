"""The built-in strategies, in the order in which they are offered; the first is the default.

How candidates are proposed does not belong here: proposers are named by import path.
"""

from typing import Any

from hyperparameter_tuning.registry.base import StrategySpec, Supports
from hyperparameter_tuning.registry.strategy_options import (
    GridOptions,
    HalvingOptions,
    HalvingRandomOptions,
    OptunaOptions,
    RandomOptions,
)

_PROPOSERS = "hyperparameter_tuning.tasks.searchers"
_PLANS = "hyperparameter_tuning.registry.plans"

BUILT_IN_STRATEGIES: tuple[StrategySpec, ...] = (
    StrategySpec(
        value="random",
        label="Random search",
        description="Draws candidates at random; a good start for any space.",
        options=RandomOptions,
        proposer=f"{_PROPOSERS}.random:RandomProposer",
        aliases=("random_search",),
        plan=f"{_PLANS}:plan_random",
        default_max_trials=30,
    ),
    StrategySpec(
        value="grid",
        label="Grid search",
        description="Tries every combination of finite lists of values.",
        options=GridOptions,
        proposer=f"{_PROPOSERS}.grid:GridProposer",
        aliases=("grid_search",),
        supports=Supports(continuous=False),
        plan=f"{_PLANS}:plan_grid",
    ),
    StrategySpec(
        value="halving",
        label="Successive halving (grid)",
        description="Tries every combination on few rows and keeps the best for rounds with more rows.",
        options=HalvingOptions,
        proposer=f"{_PROPOSERS}.halving:HalvingProposer",
        aliases=("successive_halving", "halving_grid"),
        supports=Supports(continuous=False, intermediate=True),
        plan=f"{_PLANS}:plan_halving",
    ),
    StrategySpec(
        value="halving_random",
        label="Successive halving (random)",
        description="Draws many candidates, tries them on few rows and keeps the best for more rows.",
        options=HalvingRandomOptions,
        proposer=f"{_PROPOSERS}.halving_random:HalvingRandomProposer",
        aliases=("successive_halving_random", "halving_search"),
        supports=Supports(intermediate=True),
        plan=f"{_PLANS}:plan_halving_random",
    ),
    StrategySpec(
        value="optuna",
        label="Optuna",
        description="Learns from each result where to look next; can give up hopeless candidates early.",
        options=OptunaOptions,
        proposer=f"{_PROPOSERS}.optuna:OptunaProposer",
        aliases=("bayesian", "optuna_tpe"),
        supports=Supports(intermediate=True),
        plan=f"{_PLANS}:plan_optuna",
        default_max_trials=30,
    ),
)

DEFAULT_TUNING_STRATEGIES: tuple[dict[str, Any], ...] = tuple(
    {
        "value": spec.value,
        "label": spec.label,
        "description": spec.description,
        "impl": spec.value,
        "aliases": list(spec.aliases),
    }
    for spec in BUILT_IN_STRATEGIES
)
"""The same as plain dictionaries, the form in which this list was first published."""

SUPPORTED_IMPLS: frozenset[str] = frozenset(spec.value for spec in BUILT_IN_STRATEGIES)
"""Names of the implementations that strategies may stand for."""
