"""The options of each built-in strategy, beside those that every strategy shares.

The number of candidates does not belong here: it lives in ``budget.max_trials`` alone. Every option works
for the samplers or pruners that its description names, and is ignored by the others.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

_FREE_PREFIXES = (
    "Fit each candidate with the most trees or rounds of the space, and score up to nine shorter lengths of "
    "that fit as further candidates; the number of trials counts fits. Not the usual search, which draws the "
    "length."
)


_RACING = (
    "After two folds, end candidates that a paired test finds worse than the best so far; they cannot win. "
    "Folds are scored one after the other."
)


class StrategyOptions(BaseModel):
    """Settings of all option documents: closed, frozen, finite; ``name`` tells them apart."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RandomOptions(StrategyOptions):
    """Options of random search."""

    name: Literal["random"] = Field("random", title="Strategy")
    free_prefixes: bool = Field(False, title="Shorter fits, too", description=_FREE_PREFIXES)
    racing: bool = Field(False, title="Race over folds", description=_RACING)


class GridOptions(StrategyOptions):
    """Options of grid search."""

    name: Literal["grid"] = Field("grid", title="Strategy")
    racing: bool = Field(False, title="Race over folds", description=_RACING)


class _HalvingOptions(StrategyOptions):
    factor: int = Field(
        3,
        ge=2,
        le=10,
        title="Factor",
        description="Each round keeps one candidate in so many, on so many times the rows.",
    )


class HalvingOptions(_HalvingOptions):
    """Options of successive halving over a grid; meanings as in scikit-learn's HalvingGridSearchCV."""

    name: Literal["halving"] = Field("halving", title="Strategy")
    min_resources: Literal["exhaust", "smallest", "fixed"] = Field(
        "exhaust",
        title="Rows of the first round",
        description="exhaust: as many as let the last round use all rows; smallest: two per fold and class; "
        "fixed: as given below.",
    )
    min_rows: int | None = Field(
        None, ge=1, title="Fixed number of rows", description="Needed by, and only used with, 'fixed'."
    )
    aggressive_elimination: bool = Field(
        False,
        title="Eliminate aggressively",
        description="Repeat the first round's rows until few enough candidates are left for the last round.",
    )


class HalvingRandomOptions(_HalvingOptions):
    """Options of successive halving over random draws; meanings as in HalvingRandomSearchCV."""

    name: Literal["halving_random"] = Field("halving_random", title="Strategy")
    min_resources: Literal["smallest", "exhaust", "fixed"] = Field(
        "smallest",
        title="Rows of the first round",
        description="smallest: two per fold and class; exhaust: as many as let the last round use all rows "
        "(needs a number of trials); fixed: as given below.",
    )
    min_rows: int | None = Field(
        None, ge=1, title="Fixed number of rows", description="Needed by, and only used with, 'fixed'."
    )
    aggressive_elimination: bool = Field(
        False,
        title="Eliminate aggressively",
        description="Repeat the first round's rows until few enough candidates are left for the last round.",
    )


class OptunaOptions(StrategyOptions):
    """Options of the Optuna search; meanings as in `optuna.samplers` and `optuna.pruners` 5."""

    name: Literal["optuna"] = Field("optuna", title="Strategy")
    sampler: Literal["tpe", "cmaes", "qmc", "nsga2", "random"] = Field(
        "tpe",
        title="Sampler",
        description="tpe: tree-structured Parzen estimator; cmaes: evolution of a covariance; qmc: "
        "quasi-random; nsga2: genetic; random: independent draws.",
    )
    n_startup_trials: int = Field(
        10,
        ge=1,
        le=1000,
        title="Random trials first",
        description="For tpe and cmaes: trials drawn at random before the sampler learns.",
    )
    multivariate: bool = Field(
        True,
        title="Parameters together",
        description="For tpe: model the parameters jointly, not one by one.",
    )
    n_ei_candidates: int = Field(
        24,
        ge=1,
        le=1000,
        title="Draws per suggestion",
        description="For tpe: draws of which the most promising is proposed.",
    )
    sigma0: float | None = Field(
        None,
        gt=0,
        title="First step",
        description="For cmaes: first standard deviation; empty: a sixth of the narrowest range.",
    )
    qmc_type: Literal["sobol", "halton"] = Field(
        "sobol", title="Sequence", description="For qmc: which low-discrepancy sequence."
    )
    population_size: int = Field(
        10, ge=2, le=1000, title="Population", description="For nsga2: trials per generation."
    )
    pruner: Literal["none", "median", "percentile", "successive_halving", "hyperband", "wilcoxon"] = Field(
        "none",
        title="Pruner",
        description="Whether hopeless candidates are given up before all folds are scored, and by what rule.",
    )
    pruner_startup_trials: int = Field(
        5,
        ge=0,
        le=1000,
        title="Complete trials before pruning",
        description="For median and percentile: trials that are never pruned.",
    )
    pruner_warmup_folds: int = Field(
        1,
        ge=0,
        le=100,
        title="Folds before pruning",
        description="For median, percentile and wilcoxon: folds that every candidate is scored on.",
    )
    percentile: float = Field(
        25.0,
        gt=0,
        lt=100,
        title="Percent kept",
        description="For percentile: a candidate outside this best part of the trials is given up.",
    )
    min_folds: int = Field(
        1,
        ge=1,
        le=100,
        title="Folds of the first round",
        description="For successive_halving and hyperband: folds before the first decision.",
    )
    reduction_factor: int = Field(
        3,
        ge=2,
        le=10,
        title="Reduction factor",
        description="For successive_halving and hyperband: each round keeps one candidate in so many.",
    )
    p_threshold: float = Field(
        0.1,
        gt=0,
        lt=1,
        title="P threshold",
        description="For wilcoxon: give up when a signed-rank test against the best is below this; with 5 "
        "folds it cannot fire before the fourth.",
    )
    free_prefixes: bool = Field(False, title="Shorter fits, too", description=_FREE_PREFIXES)
    racing: bool = Field(False, title="Race over folds", description=_RACING)
