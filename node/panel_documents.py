"""What a panel asks with every change, and what it is answered: the narrowed form, and the work ahead."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hyperparameter_tuning.node import panel_examples
from hyperparameter_tuning.node.job_documents import AnswerDocument
from hyperparameter_tuning.node.job_requests import GraphQuestion
from hyperparameter_tuning.node.migrated_nodes import MigratedNodeDocument
from hyperparameter_tuning.node.problems import FindingDocument


class PanelRequest(GraphQuestion):
    """A configuration as it stands in the panel, on a graph where there is one.

    Attributes:
        config: Left out: the one saved in the graph, or the defaults. One of version 0 is migrated.
    """

    model_config = ConfigDict(json_schema_extra={"examples": panel_examples.REQUESTS})

    config: dict[str, JsonValue] | None = None


class EstimateRequest(PanelRequest):
    """What to count the work of.

    Attributes:
        job_id: A running job to take the time of a fit from; left out: the active job of the node.
    """

    model_config = ConfigDict(json_schema_extra={"examples": panel_examples.REQUESTS})

    job_id: str | None = Field(None, max_length=64)


class UiSchemas(BaseModel):
    """How the form looks, by the library that shows it."""

    rjsf: dict[str, Any]
    jsonforms: dict[str, Any]


class ResolvedNode(BaseModel):
    """A model node that the best parameters feed, and what it holds now."""

    node_id: str
    label: str | None
    params: dict[str, Any]


class ResolvedModel(BaseModel):
    """The model in force.

    Attributes:
        connected: Whether a model node says it; the configuration's own choice has no effect then.
        nodes: The model nodes; all of them get the patch.
        unavailable: What to install first, where its package is missing.
    """

    key: str
    label: str
    problem_type: Literal["classification", "regression"]
    connected: bool
    nodes: list[ResolvedNode]
    unavailable: str | None


class TargetChoice(BaseModel):
    """A column that could be predicted.

    Attributes:
        fits: Whether the model in force can predict it.
        reason: Why not.
    """

    value: str
    dtype: str
    distinct: int
    missing: int
    fits: bool
    reason: str | None


class MetricChoice(BaseModel):
    """A metric that fits the model and the problem."""

    value: str
    label: str
    direction: Literal["maximize", "minimize"]


class AutoMetric(MetricChoice):
    """What "auto" stands for here, and why."""

    reason: str


class MetricChoices(BaseModel):
    """The metrics to choose from; auto is null while the problem is open."""

    auto: AutoMetric | None
    choices: list[MetricChoice]


class SuggestedRows(BaseModel):
    """Suggested rows for strategies over ranges (full), and over lists (trimmed)."""

    full: list[dict[str, Any]]
    trimmed: list[dict[str, Any]]


class ResolutionAnswer(AnswerDocument):
    """The form of the node, narrowed to its model and dataset.

    Attributes:
        config_schema: As in the descriptor, but with one branch per parameter and kind of row, the dataset's
            columns to choose from, and the metrics that fit. It accepts what the static one accepts.
        default_config: The complete configuration of a fresh node.
        schema_hash: Of the three before it: as long as it is the same, the form need not be drawn again.
        model: Null while no model is connected or chosen.
        suggested_search_space: What an empty search space stands for, with the chosen strategy.
        suggestion_notes: Which suggested rows the data have cut, and why.
        targets: The dataset's columns.
        findings: As of validate; ``todo`` is the checklist.
        config: As of validate.
        runnable: Whether Run would be accepted.
        migrated: As of validate.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [panel_examples.RESOLUTION]})

    config_schema: dict[str, Any]
    ui_schema: UiSchemas
    default_config: dict[str, Any]
    schema_hash: str
    model: ResolvedModel | None
    suggested_search_space: list[dict[str, Any]]
    suggested: SuggestedRows
    suggestion_notes: list[str]
    targets: list[TargetChoice]
    metrics: MetricChoices
    findings: list[FindingDocument]
    config: dict[str, Any] | None
    runnable: bool
    migrated: list[MigratedNodeDocument] = Field(default_factory=list)


class EstimatedRung(BaseModel):
    """A round of a halving: how many candidates, on how many rows."""

    rung: int
    rows: int
    candidates: int


class EstimatedSeconds(BaseModel):
    """Wall seconds of search and refit."""

    low: float
    likely: float
    high: float


class EstimatedLimit(BaseModel):
    """A ceiling of the server.

    Attributes:
        asked: What the configuration asks; null: no limit.
        ceiling: What the server allows.
        in_force: The smaller one; null where the strategy ends by itself.
    """

    asked: float | None
    ceiling: float
    in_force: float | None


class EstimatedLimits(BaseModel):
    """What the server allows at most."""

    max_trials: EstimatedLimit
    max_seconds: EstimatedLimit
    max_grid_candidates: int


class EstimateAnswer(AnswerDocument):
    """The work that a configuration asks for; the search itself counts by the same plan.

    Attributes:
        candidates: Of the strategy; null while open or unbounded.
        references: Scored outside of it: current parameters of the model nodes, and the library's defaults.
        trials: Both together.
        folds: Fits per trial: folds times repeats.
        fits: Trials on folds in all rounds; the refit comes on top.
        refit: Fits at the end.
        rungs: Rounds of a halving, empty for others.
        basis: Whether the numbers are exact, an upper bound, or open; null while nothing can be counted.
        seconds: Null while nothing tells how long a fit takes.
        time_basis: Where the time comes from: the running job, earlier jobs of this node or on the same data,
            or the time limit, which ends the search first.
        reasons: Sentences on what the numbers rest on.
        findings: As of validate.
        runnable: Whether Run would be accepted.
        migrated: As of validate.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [panel_examples.ESTIMATE]})

    candidates: int | None
    references: int | None
    trials: int | None
    folds: int | None
    fits: int | None
    refit: int
    rungs: list[EstimatedRung]
    basis: Literal["exact", "upper_bound", "unbounded"] | None
    seconds: EstimatedSeconds | None
    time_basis: Literal["running_job", "earlier_jobs", "time_limit"] | None
    limits: EstimatedLimits
    reasons: list[str]
    findings: list[FindingDocument]
    runnable: bool
    migrated: list[MigratedNodeDocument] = Field(default_factory=list)
