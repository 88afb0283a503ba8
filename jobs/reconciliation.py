"""Mends what silent workers and lost messages left behind; each mend is one move of the transition table.

When this runs, and who runs it, does not belong here (`jobs.keeper`).
"""

import logging
from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.jobs import outbox_repository, repository, trials_repository
from hyperparameter_tuning.jobs.database import Database, Session, settings_of
from hyperparameter_tuning.jobs.poison import poison, poison_event
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.errors import StaleTransitionError
from hyperparameter_tuning.shared.logs import logging_about

logger = logging.getLogger(__name__)


async def expire_leases(db: Database) -> int:
    """Take jobs from workers that fell silent: queue them again, or end them.

    Returns:
        How many were moved.
    """
    silent = await db.run(repository.silent, write=False)
    moved = 0
    for job in silent:
        with logging_about(job_id=job.id):
            moved += await db.run(lambda session, job=job: _expire(session, job))  # type: ignore[misc]
    return moved


async def finish_cancels(db: Database) -> int:
    """End jobs that were asked to cancel and whose worker did not do it within the grace.

    The worker learns at its next heartbeat that its lease is gone, and ends the search.

    Returns:
        How many were ended.
    """
    settings = db.settings
    overdue = settings.grace_seconds + 2 * settings.heartbeat_seconds
    late = await db.run(lambda session: repository.overdue_cancels(session, overdue), write=False)
    ended = 0
    for job_id in late:
        with logging_about(job_id=job_id):
            ended += await db.run(lambda session, job_id=job_id: _end_cancelled(session, job_id))  # type: ignore[misc]
    return ended


async def repeat_sending(db: Database) -> int:
    """Make queued jobs unsent again whose message was lost: sent long ago, never claimed.

    Returns:
        How many.
    """

    async def work(session: Session) -> int:
        lost = await outbox_repository.forget_sending(session, db.settings.republish_seconds)
        return lost + await outbox_repository.add_missing(session)

    return await db.run(work, durable=False)


async def let_wait_end(db: Database) -> int:
    """Send again what was put off because its owner had as many running as one may, where there is room now.

    As many as there is room for, the oldest first: a worker that is told of more would only put them off
    again.

    Returns:
        How many.
    """
    freed = await db.run(lambda session: _with_room(session, db.settings.max_running_per_owner), write=False)
    if not freed:
        return 0
    return await db.run(lambda session: outbox_repository.send_again(session, freed), durable=False)


async def _with_room(session: Session, most: int | None) -> list[str]:
    waiting: dict[str, list[str]] = {}
    for job_id, owner in await outbox_repository.put_off_jobs(session):
        waiting.setdefault(owner, []).append(job_id)
    if most is None:
        return [job_id for jobs in waiting.values() for job_id in jobs]
    freed: list[str] = []
    for owner, jobs in waiting.items():
        room = most - await repository.count_running(session, owner)
        freed += jobs[: max(room, 0)]
    return freed


async def _expire(session: Session, job: JobRecord) -> bool:
    name, values, data = _verdict(job, settings_of(session).max_attempts)
    try:
        await repository.move(
            session,
            job.id,
            name,
            values,
            data=data,
            guard=repository.Guard(conditions=(repository.lease_is_over(),)),
        )
    except StaleTransitionError:
        # It was alive after all, or somebody else mended it.
        return False
    logger.warning("Worker %s of job %s fell silent: %s.", job.worker, job.id, name)
    await trials_repository.abandon_open(session, job.id)
    if name == "expire":
        await outbox_repository.add(session, job.id)
    return True


def _verdict(job: JobRecord, max_attempts: int) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    if job.state is JobState.CANCELLING:
        return "expire_cancelling", {}, {"reason": job.reason}
    if job.attempts < max_attempts:
        return "expire", {}, {"reason": "lease_expired", "attempt": job.attempts}
    values = poison(job.attempts)
    return "poison", values, poison_event(values)


async def _end_cancelled(session: Session, job_id: str) -> bool:
    try:
        job = await repository.move(session, job_id, "expire_cancelling", data={"reason": "user"})
    except StaleTransitionError:
        return False
    logger.warning("Worker %s of job %s did not cancel in time.", job.worker, job_id)
    await trials_repository.abandon_open(session, job_id)
    return True
