"""Stores a job when a person presses Run: once per run_id, one active job per node, numbered without gaps.

Checking the configuration does not belong here (`registry.validation`), nor telling the workers
(`jobs.outbox`). Functions flush and never commit.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from hyperparameter_tuning.jobs import (
    events_repository,
    locks_repository,
    outbox_repository,
    repository,
    tallies_repository,
)
from hyperparameter_tuning.jobs.database import Session, settings_of
from hyperparameter_tuning.jobs.lookups import get
from hyperparameter_tuning.jobs.records import JobRecord, Submission
from hyperparameter_tuning.jobs.submission_row import submission_row
from hyperparameter_tuning.shared.errors import ConflictError, QuotaError
from hyperparameter_tuning.shared.tracing import span, traceparent


async def submit(session: Session, submission: Submission) -> JobRecord:
    """Store a job with its run number, its first event and the note to send it, all or nothing.

    Args:
        session: An open write transaction; commit it durably.
        submission: What is frozen into the job.

    Returns:
        The job; the one that exists, with ``created`` False, when the owner submitted this run_id before.

    Raises:
        ConflictError: ``already_running`` (details: ``job_id``) when the node has an active job and the
            submission is not ``concurrent``; ``run_id_reused`` when the run_id was used on another node.
        QuotaError: the owner has as many queued jobs as one may have.
        UserError: a text is too long for the store, or holds what a database refuses.
    """
    row = submission_row(submission)
    with span(
        "job.submit", node_id=row["node_id"], strategy=row["strategy"], model=row["model_type"]
    ) as told:
        job = await _submit(session, submission, row)
        told.note(job_id=job.id, run_number=job.run_number, created=job.created)
    return job


def new_run_id() -> str:
    """Return a run_id for callers that have none of their own."""
    return uuid4().hex


async def _submit(session: Session, submission: Submission, row: dict[str, Any]) -> JobRecord:
    # Nodes of inline graphs have no identity: two editors may both call theirs "tune".
    alone = bool(row["graph_ref"] and row["node_id"]) and not submission.concurrent
    await locks_repository.lock_run(session, row["owner_id"], row["run_id"])
    if alone:
        await locks_repository.lock_node(session, row["graph_ref"], row["node_id"])
    # The last lock, for all submits of an owner wait for it: what they count stays true until they commit.
    await locks_repository.lock_owner(session, row["owner_id"])
    before = await repository.look_before(session, row)
    if before.same_run is not None:
        return await _same_run(session, before.same_run, submission)
    if alone and before.active is not None:
        raise ConflictError(
            "This node has a run that has not ended. Stop or cancel it, or ask for a concurrent run.",
            code="already_running",
            job_id=before.active,
        )
    _refuse_beyond_quota(before.queued, settings_of(session).max_queued_per_owner)
    return await _store(session, row, before.now, held=submission.held)


def _refuse_beyond_quota(queued: int, most: int) -> None:
    if queued >= most:
        runs = "1 queued run" if queued == 1 else f"{queued} queued runs"
        raise QuotaError(
            f"You have {runs}, and {most} is the most that one person may have. Wait until some of them have "
            "started, or cancel some.",
            queued=queued,
            limit=most,
        )


async def _store(session: Session, row: dict[str, Any], now: datetime, *, held: bool) -> JobRecord:
    number = await repository.next_run_number(session, row["graph_ref"], row["node_id"], row["model_type"])
    told_from = None if settings_of(session).webhook_url is None else 0
    row = {**row, "traceparent": traceparent(), "webhook_seq": told_from}
    times = {"created_at": now, "updated_at": now}
    job = await repository.add(session, {**row, **times, "run_number": number, "last_seq": 1})
    queued = {"state": job.state.value, "run_number": number, "resumed_from": job.resumed_from}
    await events_repository.add(session, job.id, 1, [("job.queued", queued)], now)
    await outbox_repository.add_first(session, job.id, now, held=held)
    await tallies_repository.add(session, "submit")
    return job


async def _same_run(session: Session, job_id: str, submission: Submission) -> JobRecord:
    existing = await get(session, job_id)
    if (existing.graph_ref, existing.node_id) != (submission.graph_ref, submission.node_id):
        raise ConflictError(
            "This run_id was used for another node. Use a new one for each run.",
            code="run_id_reused",
            pointer="/run_id",
            job_id=existing.id,
        )
    return existing.as_found()
