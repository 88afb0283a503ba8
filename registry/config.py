"""The configuration of the tuning node: the one source of its schemas, forms and defaults.

Rules between fields do not belong here (`registry.validation`), nor other spellings that are accepted
(`registry.normalisation`).
"""

from functools import lru_cache, reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema

from hyperparameter_tuning.registry.base import StrategySpec
from hyperparameter_tuning.registry.config_cross_validation import CrossValidation, KFold
from hyperparameter_tuning.registry.config_rows import FixedParam, SearchRow
from hyperparameter_tuning.registry.defaults import BUILT_IN_STRATEGIES
from hyperparameter_tuning.registry.form_fields import MAX_ROWS, MAX_SEED, FormDocument, Name, hint

DEFAULT_MAX_TRIALS = 30
DEFAULT_MAX_SECONDS = 600.0
AUTO_METRIC = "auto"


class Objective(FormDocument):
    """What a good candidate is."""

    model_config = ConfigDict(title="Objective")

    metric: Name = Field(
        AUTO_METRIC,
        title="Metric",
        description="Automatic: ROC AUC for two classes, log loss for more, RMSE for numbers.",
        json_schema_extra=hint(registered="metrics_or_auto"),
    )
    direction: Literal["maximize", "minimize"] | None = Field(
        None,
        title="Direction",
        description="Follows from the metric.",
        json_schema_extra=hint(
            labels=("Greater is better", "Smaller is better", "Follows from the metric"),
            ui={"ui:readonly": True},
        ),
    )
    additional_metrics: list[Name] = Field(
        default_factory=list,
        title="Also report",
        description="Recorded for every candidate; they decide nothing.",
        max_length=MAX_ROWS,
        json_schema_extra=hint(registered="metrics"),
    )


class Budget(FormDocument):
    """When the search ends; an empty field is no limit of that kind."""

    model_config = ConfigDict(title="Budget")

    max_trials: int | None = Field(
        DEFAULT_MAX_TRIALS,
        title="Candidates",
        ge=1,
        description="Most candidates that the strategy proposes.",
    )
    max_seconds: float | None = Field(
        DEFAULT_MAX_SECONDS, title="Seconds", gt=0, description="Longest wall time of the search."
    )
    max_failed_trials: int | None = Field(
        None, title="Failed candidates", ge=1, description="So many failed candidates fail the job."
    )
    target_score: float | None = Field(
        None, title="Good enough", description="A candidate that reaches this score ends the search."
    )
    no_improvement_trials: int | None = Field(
        None,
        title="Patience",
        ge=1,
        description="So many candidates in a row without a better one end the search.",
    )


class Execution(FormDocument):
    """How the search runs."""

    model_config = ConfigDict(title="Execution")

    seed: int = Field(42, title="Seed", ge=0, le=MAX_SEED, description="Same seed, same result.")
    n_jobs: int | None = Field(
        None, title="Parallel fits", ge=1, le=1024, description="Empty: what the worker has to spare."
    )
    on_trial_error: Literal["skip", "fail"] = Field(
        "skip",
        title="When a candidate fails",
        description="Record it and go on, or fail the job.",
        json_schema_extra=hint(labels=("Go on", "Fail the job")),
    )


class Selection(FormDocument):
    """Which candidate is taken, and what it is fitted on at the end."""

    model_config = ConfigDict(title="Selection")

    rule: Literal["best"] = Field("best", title="Take", json_schema_extra=hint(labels=("The best score",)))
    refit_on: Literal["train", "train_and_validation"] = Field(
        "train",
        title="Fit the tuned model on",
        json_schema_extra=hint(labels=("Training rows", "Training and validation rows")),
    )


class WriteBack(FormDocument):
    """What happens to the model nodes downstream when the search ends."""

    model_config = ConfigDict(title="Write back")

    mode: Literal["propose", "auto", "off"] = Field(
        "propose",
        title="Best parameters",
        description="Automatic writing needs a gain over the current parameters.",
        json_schema_extra=hint(labels=("Propose them to me", "Write them", "Leave the model nodes alone")),
    )
    attach_model: bool = Field(
        True, title="Attach the tuned model", description="To model nodes that take a trained model."
    )
    min_gain: float = Field(
        0.0,
        title="Least gain",
        ge=0,
        description="Automatic writing only for a gain above this, in the metric's unit.",
    )


Specs = tuple[StrategySpec, ...]


def _union(specs: Specs) -> Any:
    """The first branch is the one that forms start with."""
    if len(specs) == 1:
        return specs[0].options
    options: Any = reduce(or_, [spec.options for spec in specs])
    return Annotated[options, Field(discriminator="name")]


class _BuiltInStrategies:
    """Makes a field a union of the options of the built-in strategies, tagged by ``name``."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(_union(BUILT_IN_STRATEGIES))


_STRATEGY_HINT = hint(registered="strategies")
_SPACE_HINT = hint(ui={"ui:options": {"orderable": True, "copyable": True, "role": "search_space"}})


class TuningConfig(FormDocument):
    """Searches the best hyperparameters of the connected model."""

    model_config = ConfigDict(title="Tune hyperparameters")

    model: Name | None = Field(
        None,
        title="Model",
        description="Given by the model node that best_params feeds; choose one where none is connected.",
        json_schema_extra=hint(registered="models"),
    )
    target: Name | None = Field(
        None,
        title="Target column",
        description="The column to predict; empty: the one that a node upstream declares.",
        json_schema_extra=hint(ui={"ui:options": {"role": "column"}}),
    )
    problem_type: Literal["auto", "classification", "regression"] = Field(
        "auto",
        title="Problem",
        json_schema_extra=hint(labels=("Automatic", "Classification", "Regression")),
    )
    strategy: Annotated[BaseModel, _BuiltInStrategies()] = Field(
        default_factory=BUILT_IN_STRATEGIES[0].options,
        title="Search strategy",
        json_schema_extra=_STRATEGY_HINT,
    )
    search_space: list[SearchRow] = Field(
        default_factory=list,
        title="Search space",
        description="Empty: the space suggested for the model.",
        max_length=MAX_ROWS,
        json_schema_extra=_SPACE_HINT,
    )
    fixed_params: list[FixedParam] = Field(
        default_factory=list,
        title="Fixed parameters",
        description="Override the model node's current parameters in every candidate.",
        max_length=MAX_ROWS,
    )
    objective: Objective = Field(default_factory=Objective, title="Objective")
    cross_validation: CrossValidation = Field(default_factory=KFold, title="Cross-validation")
    budget: Budget = Field(default_factory=Budget, title="Budget")
    execution: Execution = Field(default_factory=Execution, title="Execution")
    selection: Selection = Field(default_factory=Selection, title="Selection")
    write_back: WriteBack = Field(default_factory=WriteBack, title="Write back")


@lru_cache(maxsize=8)
def config_model(specs: Specs) -> type[TuningConfig]:
    """Return the configuration for the strategies that an installation offers.

    Args:
        specs: At least one; the first is the default.
    """
    default = specs[0].options
    field: Any = (
        _union(specs),
        Field(default_factory=default, title="Search strategy", json_schema_extra=_STRATEGY_HINT),
    )
    return create_model("TuningConfig", __base__=TuningConfig, __doc__=TuningConfig.__doc__, strategy=field)
