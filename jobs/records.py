"""Frozen values that leave the store: jobs, trials, folds, events, write-backs, and what a submit brings.

No SQL and no rules here. Scores are in the metric's natural unit, times are UTC from the database's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.plain_form import PlainForm

TrialState = Literal["running", "complete", "failed", "pruned", "abandoned"]
WriteBackKind = Literal["result", "params"]
WriteBackState = Literal["pending", "proposed", "applied", "conflict", "skipped", "reverted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Everything that is frozen into a job when a person presses Run.

    Attributes:
        run_id: Idempotency key of the caller, unique per owner.
        owner: Who asks; stored, and asked again at write-back.
        graph_ref: The host's name of the pipeline; None for an inline graph.
        node_id: The tuning node; None where the plain form has none.
        base_revision: The graph's revision that the plain form was read from.
        config: The normalised, completed configuration.
        plain: The plain form.
        data_summary: Rows and columns as inferred at submit, the data's fingerprint among them.
        fingerprints: Further fingerprints by name; ``run`` is computed by `jobs.service.submit`.
        model_type: Registry key.
        strategy: Canonical strategy name.
        metric: Metric key.
        direction: ``maximize`` or ``minimize``, of the natural unit.
        seed: Seed of all draws.
        write_back_mode: ``propose``, ``auto`` or ``off``.
        concurrent: Whether other active jobs on the node are fine.
        resumed_from: Job whose finished units were copied in.
        n_planned: Candidates that the strategy plans; None when unbounded.
    """

    run_id: str
    owner: Principal = field(default_factory=Principal)
    graph_ref: str | None = None
    node_id: str | None = None
    base_revision: int | None = None
    config: Mapping[str, Any]
    plain: PlainForm | Mapping[str, Any]
    data_summary: DataSummary | Mapping[str, Any] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    model_type: str
    strategy: str
    metric: str
    direction: Literal["maximize", "minimize"]
    seed: int = 42
    write_back_mode: Literal["propose", "auto", "off"] = "propose"
    concurrent: bool = False
    resumed_from: str | None = None
    n_planned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """One run of the node, as stored.

    Attributes:
        id: 32 hexadecimal digits.
        run_number: Counts the runs of one (pipeline, node, model) from 1, without gaps.
        config: As in `Submission`; ``plain`` and ``data_summary`` likewise, as JSON documents.
        fingerprints: ``run`` is what `jobs.fingerprints.run_fingerprint` gave at submit.
        state: Where it is.
        stop_requested: The person asked to finish early.
        cancel_requested: The person asked to discard.
        attempts: Claims that count.
        lease_token: Held by the worker that may write; None while nobody does.
        lease_until: End of the lease.
        worker: Name of the last worker.
        search: Of the search.started message: ``candidates``, ``fits``, ``splits``; empty before.
        n_units: Scored units (candidate on fold).
        n_complete: Complete trials; ``n_failed`` and ``n_pruned`` likewise.
        best_trial: Number of the best trial so far; at the end, of the chosen one.
        best_score: Its mean score.
        best_params: Its parameters.
        outcome: What the worker reported at success; see `jobs.finishing.succeed`.
        artifact_key: Key of the tuned model in the artifact store, with its sha256 and size.
        artifact_keys: Keys of all files of the job there.
        error_code: Stable code of a failure.
        error_message: Sentence for the person at the canvas.
        reason: Why it ended: ``max_trials``, ``user``, ``no_trials``, ``poison`` ...
        last_seq: Number of the newest event.
        created: False when `jobs.service.submit` found the job instead of making it.
    """

    id: str
    run_id: str
    run_number: int
    owner: Principal
    graph_ref: str | None
    node_id: str | None
    base_revision: int | None
    config: Mapping[str, Any]
    plain: Mapping[str, Any]
    data_summary: Mapping[str, Any]
    fingerprints: Mapping[str, str]
    model_type: str
    strategy: str
    metric: str
    direction: str
    seed: int
    write_back_mode: str
    concurrent: bool
    resumed_from: str | None
    n_planned: int | None
    state: JobState
    stop_requested: bool
    cancel_requested: bool
    attempts: int
    lease_token: str | None
    lease_until: datetime | None
    worker: str | None
    search: Mapping[str, Any]
    n_units: int
    n_complete: int
    n_failed: int
    n_pruned: int
    best_trial: int | None
    best_score: float | None
    best_params: Mapping[str, Any] | None
    outcome: Mapping[str, Any] | None
    artifact_key: str | None
    artifact_sha256: str | None
    artifact_size: int | None
    artifact_keys: tuple[str, ...]
    error_code: str | None
    error_message: str | None
    reason: str | None
    last_seq: int
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    created: bool = True

    @property
    def is_terminal(self) -> bool:
        """Whether the job has ended for good."""
        return self.state.is_terminal

    @property
    def fingerprint(self) -> str:
        """What a whole-pipeline run compares to say whether this result is up to date."""
        return self.fingerprints["run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """One candidate of a job.

    Attributes:
        number: 0 is the baseline; contiguous.
        origin: ``baseline``, ``defaults`` or ``search``.
        state: ``abandoned`` when its worker was lost before it ended.
        params: Hyperparameters, JSON values.
        number_types: ``int`` or ``float`` where JSON cannot say.
        targets: Model nodes whose current parameters these are; baselines only.
        resource: Share of the rows of its latest rung, 1.0 for all.
        rung: Round of a halving.
        n_folds: Folds scored at that resource.
        score: Mean of the metric over them; None unless complete.
        std: Standard deviation of it.
        scores: Mean per metric.
        error: The first fold's error.
    """

    number: int
    origin: str
    state: TrialState
    params: Mapping[str, Any]
    number_types: Mapping[str, str]
    targets: tuple[str, ...]
    resource: float | None
    rung: int | None
    n_folds: int
    score: float | None
    std: float | None
    scores: Mapping[str, float]
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldRecord:
    """One unit: a candidate on one fold with a share of the rows.

    Attributes:
        trial: Number of the candidate.
        resource: Share of the rows, 1.0 for all.
        repeat: Repeat of the cross-validation.
        fold: Fold within the repeat.
        state: ``complete`` or ``failed``.
        scores: Per metric.
        fit_seconds: Wall time of the fit.
        score_seconds: Wall time of the scoring.
        error: One line when failed.
        how: How the score came about.
    """

    trial: int
    resource: float
    repeat: int
    fold: int
    state: str
    scores: Mapping[str, float]
    fit_seconds: float | None
    score_seconds: float | None
    error: str | None
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """One line of a job's history.

    Attributes:
        job_id: The job.
        seq: Counts the job's events from 1, without gaps.
        type: ``job.*``, ``trial.*``, ``best.updated``, ``rung.completed``, ``budget.warning``, ``log``,
            ``writeback.*``.
        data: The rest of it.
        created_at: When it was committed, as the database's clock saw it.
    """

    job_id: str
    seq: int
    type: str
    data: Mapping[str, Any]
    created_at: datetime

    def as_document(self) -> dict[str, Any]:
        """Return the JSON form that streams, long polls and the `Events` port give alike."""
        return {
            "job_id": self.job_id,
            "seq": self.seq,
            "type": self.type,
            "at": self.created_at.isoformat(),
            "data": dict(self.data),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBackRecord:
    """One patch of a job and what became of it.

    Attributes:
        id: Order of creation.
        patch_id: Idempotency key at the host.
        kind: ``result`` onto the tuning node, ``params`` onto the model nodes.
        state: ``pending`` is still to be applied, ``proposed`` waits for the person.
        automatic: Whether the worker made it, not a person.
        patch: The patch document.
        inverse: Operations that undo it; empty before it was applied.
        conflicts: Values that were changed since submit.
        skipped_nodes: Targets that were left untouched.
        reason: Why it is proposed, skipped or in conflict.
        revision: The graph's revision after it was applied.
        attempts: Failed tries to reach the host.
    """

    id: int
    job_id: str
    patch_id: str
    kind: WriteBackKind
    state: WriteBackState
    automatic: bool
    graph_ref: str | None
    patch: Mapping[str, Any]
    inverse: tuple[Mapping[str, Any], ...]
    conflicts: tuple[Mapping[str, Any], ...]
    skipped_nodes: tuple[str, ...]
    reason: str | None
    revision: int | None
    attempts: int
    created_at: datetime
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Signals:
    """What a heartbeat brings back to the worker.

    Attributes:
        cancel_requested: Discard and end.
        stop_requested: End early and keep the best.
    """

    cancel_requested: bool = False
    stop_requested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """Which jobs to list or purge; None and empty do not restrict.

    Attributes:
        owner: Only this owner's jobs.
        graph_ref: Only this pipeline's.
        node_id: Only this node's.
        model_type: Only this model's.
        states: Only jobs in one of these.
        older_than_seconds: Only jobs that finished longer ago than this.
        job_ids: Only these.
    """

    owner: str | None = None
    graph_ref: str | None = None
    node_id: str | None = None
    model_type: str | None = None
    states: tuple[JobState, ...] = ()
    older_than_seconds: float | None = None
    job_ids: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is restricted."""
        return self == JobFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A request for one page, newest first.

    Attributes:
        limit: Most items, 1 to 100.
        after: Cursor of the page before.
    """

    limit: int = 20
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """One page of jobs.

    Attributes:
        jobs: Newest first.
        next: Cursor of the following page; None at the end.
    """

    jobs: tuple[JobRecord, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a purge removed, or would remove.

    Attributes:
        job_ids: Jobs, oldest first.
        artifact_keys: Tuned models that nothing names any more; remove them after the commit.
        dry_run: True when nothing was removed.
    """

    job_ids: tuple[str, ...]
    artifact_keys: tuple[str, ...]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRecord:
    """A pipeline of the reference host.

    Attributes:
        id: Its name in URLs; the graph ref of jobs.
        name: What people call it.
        owner_id: Who made it.
        revision: Counts saves from 1.
        graph: The graph document; its own ``revision`` is the same number.
    """

    id: str
    name: str
    owner_id: str
    revision: int
    graph: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelinePage:
    """One page of pipelines.

    Attributes:
        pipelines: Newest first.
        next: Cursor of the following page; None at the end.
    """

    pipelines: tuple[PipelineRecord, ...]
    next: str | None
