"""What we answer about jobs and kinds of nodes, as documents that have schemas.

Making the answers does not belong here: jobs are shown by `node.job_views`, kinds by `registry.descriptor`.
"""

from typing import Any, Literal

from pydantic import Field

from hyperparameter_tuning.registry.published_documents import JsonObject, MigratedDocument, OpenDocument

Direction = Literal["maximize", "minimize"]


class JobProgress(OpenDocument):
    """How far the search is."""

    done: int = Field(
        ge=0, description="Candidates that ended, the references (current parameters, defaults) among them."
    )
    planned: int | None = Field(
        description="Candidates to be scored in all, the references among them; null: unbounded."
    )
    units_done: int = Field(ge=0, description="Scored units: a candidate on a fold.")
    units_planned: int | None
    fraction: float | None = Field(description="0 to 1.")
    eta_seconds: float | None


class TrialCounts(OpenDocument):
    """Candidates by how they ended."""

    complete: int = Field(ge=0)
    failed: int = Field(ge=0)
    pruned: int = Field(ge=0)


class BestTrial(OpenDocument):
    """A candidate and its score in the metric's natural unit."""

    trial: int = Field(ge=0)
    score: float | None
    params: JsonObject
    number_types: JsonObject = Field(
        description="'int' or 'float' where JSON cannot say whether a number is a count or a share."
    )


class JobError(OpenDocument):
    """Why a job failed."""

    code: str
    message: str


class ArtifactLink(OpenDocument):
    """The tuned model in the store."""

    href: str
    document: str = Field(description="Where columns, classes and allow-list of the model are.")
    sha256: str
    size: int = Field(ge=0, description="Bytes.")
    input: Literal["raw", "prepared"] = Field(description="Rows of the dataset, or of the last step.")
    trusted_types: list[str] = Field(default_factory=list, description="Types of other packages inside.")


class WriteBackDocument(OpenDocument):
    """One patch of a job and what became of it."""

    patch_id: str
    kind: Literal["result", "params"]
    state: Literal["pending", "proposed", "applied", "conflict", "skipped", "reverted"]
    reason: str | None = None
    revision: int | None = None
    conflicts: list[JsonObject] = Field(default_factory=list)
    skipped_nodes: list[str] = Field(default_factory=list)
    patch: JsonObject = Field(default_factory=dict, description="As patch.schema.json says.")
    inverse: list[JsonObject] = Field(
        default_factory=list, description="Operations that undo it, once applied."
    )


class ProviderDocument(OpenDocument):
    """Where something that a job needs came from, other than this package."""

    kind: Literal["strategy", "model", "metric", "node_kind"]
    name: str
    package: str = Field(description="The distribution that brought it at submit.")
    version: str
    unavailable: str | None = Field(description="What to tell where it is not here any more.")


class JobDocument(OpenDocument):
    """One run of the node."""

    contract_version: str
    id: str
    run_id: str = Field(description="The caller's idempotency key.")
    run_number: int = Field(ge=1, description="Counts the runs of one pipeline, node and model.")
    name: str | None = Field(None, description="What people call it.")
    note: str | None = Field(None, description="What people remarked about it.")
    pipeline_id: str | None
    node_id: str | None
    base_revision: int | None
    status: Literal["queued", "running", "stopping", "cancelling", "succeeded", "failed", "cancelled"]
    stop_requested: bool
    cancel_requested: bool
    stopped_by: str | None = Field(description="exhausted, max_trials, max_seconds, target_score, user, ...")
    error: JobError | None
    model_type: str
    strategy: str
    metric: str
    direction: Direction
    seed: int
    write_back_mode: Literal["propose", "auto", "off"]
    concurrent: bool
    resumed_from: str | None
    progress: JobProgress
    counts: TrialCounts
    best: BestTrial | None
    baseline: BestTrial | None = Field(None, description="Trial 0: what the model node held at submit.")
    artifact: ArtifactLink | None
    artifacts: list[ArtifactLink] = Field(default_factory=list, description="Every stored model.")
    cautions: list[str] = Field(default_factory=list, description="Labels that the scores carry.")
    fingerprints: JsonObject
    providers: list[ProviderDocument] = Field(
        default_factory=list, description="Names that came from other packages."
    )
    config: JsonObject | None = None
    outcome: JsonObject | None = None
    write_backs: list[WriteBackDocument] | None = None
    attempts: int = Field(ge=0)
    worker: str | None
    last_seq: int = Field(ge=0, description="Number of the newest event.")
    created: bool = True
    migrated: list[MigratedDocument] = Field(
        default_factory=list, description="Nodes and configuration of earlier versions; of POST only."
    )
    created_at: str = Field(description="ISO 8601 in UTC.")
    updated_at: str
    started_at: str | None
    finished_at: str | None
    links: JsonObject


class PortDocument(OpenDocument):
    """A handle of a node; its id is the handle id on the canvas."""

    id: str
    label: str
    type: str = Field(description="Dotted port type.")
    description: str
    required: bool = False
    max_connections: int | None = Field(None, description="null: any number.")
    held_out: bool = Field(False, description="Of an output: its rows are kept for the last test.")
    refuses_held_out: bool = Field(
        False, description="Of an input: such rows may not come here, directly or through other nodes."
    )


class StrategySupports(OpenDocument):
    """What a strategy can do."""

    log: bool
    continuous: bool
    conditional: bool
    resume: bool
    parallel: bool
    intermediate: bool


class StrategyDocument(OpenDocument):
    """A strategy and whether it can be used here."""

    value: str
    label: str
    description: str
    aliases: list[str]
    available: bool
    reason: str | None = Field(description="What to install, where it is not available.")
    supports: StrategySupports


class UiSchemas(OpenDocument):
    """How forms look, by the library that shows them."""

    rjsf: JsonObject
    jsonforms: JsonObject


class DescriptorDocument(OpenDocument):
    """What a kind of node says of itself."""

    descriptor_version: Literal[1]
    type: str
    type_version: int = Field(ge=1)
    supported_versions: list[int]
    display_name: str
    description: str
    icon: str
    category: list[str]
    tags: list[str]
    inputs: list[PortDocument]
    outputs: list[PortDocument]
    config_schema: dict[str, Any]
    ui_schema: UiSchemas
    default_config: JsonObject
    strategy_defaults: JsonObject | None = Field(None, description="A complete configuration per strategy.")
    strategies: list[StrategyDocument] | None = None
    capabilities: JsonObject
    port_types: JsonObject = Field(description="Per type of an output, the types of inputs it may feed.")
    schema_hash: str = Field(description="ETag of the descriptor.")
