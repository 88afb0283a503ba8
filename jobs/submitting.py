"""Stores a job when a person presses Run: once per run_id, one active job per node, numbered without gaps.

Checking the configuration does not belong here (`registry.validation`), nor telling the workers
(`jobs.outbox`). Functions flush and never commit.
"""

from dataclasses import replace
from uuid import uuid4

from hyperparameter_tuning.jobs import events_repository, outbox_repository, repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import JobRecord, Submission
from hyperparameter_tuning.jobs.submission_row import submission_row
from hyperparameter_tuning.shared.errors import ConflictError


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
        UserError: a text is too long for the store, or holds what a database refuses.
    """
    row = submission_row(submission)
    await repository.lock_run(session, row["owner_id"], row["run_id"])
    existing = await repository.find_run(session, row["owner_id"], row["run_id"])
    if existing is not None:
        return _same_run(existing, submission)
    await _refuse_second(session, submission)
    row["run_number"] = await repository.next_run_number(
        session, row["graph_ref"], row["node_id"], row["model_type"]
    )
    job = await repository.add(session, {**row, "last_seq": 1})
    queued = {"state": job.state.value, "run_number": job.run_number, "resumed_from": job.resumed_from}
    await events_repository.add(session, job.id, 1, [("job.queued", queued)], job.created_at)
    await outbox_repository.add(session, job.id)
    return job


def new_run_id() -> str:
    """Return a run_id for callers that have none of their own."""
    return uuid4().hex


def _same_run(existing: JobRecord, submission: Submission) -> JobRecord:
    if (existing.graph_ref, existing.node_id) != (submission.graph_ref, submission.node_id):
        raise ConflictError(
            "This run_id was used for another node. Use a new one for each run.",
            code="run_id_reused",
            pointer="/run_id",
            job_id=existing.id,
        )
    return replace(existing, created=False)


async def _refuse_second(session: Session, submission: Submission) -> None:
    # Nodes of inline graphs have no identity: two editors may both call theirs "tune".
    if submission.concurrent or not submission.graph_ref or not submission.node_id:
        return
    await repository.lock_node(session, submission.graph_ref, submission.node_id)
    active = await repository.find_active(session, submission.graph_ref, submission.node_id)
    if active is not None:
        raise ConflictError(
            "This node has a run that has not ended. Stop or cancel it, or ask for a concurrent run.",
            code="already_running",
            job_id=active,
        )
