"""A job as stored, its events, and what its worker learns of it; frozen values without rules.

Trials and patches have modules of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.host import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """One run of the node, as stored.

    Attributes:
        id: 32 hexadecimal digits.
        run_number: Counts the runs of one (pipeline, node, model) from 1, without gaps.
        config: As in `Submission`; ``plain`` and ``data_summary`` likewise, as JSON documents.
        fingerprints: ``run`` is what `jobs.fingerprints.run_fingerprint` gave at submit.
        providers: Other packages that its names came from at submit; see `registry.providers.Provider`.
        state: Where it is.
        stop_requested: The person asked to finish early.
        cancel_requested: The person asked to discard.
        attempts: Claims that count.
        lease_token: Held by the worker that may write; None while nobody does.
        lease_until: End of the lease.
        worker: Name of the last worker.
        search: Of the search.started message: ``candidates``, ``fits``, ``splits``, ``rows``, ``rungs``;
            empty before. ``importances`` once the search has ended.
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
        name: What people call it; None for most. ``note``: what they remarked about it.
        last_seq: Number of the newest event.
        traceparent: W3C trace context of the span that stored it; None where no traces are kept.
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
    providers: Sequence[Mapping[str, str]]
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
    name: str | None
    note: str | None
    last_seq: int
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    traceparent: str | None = None
    created: bool = True

    @property
    def is_terminal(self) -> bool:
        """Whether the job has ended for good."""
        return self.state.is_terminal

    @property
    def fingerprint(self) -> str:
        """What a whole-pipeline run compares to say whether this result is up to date."""
        return self.fingerprints["run"]

    def as_found(self) -> "JobRecord":
        """Return the record of a job that was there before it was asked for."""
        return replace(self, created=False)


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


@dataclass(frozen=True, slots=True)
class Signals:
    """What a heartbeat brings back to the worker.

    Attributes:
        cancel_requested: Discard and end.
        stop_requested: End early and keep the best.
    """

    cancel_requested: bool = False
    stop_requested: bool = False
