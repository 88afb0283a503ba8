"""Documents about jobs as editors send and receive them.

How a stored record becomes a document is in `node.job_views`; nothing is decided here.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hyperparameter_tuning.node.contract import CONTRACT_VERSION

JobStatus = Literal["queued", "running", "stopping", "cancelling", "succeeded", "failed", "cancelled"]
LONG_POLL_SECONDS = 20.0
EXAMPLE_JOB_ID = "5f0c7e0f9a7d4b7f8f0e6a0c1d2b3a49"
JOBS_PATH = "/hyperparameter-tuning-jobs"
EXAMPLE_TIME = "2026-11-23T12:00:00+00:00"


class RequestDocument(BaseModel):
    """What editors send is closed and finite: a misspelt field is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class AnswerDocument(BaseModel):
    """What editors receive carries the contract's version."""

    contract_version: str = CONTRACT_VERSION


class GraphQuestion(RequestDocument):
    """Names a graph, and a tuning node in it.

    Attributes:
        pipeline_id: A pipeline that the host keeps; short for ``graph: {ref}``.
        graph: ``{ref, revision?}``, a canvas ``{nodes, edges}``, or the plain form
            ``{dataset, steps, model, target, ...}`` that needs no canvas.
        base_revision: The revision that the editor shows; another one is refused.
        node_id: The tuning node; may be left out where the graph has only one.
    """

    pipeline_id: str | None = Field(None, max_length=256)
    graph: dict[str, JsonValue] | None = None
    base_revision: int | None = Field(None, ge=0)
    node_id: str | None = Field(None, max_length=256)


class JobRequest(GraphQuestion):
    """Press Run.

    Attributes:
        run_id: Idempotency key: the same one gives the same job. Made here when left out.
        config: The node's configuration; left out: the one saved in the graph, or the defaults.
        concurrent: Whether another active job on the same node is fine.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"pipeline_id": "penguins", "base_revision": 3, "run_id": "run-2026-11-23-1"},
                {
                    "graph": {
                        "dataset": {"source": "sample", "name": "breast_cancer", "target": "target"},
                        "steps": [{"kind": "scale", "config": {"method": "standard"}}],
                        "model": {"type": "logistic_regression", "params": {"C": 1.0}},
                        "target": "target",
                    },
                    "config": {"strategy": {"name": "random"}, "budget": {"max_trials": 20}},
                },
            ]
        }
    )

    run_id: str | None = Field(None, min_length=1, max_length=128)
    config: dict[str, JsonValue] | None = None
    concurrent: bool = False


class JobQuery(RequestDocument):
    """Which jobs to list; what is left out does not restrict.

    Attributes:
        status: Any of these; may be repeated.
        limit: Most jobs of one page.
        after: The ``next`` of the page before.
    """

    pipeline_id: str | None = None
    node_id: str | None = None
    model_type: str | None = None
    status: list[JobStatus] = Field(default_factory=list)
    limit: int = Field(20, ge=1, le=100)
    after: str | None = None


class EventQuery(RequestDocument):
    """From where on to follow a job.

    Attributes:
        after: Number of the last event that you have; 0 for all.
        wait: Seconds that a long poll waits for the next one.
    """

    after: int = Field(0, ge=0)
    wait: float = Field(LONG_POLL_SECONDS, ge=0, le=60)


class BestQuery(RequestDocument):
    """Which results to choose the best from.

    Attributes:
        problem_type: For names that stand for two models.
        metric: Left out: the newest job's.
        dataset_fingerprint: Left out: the newest job's.
    """

    problem_type: Literal["classification", "regression"] | None = None
    pipeline_id: str | None = None
    node_id: str | None = None
    metric: str | None = None
    dataset_fingerprint: str | None = None


class Progress(BaseModel):
    """How far a search is.

    Attributes:
        done: Candidates that ended: complete, failed or pruned.
        planned: Candidates that the strategy plans; null when unbounded.
        units_done: Scored units (candidate on fold).
        units_planned: Null while unknown or unbounded.
        fraction: 0 to 1; null while there is nothing to divide by.
        eta_seconds: Estimated seconds left of the search, from the pace so far and its time limit.
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
    """The best candidate so far; at the end, the chosen one. The score is in the metric's natural unit."""

    trial: int
    score: float | None
    params: dict[str, Any]


class JobError(BaseModel):
    """Why a job failed, in one sentence."""

    code: str
    message: str


class ArtifactLink(BaseModel):
    """The tuned model: read through the API, never by path."""

    href: str
    sha256: str
    size: int


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
    """

    patch_id: str
    kind: str
    state: str
    reason: str | None = None
    revision: int | None = None
    conflicts: list[dict[str, Any]] = Field(default_factory=list)
    skipped_nodes: list[str] = Field(default_factory=list)
    patch: dict[str, Any] = Field(default_factory=dict)


class JobDocument(AnswerDocument):
    """One run of the node.

    Attributes:
        id: Names it in every other request.
        run_id: The caller's idempotency key.
        run_number: Counts the runs of one pipeline, node and model from 1.
        pipeline_id: The host's name of the pipeline; null for an inline graph.
        status: Where it is in its life; the last three never change.
        stopped_by: What ended it: ``exhausted``, ``max_trials``, ``max_seconds``, ``user`` ...
        direction: ``maximize`` or ``minimize``; scores are in the metric's natural unit.
        baseline: Trial 0: the parameters that the model node had at submit.
        outcome: What the worker reported at the end: provenance, final scores, warnings.
        last_seq: Number of the newest event.
        created: False when a job with this run_id existed already (answers of POST only).
    """

    id: str
    run_id: str
    run_number: int
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
    fingerprints: dict[str, str]
    config: dict[str, Any] | None = None
    outcome: dict[str, Any] | None = None
    write_backs: list[WriteBackDocument] | None = None
    attempts: int
    worker: str | None
    last_seq: int
    created: bool = True
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    links: dict[str, str]


class JobList(AnswerDocument):
    """One page of jobs, newest first; ``next`` is the cursor of the following page."""

    items: list[JobDocument]
    next: str | None


class TrialDocument(BaseModel):
    """One candidate. Trial 0 is the model node's own parameters; scores are in natural units."""

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


class TrialList(AnswerDocument):
    """One page of trials in their order; ``next`` is the ``after`` of the following page."""

    job_id: str
    metric: str
    direction: str
    items: list[TrialDocument]
    next: int | None


class EventDocument(AnswerDocument):
    """One line of a job's history; ``seq`` counts from 1 without gaps."""

    job_id: str
    seq: int
    type: str
    at: datetime
    data: dict[str, Any]


class EventList(AnswerDocument):
    """Events after the asked one. ``terminal`` says that no more will come."""

    items: list[EventDocument]
    next_after: int
    terminal: bool


class ApplyChoice(RequestDocument):
    """Which parameters to put onto which model nodes.

    Attributes:
        trial: Any complete trial; left out: the best one.
        params: Any subset of its parameters; left out: all.
        targets: Node ids; left out: every target.
        overwrite: Replace values that were edited since submit; for people who have seen the conflict.
    """

    trial: int | None = Field(None, ge=0)
    params: list[str] | None = None
    targets: list[str] | None = None
    overwrite: bool = False


class ApplyRequest(ApplyChoice):
    """Apply a choice.

    Attributes:
        applied: True confirms that the editor itself has executed the patch on an inline graph.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{}, {"trial": 7, "params": ["max_depth"], "targets": ["model-1"]}]}
    )

    applied: bool = False


class ResumeRequest(RequestDocument):
    """What the continued job may use on top; fields left out stay as they were."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"budget": {"max_trials": 60}}]})

    run_id: str | None = Field(None, min_length=1, max_length=128)
    budget: dict[str, float | int | None] = Field(default_factory=dict)


class PreviewRow(BaseModel):
    """One value on the graph: what it is now and what it would be; unset where there is none."""

    model_config = ConfigDict(extra="allow")

    node_id: str
    path: str


class Preview(AnswerDocument):
    """What applying would change; nothing is changed by looking."""

    id: str
    rows: list[PreviewRow]


class WriteBackAnswer(AnswerDocument):
    """What became of applying or reverting.

    Attributes:
        id: The job.
        write_back: The patch; ``proposed`` for an inline graph, whose editor executes it and confirms by
            ``applied``.
    """

    id: str
    write_back: WriteBackDocument


class BestParams(AnswerDocument):
    """The best result for a model among comparable jobs, and the newest one beside it.

    Attributes:
        available: Whether there is any.
        comparable: Whether the best was chosen among jobs of one metric, dataset content and validation kind;
            false when the newest differs in one of them, so that the two scores must not be compared.
        best: The job with the best score among those comparable with the newest.
        newest: The job that finished last.
        message: One sentence.
    """

    model_type: str
    available: bool
    comparable: bool
    best: JobDocument | None = None
    newest: JobDocument | None = None
    message: str
