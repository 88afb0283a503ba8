"""Two strategies: one that plans its candidates, and one that only a limit ends."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hyperparameter_tuning.registry import StrategySpec
from hyperparameter_tuning.registry.search_context import Plan, SearchContext


class LatinHypercubeOptions(BaseModel):
    """Options of the Latin hypercube."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Literal["latin_hypercube"] = Field("latin_hypercube", title="Strategy")
    centred: bool = Field(False, title="Centred", description="Take the middle of each stratum.")


class HillClimbingOptions(BaseModel):
    """Options of hill climbing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Literal["hill_climbing"] = Field("hill_climbing", title="Strategy")
    step: float = Field(0.2, gt=0, le=1, title="Step", description="Share of each range that a move spans.")


def plan_latin_hypercube(context: SearchContext) -> Plan:
    """Plan one candidate per stratum."""
    wanted = context.budget.max_trials
    return Plan(None, basis="unbounded") if wanted is None else Plan(wanted, basis="upper_bound")


LATIN_HYPERCUBE = StrategySpec(
    value="latin_hypercube",
    label="Latin hypercube",
    description="Spreads the candidates evenly over every parameter.",
    options=LatinHypercubeOptions,
    proposer="tuning_example_plugin.proposers:LatinHypercubeProposer",
    aliases=("lhs",),
    plan="tuning_example_plugin.strategies:plan_latin_hypercube",
    default_max_trials=16,
)
HILL_CLIMBING = StrategySpec(
    value="hill_climbing",
    label="Hill climbing",
    description="Moves from the best candidate so far, for as long as it is let.",
    options=HillClimbingOptions,
    proposer="tuning_example_plugin.proposers:HillClimbingProposer",
)
