"""Stored records as the documents that editors receive; nothing is read and nothing is decided here."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from hyperparameter_tuning.jobs.records import (
    EventRecord,
    FoldRecord,
    JobRecord,
    TrialRecord,
    WriteBackRecord,
)
from hyperparameter_tuning.node.event_documents import EventDocument
from hyperparameter_tuning.node.job_documents import (
    BestTrial,
    Counts,
    FoldDocument,
    JobDocument,
    JobError,
    Progress,
    ProviderDocument,
    TrialDocument,
    WriteBackDocument,
)
from hyperparameter_tuning.node.migrated_nodes import migrated_documents
from hyperparameter_tuning.node.stored_models import artifact_link, artifact_links
from hyperparameter_tuning.registry.models.catalog import model_specs
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.typed_params import number_types_of
from hyperparameter_tuning.registry.unavailable import whats_gone
from hyperparameter_tuning.shared.migrated_node import MigratedNode
from hyperparameter_tuning.shared.step_order import cautions, unsafe_steps

JOB_LINKS = {
    "self": "get_job",
    "events": "follow_job_events",
    "events_ticket": "create_event_ticket",
    "trials": "list_trials",
    "report": "get_report",
    "cancel": "cancel_job",
    "stop": "stop_job",
    "resume": "resume_job",
    "apply_preview": "preview_apply",
    "apply": "apply_job",
    "revert": "revert_job",
    "artifact": "download_artifact",
    "artifact_document": "get_artifact_document",
}


def job_links(request: Request, job_id: str) -> dict[str, str]:
    """Return the paths of everything that can be asked of a job, wherever the router is mounted."""
    return {name: str(request.url_for(route, job_id=job_id).path) for name, route in JOB_LINKS.items()}


def job_document(
    job: JobRecord,
    links: dict[str, str],
    *,
    baseline: TrialRecord | None = None,
    write_backs: Sequence[WriteBackRecord] | None = None,
    migrated: Iterable[MigratedNode] = (),
    whole: bool = True,
) -> JobDocument:
    """Return a job as a document.

    Args:
        job: The record.
        links: See `job_links`.
        baseline: Its trial 0, where it was read.
        write_backs: Its patches, where they were read.
        migrated: What was of earlier versions in the request that made it.
        whole: False leaves out configuration and outcome, for lists.
    """
    return JobDocument(
        **_as_stored(job),
        id=job.id,
        pipeline_id=job.graph_ref,
        status=job.state.value,
        stopped_by=job.reason,
        error=None
        if job.error_code is None
        else JobError(code=job.error_code, message=job.error_message or ""),
        progress=progress_of(job, datetime.now(UTC)),
        counts=Counts(complete=job.n_complete, failed=job.n_failed, pruned=job.n_pruned),
        best=_best(job),
        baseline=None if baseline is None else _as_best(baseline),
        artifact=artifact_link(job, links),
        artifacts=artifact_links(job, links),
        cautions=_cautions(job),
        fingerprints=dict(job.fingerprints),
        providers=[ProviderDocument(**item, unavailable=whats_gone(item)) for item in job.providers],
        config=dict(job.config) if whole else None,
        outcome=dict(job.outcome) if whole and job.outcome is not None else None,
        write_backs=None if write_backs is None else [write_back_document(item) for item in write_backs],
        migrated=migrated_documents(migrated),
        links=links,
    )


# Fields that are shown as they are stored, under the same name.
AS_STORED = (
    *("run_id", "run_number", "node_id", "base_revision", "stop_requested", "cancel_requested"),
    *("model_type", "strategy", "metric", "direction", "seed", "write_back_mode", "concurrent"),
    *("name", "note"),
    *("resumed_from", "attempts", "worker", "last_seq", "created"),
    *("created_at", "updated_at", "started_at", "finished_at"),
)


def _as_stored(job: JobRecord) -> dict[str, Any]:
    return {name: getattr(job, name) for name in AS_STORED}


def progress_of(job: JobRecord, now: datetime) -> Progress:
    """Return how far a job is, with the time left estimated from its pace so far.

    Units (candidate on fold) are what advances evenly; where their number is open, candidates are. The time
    limit counts, too: what is reached first ends the search.
    """
    done = job.n_complete + job.n_failed + job.n_pruned
    planned = job.search.get("trials", job.n_planned)
    units = job.search.get("fits")
    scored = _share(job.n_units, units) if units else _share(done, planned)
    eta = None
    if job.is_terminal:
        fraction: float | None = 1.0 if job.state == "succeeded" else scored
    else:
        elapsed = (now - job.started_at).total_seconds() if job.started_at is not None else None
        limit = (job.config.get("budget") or {}).get("max_seconds")
        fraction = max(
            (share for share in (scored, _share(elapsed, limit)) if share is not None), default=None
        )
        eta = _seconds_left(scored, elapsed, limit)
    return Progress(
        done=done,
        planned=planned,
        units_done=job.n_units,
        units_planned=units,
        fraction=fraction,
        eta_seconds=eta,
    )


def _share(done: float | None, of: float | None) -> float | None:
    return min(done / of, 1.0) if of and done is not None else None


def _seconds_left(fraction: float | None, elapsed: float | None, limit: float | None) -> float | None:
    if elapsed is None or fraction == 0.0:
        return None  # the limit is known, but a search may need seconds of its minutes
    estimates = []
    if fraction:
        estimates.append(elapsed * (1.0 - fraction) / fraction)
    if limit is not None:
        estimates.append(max(limit - elapsed, 0.0))
    return round(min(estimates), 1) if estimates else None


def _best(job: JobRecord) -> BestTrial | None:
    if job.best_trial is None:
        return None
    params, model = dict(job.best_params or {}), model_specs().get(job.model_type)
    number_types = {} if model is None else number_types_of(model, params)
    return BestTrial(
        trial=job.best_trial, score=job.best_score, params=params, number_types=dict(number_types)
    )


def _as_best(trial: TrialRecord) -> BestTrial:
    return BestTrial(
        trial=trial.number,
        score=trial.score,
        params=dict(trial.params),
        number_types=dict(trial.number_types),
    )


def _cautions(job: JobRecord) -> list[str]:
    """Return the labels that the job ended with; until then, those that it will have."""
    if job.outcome is not None:
        return list(job.outcome.get("cautions") or ())
    return cautions(unsafe_steps(job.plain, node_kinds()))


def write_back_document(item: WriteBackRecord) -> WriteBackDocument:
    """Return a patch and what became of it as a document."""
    return WriteBackDocument(
        patch_id=item.patch_id,
        kind=item.kind,
        state=item.state,
        reason=item.reason,
        revision=item.revision,
        conflicts=[dict(conflict) for conflict in item.conflicts],
        skipped_nodes=list(item.skipped_nodes),
        patch=dict(item.patch),
        inverse=[dict(operation) for operation in item.inverse],
    )


def trial_document(
    trial: TrialRecord, ways: Sequence[str] = (), folds: Sequence[FoldRecord] | None = None
) -> TrialDocument:
    """Return a candidate as a document.

    Args:
        trial: The candidate.
        ways: How its scores came about.
        folds: Its units, where they were read.
    """
    return TrialDocument(
        number=trial.number,
        origin=trial.origin,
        state=trial.state,
        params=dict(trial.params),
        number_types=dict(trial.number_types),
        resource=trial.resource,
        rung=trial.rung,
        n_folds=trial.n_folds,
        score=trial.score,
        std=trial.std,
        scores=dict(trial.scores),
        error=trial.error,
        started_at=trial.started_at,
        finished_at=trial.finished_at,
        how=list(ways),
        folds=None if folds is None else [_fold(unit) for unit in folds],
    )


def _fold(unit: FoldRecord) -> FoldDocument:
    return FoldDocument(
        repeat=unit.repeat,
        fold=unit.fold,
        resource=unit.resource,
        state=unit.state,
        scores=dict(unit.scores),
        fit_seconds=unit.fit_seconds,
        score_seconds=unit.score_seconds,
        error=unit.error,
        how=unit.how,
    )


def event_document(event: EventRecord) -> EventDocument:
    """Return one line of a job's history as a document."""
    return EventDocument(
        job_id=event.job_id, seq=event.seq, type=event.type, at=event.created_at, data=dict(event.data)
    )
