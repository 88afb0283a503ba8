"""What a person can ask of jobs: submit, look, name, cancel, stop, resume, delete, purge.

Every function takes an open session first, flushes and never commits: the caller ends the transaction, and
sends the job to the workers only after that (`jobs.outbox`). No SQL and no HTTP here; what workers do is in
`jobs.claims`, `jobs.progress` and `jobs.finishing`.
"""

from typing import Any

from hyperparameter_tuning.jobs import outbox_repository, repository, trials_repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.lookups import (
    column_trials,
    commonest_error,
    find,
    folds,
    get,
    table_rows,
    trial,
    trials,
    ways,
    write_backs,
)
from hyperparameter_tuning.jobs.naming import describe
from hyperparameter_tuning.jobs.records import JobFilter, JobRecord, Purged
from hyperparameter_tuning.jobs.resuming import resume
from hyperparameter_tuning.jobs.status import TERMINAL, JobState
from hyperparameter_tuning.jobs.submitting import new_run_id, submit
from hyperparameter_tuning.shared.errors import ConflictError, StaleTransitionError, UserError

__all__ = [
    "column_trials",
    "commonest_error",
    "delete",
    "describe",
    "find",
    "folds",
    "get",
    "new_run_id",
    "purge",
    "request_cancel",
    "request_stop",
    "resume",
    "start",
    "submit",
    "table_rows",
    "trial",
    "trials",
    "ways",
    "write_backs",
]

_CANCEL = {
    JobState.QUEUED: "cancel_queued",
    JobState.RUNNING: "cancel",
    JobState.STOPPING: "cancel",
}


async def request_cancel(session: Session, job_id: str) -> JobRecord:
    """Ask to discard: a queued job ends at once, a running one at its next unit. Asking twice is fine.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: ``already_finished``; it succeeded or failed before.
    """
    job = await get(session, job_id)
    if job.state in (JobState.CANCELLING, JobState.CANCELLED):
        return job
    _refuse_ended(job, "cancelled")
    values = {"cancel_requested": True, "cancel_requested_at": repository.now(), "reason": "user"}
    try:
        moved = await repository.move(session, job_id, _CANCEL[job.state], values, data={"reason": "user"})
    except StaleTransitionError:
        # Somebody moved it between the look and the step; every step leads nearer to an end.
        return await request_cancel(session, job_id)
    await outbox_repository.remove(session, job_id)
    return moved


async def request_stop(session: Session, job_id: str) -> JobRecord:
    """Ask to finish early and keep the best. Asking twice is fine.

    A queued job without a complete trial has nothing to keep and is cancelled (reason ``no_trials``); one
    that has some, since its worker was lost or it was resumed, stays queued and its next claim ends it.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: ``already_finished``, or ``already_cancelling``.
    """
    job = await get(session, job_id)
    if job.state is JobState.CANCELLING:
        raise ConflictError("The job is being cancelled.", code="already_cancelling", job_id=job_id)
    _refuse_ended(job, "stopped")
    if job.stop_requested:
        return job
    try:
        return await _stop(session, job)
    except StaleTransitionError:
        return await request_stop(session, job_id)


async def start(session: Session, job_id: str) -> JobRecord:
    """Let a job that was only stored be sent to the workers. Asking twice is fine.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: ``already_finished``; it was cancelled before it began.
    """
    job = await get(session, job_id)
    _refuse_ended(job, "started")
    await outbox_repository.release(session, job_id)
    return job


async def delete(session: Session, job_id: str) -> Purged:
    """Delete a job that has ended, with its trials, events and patches.

    Returns:
        The artifacts to remove after the commit.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: ``not_finished``; cancel it first.
    """
    job = await get(session, job_id)
    if not job.is_terminal:
        raise ConflictError(
            f"The job is {job.state.value}. Cancel it first.", code="not_finished", job_id=job_id
        )
    return await purge(session, JobFilter(job_ids=(job_id,)))


async def purge(
    session: Session, where: JobFilter, *, dry_run: bool = False, limit: int | None = None
) -> Purged:
    """Delete the jobs that match and have ended, oldest first.

    Args:
        session: An open write transaction; a read session does for a dry run.
        where: Must restrict something.
        dry_run: Only say what would go.
        limit: Most jobs at once.

    Returns:
        What went, and the artifacts to remove after the commit.

    Raises:
        UserError: no filter was given, or one names a state that has not ended.
    """
    if where.is_empty:
        raise UserError("A purge needs at least one filter.", code="filter_required")
    active = [state.value for state in where.states if state not in TERMINAL]
    if active:
        raise UserError(
            f"Only jobs that have ended can be purged, not {', '.join(active)}.", pointer="/state"
        )
    found = await repository.ended(session, where, limit)
    job_ids = tuple(job_id for job_id, _ in found)
    if not dry_run:
        await repository.remove(session, job_ids)
    keys = tuple(key for _, of_job in found for key in of_job)
    return Purged(job_ids=job_ids, artifact_keys=keys, dry_run=dry_run)


def _refuse_ended(job: JobRecord, verb: str) -> None:
    if job.is_terminal:
        raise ConflictError(
            f"The job has {job.state.value} and cannot be {verb} any more."
            if job.state is not JobState.CANCELLED
            else f"The job was cancelled and cannot be {verb} any more.",
            code="already_finished",
            job_id=job.id,
            state=job.state.value,
        )


async def _stop(session: Session, job: JobRecord) -> JobRecord:
    asked: dict[str, Any] = {"stop_requested": True}
    if job.state is JobState.RUNNING:
        return await repository.move(session, job.id, "stop", asked, data={"reason": "user"})
    if (await trials_repository.counts(session, job.id)).get("complete"):
        return await repository.move(session, job.id, "stop_requeued", asked, data={"reason": "user"})
    ended = {**asked, "reason": "no_trials"}
    moved = await repository.move(session, job.id, "stop_queued", ended, data={"reason": "no_trials"})
    await outbox_repository.remove(session, job.id)
    return moved
