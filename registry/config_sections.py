"""The plain sections of a configuration: objective, budget, execution, selection, write-back.

Tagged unions do not belong here: see `registry.config_cross_validation` and `registry.config_rows`.
"""

from typing import Literal

from pydantic import ConfigDict, Field

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
        json_schema_extra=hint(registered="metrics_or_auto", ui={"ui:options": {"role": "metric"}}),
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
