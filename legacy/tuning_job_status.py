"""Moves of a job by the old functions, within what the life of a job allows.

A caller may drive a job itself: "running" claims it as a worker does, progress keeps the claim, "succeeded"
or "failed" ends it. What a worker holds can only be cancelled. Which moves there are is in `jobs.status`.
"""

import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs import (
    claims,
    finishing,
    outbox_repository,
    progress,
    requests_repository,
    service,
)
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.legacy_imports.blocking import with_database
from hyperparameter_tuning.legacy_imports.field_reading import read_field
from hyperparameter_tuning.legacy_imports.old_errors import OldCallError, value_errors
from hyperparameter_tuning.legacy_imports.tuning_job import TuningJob, tuning_jobs
from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError

DRIVER = "old-caller"
"""Worker's name of a job that its caller drives."""


@dataclass(frozen=True, slots=True)
class _Report:
    """What a caller says of its job beside the status."""

    metrics: Mapping[str, Any] | None
    results: Any
    best_params: Mapping[str, Any] | None
    best_score: float | None
    artifact_uri: str | None
    error_message: str | None


async def update_tuning_job_status(  # noqa: PLR0913 - the signature is the old one
    session: Session,
    job: Any,
    *,
    status: Any = None,
    metrics: Mapping[str, Any] | None = None,
    results: Any = None,
    best_params: Mapping[str, Any] | None = None,
    best_score: float | None = None,
    artifact_uri: str | None = None,
    error_message: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> TuningJob:
    """Move a job, keep what is said of it, and commit.

    Args:
        session: In the database that has our tables.
        job: The job, or its id.
        status: Where to; the status that it has is no move.
        metrics: Kept with the result, at success.
        results: Likewise.
        best_params: The result; needed for success.
        best_score: Its score in the metric's natural unit; needed for success.
        artifact_uri: Kept with the result, at success.
        error_message: Sentence of a failure.
        metadata: Laid over the metadata that are there.

    Raises:
        OldCallError: there is no such job, its present state does not allow the move, or a worker holds it.
    """
    job_id = job if isinstance(job, str) else str(read_field(job, "id", ""))
    report = _Report(metrics, results, best_params, best_score, artifact_uri, error_message)
    with value_errors():
        record = await service.get(session, job_id)
        if metadata:
            await _merge(session, record, {"metadata": dict(metadata)})
        if status is not None:
            await _move(session, record, str(getattr(status, "value", status)).lower(), report)
        (moved,) = await tuning_jobs(session, [await service.get(session, job_id)])
    # The last statement: some sessions take none after it.
    await session.commit()
    return moved


def update_tuning_job_progress_sync(job_id: str, progress: int, current_step: str | None = None) -> None:
    """Keep the claim of a job that its caller drives, and tell how far it is; what fails is only printed."""

    async def tell(database: Database) -> None:
        async with database.write(durable=False) as session:
            record = await service.get(session, job_id)
            if record.worker == DRIVER and record.lease_token is not None:
                await claims.heartbeat(session, job_id, record.lease_token)
                told = {"progress": max(0, min(int(progress), 100)), "current_step": current_step}
                await _merge(session, record, told)

    try:
        with_database(tell)
    except Exception as error:
        # Progress was never a reason to end a search.
        print(f"The progress of job {job_id} was not stored: {error}", file=sys.stderr)


async def bulk_mark_tuning_cancelled(session: Session, job_ids: Iterable[str]) -> int:
    """Ask each job to end, and commit.

    Returns:
        How many were asked; those that had ended, or are unknown, are not among them.
    """
    asked = 0
    for job_id in dict.fromkeys(job_ids):
        try:
            record = await service.get(session, job_id)
            await _cancel(session, record, None)
        except (ConflictError, NotFoundError):
            continue
        asked += not record.is_terminal
    await session.commit()
    return asked


async def _merge(session: Session, record: JobRecord, values: Mapping[str, Any]) -> None:
    """Lay *values* over what is kept beside the job, its metadata entry by entry."""
    kept = (await requests_repository.documents(session, [record.id])).get(record.id)
    document = dict(kept or {"pipeline_id": record.graph_ref or "", "dataset_source_id": ""})
    metadata = {**(document.get("metadata") or {}), **values.get("metadata", {})}
    document |= {**values, "metadata": metadata}
    write = requests_repository.add if kept is None else requests_repository.change
    await write(session, record.id, document)


async def _move(session: Session, record: JobRecord, word: str, report: _Report) -> None:
    if word not in _MOVES:
        raise OldCallError(f"There is no status '{word}'. Known: {', '.join(_MOVES)}.", code="unknown_status")
    if word != record.state.value:
        await _MOVES[word](session, record, report)


async def _queue(_session: Session, record: JobRecord, _report: _Report | None) -> None:
    raise ConflictError(f"The job is {record.state.value} and cannot be queued again: resume it instead.")


async def _run(session: Session, record: JobRecord, _report: _Report | None) -> str:
    """Claim the job for its caller and return the token."""
    if record.worker == DRIVER and record.lease_token is not None:
        return record.lease_token
    await outbox_repository.release(session, record.id)
    claimed = await claims.claim(session, record.id, DRIVER)
    if claimed is None or claimed.lease_token is None:
        raise ConflictError(
            f"The job is {record.state.value}, and only its worker moves it; it can be cancelled."
            if not record.is_terminal
            else f"The job has ended: it is {record.state.value} for good."
        )
    return claimed.lease_token


async def _succeed(session: Session, record: JobRecord, report: _Report) -> None:
    if report.best_params is None or report.best_score is None:
        raise OldCallError("Success needs 'best_params' and 'best_score'.", code="missing")
    token = await _run(session, record, report)
    params, score = dict(report.best_params), float(report.best_score)
    trial = {"trial": 0, "origin": "search", "params": params, "number_types": {}}
    ended = {
        "trial": 0,
        "state": "complete",
        "resource": 1.0,
        "n_folds": 0,
        "score": score,
        "std": None,
        "scores": {record.metric: score},
        "error": None,
    }
    messages = [{"type": "trial.started", **trial}, {"type": "trial.finished", **ended}]
    await progress.record(session, record.id, token, messages)
    outcome = {
        "best_trial": 0,
        "best_score": score,
        "best_params": params,
        "number_types": {},
        "reason": "caller",
        "metrics": dict(report.metrics or {}),
        "results": report.results,
        "artifact_uri": report.artifact_uri,
        "tuned_model": None,
    }
    await finishing.succeed(session, record.id, token, outcome)


async def _fail(session: Session, record: JobRecord, report: _Report) -> None:
    token = await _run(session, record, report)
    message = report.error_message or "The job was marked as failed."
    await finishing.fail(session, record.id, token, "caller", message)


async def _cancel(session: Session, record: JobRecord, _report: _Report | None) -> None:
    await service.request_cancel(session, record.id)
    if record.worker == DRIVER and record.lease_token is not None:
        await finishing.cancelled(session, record.id, record.lease_token)


_MOVES: Mapping[str, Callable[[Session, JobRecord, Any], Awaitable[Any]]] = {
    "queued": _queue,
    "running": _run,
    "succeeded": _succeed,
    "failed": _fail,
    "cancelled": _cancel,
}
