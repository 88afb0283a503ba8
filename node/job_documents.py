"""What editors are answered about jobs, versioned.

How a stored record becomes a document is in `node.job_views`; requests are in `node.job_requests`.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hyperparameter_tuning.node import examples
from hyperparameter_tuning.node.contract import CONTRACT_VERSION
from hyperparameter_tuning.node.job_requests import JobStatus
from hyperparameter_tuning.node.migrated_nodes import MigratedNodeDocument


class AnswerDocument(BaseModel):
    """What editors receive carries the contract's version."""

    contract_version: str = CONTRACT_VERSION


class Progress(BaseModel):
    """How far a search is.

    Attributes:
        done: Candidates that ended: complete, failed or pruned; the references are among them: what the model
            nodes hold now, and the library's defaults.
        planned: Candidates to be scored in all, the references among them, so ``done`` ends there unless the
            search ends early; null when unbounded.
        units_done: Scored units (candidate on fold).
        units_planned: Null while unknown or unbounded.
        fraction: 0 to 1; null while there is nothing to divide by.
        eta_seconds: Estimated seconds left of the search, from the pace so far and its time limit; null
            before the first unit is scored.
    """

    done: int
    planned: int | None
    units_done: int
    units_planned: int | None
    fraction: float | None
    eta_seconds: float | None


class Counts(BaseModel):
    """Candidates by how they ended."""

    complete: int
    failed: int
    pruned: int


class BestTrial(BaseModel):
    """The best candidate so far; at the end, the chosen one. The score is in the metric's natural unit.

    Attributes:
        number_types: ``int`` or ``float`` where JSON cannot say whether a number is a count or a share.
    """

    trial: int
    score: float | None
    params: dict[str, Any]
    number_types: dict[str, str]


class JobError(BaseModel):
    """Why a job failed, in one sentence."""

    code: str
    message: str


class ArtifactLink(BaseModel):
    """The tuned model: read through the API, never by path.

    Attributes:
        document: Where what is needed to predict with it can be read.
        input: ``raw`` takes rows as the dataset has them, ``prepared`` as the steps before the model leave
            them.
        trusted_types: Types of other packages that opening it needs, beside the published allow-list.
    """

    href: str
    document: str
    sha256: str
    size: int
    input: Literal["raw", "prepared"]
    trusted_types: list[str] = Field(default_factory=list)


class WriteBackDocument(BaseModel):
    """One patch of a job and what became of it.

    Attributes:
        patch_id: Idempotency key at the host.
        kind: ``result`` onto the tuning node, ``params`` onto the model nodes.
        state: ``pending``, ``proposed``, ``applied``, ``conflict``, ``skipped`` or ``reverted``.
        reason: Why it waits, was skipped or is in conflict.
        revision: The graph's revision after it was applied.
        conflicts: Values that were changed since submit.
        skipped_nodes: Targets that were left untouched.
        patch: The operations; for an inline graph the editor executes them and confirms.
        inverse: The operations that undo it, once it was applied.
    """

    patch_id: str
    kind: str
    state: str
    reason: str | None = None
    revision: int | None = None
    conflicts: list[dict[str, Any]] = Field(default_factory=list)
    skipped_nodes: list[str] = Field(default_factory=list)
    patch: dict[str, Any] = Field(default_factory=dict)
    inverse: list[dict[str, Any]] = Field(default_factory=list)


class ProviderDocument(BaseModel):
    """Where something that a job needs came from, other than this package.

    Attributes:
        kind: What it is.
        name: What configurations and graphs call it.
        package: The distribution that brought it at submit; *version* likewise.
        unavailable: What to tell where it is not here (any more); null where it is.
    """

    kind: Literal["strategy", "model", "metric", "node_kind"]
    name: str
    package: str
    version: str
    unavailable: str | None


class JobDocument(AnswerDocument):
    """One run of the node.

    Attributes:
        id: Names it in every other request.
        run_id: The caller's idempotency key.
        run_number: Counts the runs of one pipeline, node and model from 1.
        name: What people call it, and ``note`` what they remarked about it; see ``PATCH``.
        pipeline_id: The host's name of the pipeline; null for an inline graph.
        status: Where it is in its life; the last three never change.
        stopped_by: What ended it: ``exhausted``, ``max_trials``, ``max_seconds``, ``user`` ...
        direction: ``maximize`` or ``minimize``; scores are in the metric's natural unit.
        baseline: Trial 0: the parameters that the model node had at submit.
        artifact: The tuned model with the steps before it inside.
        artifacts: Every stored model: that one and, where there are steps, the model alone.
        cautions: Labels that the scores carry: ``may be optimistic: node X saw all rows``.
        outcome: What the worker reported at the end: provenance, final scores, warnings.
        last_seq: Number of the newest event.
        created: False when a job with this run_id existed already (answers of POST only).
        migrated: What became of nodes and of a configuration of earlier versions (answers of POST only).
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.JOB]})

    id: str
    run_id: str
    run_number: int
    name: str | None = None
    note: str | None = None
    pipeline_id: str | None
    node_id: str | None
    base_revision: int | None
    status: JobStatus
    stop_requested: bool
    cancel_requested: bool
    stopped_by: str | None
    error: JobError | None
    model_type: str
    strategy: str
    metric: str
    direction: Literal["maximize", "minimize"]
    seed: int
    write_back_mode: str
    concurrent: bool
    resumed_from: str | None
    progress: Progress
    counts: Counts
    best: BestTrial | None
    baseline: BestTrial | None = None
    artifact: ArtifactLink | None
    artifacts: list[ArtifactLink] = Field(default_factory=list)
    cautions: list[str] = Field(default_factory=list)
    fingerprints: dict[str, str]
    providers: list[ProviderDocument] = Field(default_factory=list)
    config: dict[str, Any] | None = None
    outcome: dict[str, Any] | None = None
    write_backs: list[WriteBackDocument] | None = None
    attempts: int
    worker: str | None
    last_seq: int
    created: bool = True
    migrated: list[MigratedNodeDocument] = Field(default_factory=list)
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    links: dict[str, str]


class JobList(AnswerDocument):
    """One page of jobs, newest first; ``next`` is the cursor of the following page."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.JOB_LIST]})

    items: list[JobDocument]
    next: str | None


class FoldDocument(BaseModel):
    """One candidate on one fold with a share of the rows.

    Attributes:
        repeat: Repeat of the cross-validation, from 0; ``fold`` within it likewise.
        resource: Share of the rows, 1 for all; scores of different shares are not to be compared.
        state: ``complete`` or ``failed``.
        scores: Per metric, in its natural unit.
        how: How the score came about; see `TrialDocument`.
    """

    repeat: int
    fold: int
    resource: float
    state: str
    scores: dict[str, float | None]
    fit_seconds: float | None
    score_seconds: float | None
    error: str | None
    how: str


class TrialDocument(BaseModel):
    """One candidate. Trial 0 is the model node's own parameters; scores are in natural units.

    Attributes:
        how: How its scores came about, each way once: ``fitted`` by itself, ``prefix`` of another candidate's
            fit, ``shared`` the steps before the model with others, ``continued`` from its own fit of a round
            before. Empty while nothing is scored.
        folds: Its scores one by one; null unless asked for.
    """

    number: int
    origin: str
    state: str
    params: dict[str, Any]
    number_types: dict[str, str]
    resource: float | None
    rung: int | None
    n_folds: int
    score: float | None
    std: float | None
    scores: dict[str, float | None]
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None
    how: list[str] = Field(default_factory=list)
    folds: list[FoldDocument] | None = None


class TrialList(AnswerDocument):
    """One page of trials in their order; ``next`` is the ``after`` of the following page."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.TRIAL_LIST]})

    job_id: str
    metric: str
    direction: str
    items: list[TrialDocument]
    next: int | None


class PreviewRow(BaseModel):
    """One value on the graph: what it is now and what it would be; unset where there is none."""

    model_config = ConfigDict(extra="allow")

    node_id: str
    path: str


class Preview(AnswerDocument):
    """What applying would change; nothing is changed by looking."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PREVIEW]})

    id: str
    rows: list[PreviewRow]


class WriteBackAnswer(AnswerDocument):
    """What became of applying or reverting.

    Attributes:
        id: The job.
        write_back: The patch; ``proposed`` for an inline graph, whose editor executes it and confirms by
            ``applied``.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.WRITE_BACK]})

    id: str
    write_back: WriteBackDocument


class ArtifactDocument(AnswerDocument):
    """What is needed to predict with a tuned model; `shared.prediction.load_tuned` takes it with the file.

    Attributes:
        input: ``raw`` takes rows as the dataset has them, ``prepared`` as the steps before the model leave
            them.
        columns: ``{name, dtype}`` of each input column, in order; rows are checked against these.
        steps: Node ids of the steps inside; leave them out when predicting.
        steps_before: Node ids of the steps that rows must have passed.
        target: ``{name, dtype}`` of the predicted column.
        classes: Labels as the data has them, in the order of the probabilities; empty for regression.
        trusted_types: Types of other packages inside; opening them runs their code.
        allowed_types: The whole allow-list: ``skops.io.load(file, trusted=allowed_types)``.
        cautions: Labels that the scores carry.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ARTIFACT_DOCUMENT]})

    job_id: str
    model_type: str
    href: str
    sha256: str
    size: int
    input: Literal["raw", "prepared"]
    columns: list[dict[str, str]]
    steps: list[str]
    steps_before: list[str]
    target: dict[str, str] | None
    classes: list[Any]
    trusted_types: list[str]
    allowed_types: list[str]
    cautions: list[str]


class BestParams(AnswerDocument):
    """The best result for a model among comparable jobs, and the newest one beside it.

    Attributes:
        available: Whether there is any.
        comparable: Whether the best was chosen among jobs of one metric, dataset content and validation kind;
            false when the newest differs in one of them, so that the two scores must not be compared.
        best: The job with the best score among those comparable with the newest.
        newest: The job that finished last.
        job_id: Of the best; it and what follows repeat the best job's own fields, null without one.
        best_params: Searched parameters with their values.
        best_score: In the metric's natural unit.
        finished_at: When the best job ended.
        message: One sentence.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.BEST_PARAMS]})

    model_type: str
    available: bool
    comparable: bool
    job_id: str | None = None
    pipeline_id: str | None = None
    node_id: str | None = None
    run_number: int | None = None
    best_params: dict[str, Any] | None = None
    number_types: dict[str, str] | None = None
    best_score: float | None = None
    metric: str | None = None
    direction: Literal["maximize", "minimize"] | None = None
    strategy: str | None = None
    finished_at: datetime | None = None
    best: JobDocument | None = None
    newest: JobDocument | None = None
    message: str
