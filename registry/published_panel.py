"""What a panel is answered, as documents that have schemas: the narrowed form, and the work ahead.

Making the answers does not belong here (`registry.resolution`, `registry.estimates`), nor what they are over
HTTP (`node.panel_documents`, which a test holds to these).
"""

from typing import Any, Literal

from pydantic import Field

from hyperparameter_tuning.registry.published_answers import Direction, UiSchemas
from hyperparameter_tuning.registry.published_documents import (
    FindingDocument,
    JsonObject,
    MigratedDocument,
    OpenDocument,
)


class ResolvedNode(OpenDocument):
    """A model node that the best parameters feed."""

    node_id: str
    label: str | None
    params: JsonObject = Field(description="What it holds now.")


class ResolvedModel(OpenDocument):
    """The model in force."""

    key: str
    label: str
    problem_type: Literal["classification", "regression"]
    connected: bool = Field(description="Whether a model node says it, not the configuration.")
    nodes: list[ResolvedNode] = Field(description="All of them get the patch.")
    unavailable: str | None = Field(description="What to install first, where its package is missing.")


class TargetChoice(OpenDocument):
    """A column that could be predicted."""

    value: str
    dtype: str
    distinct: int
    missing: int
    fits: bool = Field(description="Whether the model in force can predict it.")
    reason: str | None = Field(description="Why not.")


class MetricChoice(OpenDocument):
    """A metric that fits model and problem."""

    value: str
    label: str
    direction: Direction


class AutoMetric(OpenDocument):
    """What 'auto' stands for here."""

    value: str
    label: str
    direction: Direction
    reason: str


class MetricChoices(OpenDocument):
    """The metrics to choose from."""

    auto: AutoMetric | None = Field(description="null while the problem is open.")
    choices: list[MetricChoice]


class SuggestedRows(OpenDocument):
    """Suggested rows by what a strategy takes."""

    full: list[JsonObject] = Field(description="For strategies over ranges.")
    trimmed: list[JsonObject] = Field(description="For strategies over lists.")


class ResolutionDocument(OpenDocument):
    """What resolve answers: the form of one node on one graph."""

    contract_version: str
    config_schema: dict[str, Any] = Field(description="One branch per parameter and kind of row.")
    ui_schema: UiSchemas
    default_config: JsonObject
    schema_hash: str = Field(description="As long as it is the same, the form need not be drawn again.")
    model: ResolvedModel | None
    suggested_search_space: list[JsonObject] = Field(
        description="What an empty search space stands for, with the chosen strategy."
    )
    suggested: SuggestedRows
    suggestion_notes: list[str] = Field(description="Which suggested rows the data have cut, and why.")
    targets: list[TargetChoice]
    metrics: MetricChoices
    findings: list[FindingDocument] = Field(description="As of validate; todo is the checklist.")
    config: JsonObject | None
    runnable: bool
    migrated: list[MigratedDocument] = Field(default_factory=list, description="As of validate.")


class EstimatedRung(OpenDocument):
    """A round of a halving."""

    rung: int = Field(ge=0)
    rows: int = Field(ge=1)
    candidates: int = Field(ge=1)


class EstimatedSeconds(OpenDocument):
    """Wall seconds of search and refit."""

    low: float
    likely: float
    high: float


class EstimatedLimit(OpenDocument):
    """A ceiling of the server."""

    asked: float | None = Field(description="null: no limit.")
    ceiling: float
    in_force: float | None = Field(description="null: the strategy ends by itself.")


class EstimatedLimits(OpenDocument):
    """What the server allows at most."""

    max_trials: EstimatedLimit
    max_seconds: EstimatedLimit
    max_grid_candidates: int


class EstimateDocument(OpenDocument):
    """What estimate answers: the work that a configuration asks for."""

    contract_version: str
    candidates: int | None = Field(description="Of the strategy; null while open or unbounded.")
    references: int | None = Field(description="Current parameters and defaults, scored outside of it.")
    trials: int | None = Field(description="Both together.")
    folds: int | None = Field(description="Fits per trial: folds times repeats.")
    fits: int | None = Field(description="In all rounds, without the refit.")
    refit: int
    rungs: list[EstimatedRung]
    basis: Literal["exact", "upper_bound", "unbounded"] | None
    seconds: EstimatedSeconds | None
    time_basis: Literal["running_job", "earlier_jobs", "time_limit"] | None
    limits: EstimatedLimits
    reasons: list[str] = Field(description="Sentences on what the numbers rest on.")
    findings: list[FindingDocument]
    runnable: bool
    migrated: list[MigratedDocument] = Field(default_factory=list, description="As of validate.")
