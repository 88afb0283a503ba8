"""How a worker takes a job, keeps it and hands it back.

What it reports meanwhile is in `jobs.progress`, how it ends a job in `jobs.finishing`. Functions flush and
never commit.
"""

from uuid import uuid4

from hyperparameter_tuning.jobs import locks_repository, outbox_repository, repository, trials_repository
from hyperparameter_tuning.jobs.database import Session, settings_of
from hyperparameter_tuning.jobs.poison import poison, poison_event
from hyperparameter_tuning.jobs.records import JobRecord, Signals
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.errors import StaleTransitionError


async def claim(session: Session, job_id: str, worker: str) -> JobRecord | None:
    """Take a queued job for *worker*.

    Args:
        session: An open write transaction.
        job_id: Which.
        worker: Name for the person who looks at the job.

    Returns:
        The job with its fresh ``lease_token``, running; ``stopping`` when it was asked to stop before, then
        its recorded best is refitted and nothing more is searched. None when there is nothing to claim:
        another worker was first, it was cancelled, it is unknown, or its owner has as many running as one
        may have; then it is sent again when one of them has ended. Drop the message.
    """
    job = await repository.get(session, job_id)
    if job is None or job.state is not JobState.QUEUED:
        return None
    settings = settings_of(session)
    if not await _may_run_another(session, job.owner.id, settings.max_running_per_owner):
        await outbox_repository.put_off(session, job_id)
        return None
    values = {
        "lease_token": uuid4().hex,
        "lease_until": repository.in_seconds(settings.lease_seconds),
        "attempts": repository.counted_attempt(1),
        "worker": worker[:200],
        "started_at": repository.first_start(),
    }
    conditions = (
        repository.has_attempts_left(settings.max_attempts),
        repository.is_asked_to_stop(job.stop_requested),
    )
    name = "claim_to_stop" if job.stop_requested else "claim"
    data = {"worker": worker[:200], "attempt": job.attempts + 1}
    try:
        claimed = await repository.move(
            session, job_id, name, values, data=data, guard=repository.Guard(conditions=conditions)
        )
    except StaleTransitionError:
        return None
    await outbox_repository.remove(session, job_id)
    return claimed


async def _may_run_another(session: Session, owner: str, most: int | None) -> bool:
    if most is None:
        return True
    await locks_repository.lock_owner(session, owner)
    return await repository.count_running(session, owner) < most


async def heartbeat(session: Session, job_id: str, token: str) -> Signals | None:
    """Prolong the lease and learn what the person asked meanwhile.

    Returns:
        The signals; None when the lease is lost: end at once and write nothing more.
    """
    job = await repository.renew(session, job_id, token, settings_of(session).lease_seconds)
    if job is None:
        return None
    return Signals(cancel_requested=job.cancel_requested, stop_requested=job.stop_requested)


async def look(session: Session, job_id: str, token: str) -> Signals | None:
    """Say what the person asked meanwhile, and renew nothing.

    Returns:
        The signals; None when the lease is lost, or the job gone.
    """
    found = await repository.signals(session, job_id)
    if found is None or found[0] != token:
        return None
    return found[1]


async def give_back(session: Session, job_id: str, token: str) -> bool:
    """Hand the job back because the worker shuts down; the attempt does not count.

    A job that was being cancelled ends here instead.

    Returns:
        False when the lease was lost already.
    """
    job = await repository.touch(session, job_id, token)
    if job is None:
        return False
    await trials_repository.abandon_open(session, job_id)
    if job.state is JobState.CANCELLING:
        await repository.move(
            session,
            job_id,
            "give_back_cancelling",
            guard=repository.Guard(token),
            data={"reason": job.reason},
        )
        return True
    values = {"attempts": repository.counted_attempt(-1)}
    await repository.move(
        session,
        job_id,
        "give_back",
        values,
        guard=repository.Guard(token),
        data={"reason": "worker_shutdown"},
    )
    await outbox_repository.add(session, job_id)
    return True


async def try_again(session: Session, job_id: str, token: str, cause: str) -> JobRecord:
    """Hand a job back whose process died under a living worker; the attempt counts.

    A job that was being cancelled ends here instead, and one that had its last attempt ends as poison.

    Args:
        session: An open write transaction.
        job_id: The job.
        token: Its lease token.
        cause: One sentence on how the process died.

    Raises:
        StaleTransitionError: *token* does not hold the job any more.
    """
    job = await repository.touch(session, job_id, token)
    if job is None:
        raise StaleTransitionError(f"Job {job_id} is no longer held by this worker.", job_id=job_id)
    await trials_repository.abandon_open(session, job_id)
    guard = repository.Guard(token)
    if job.state is JobState.CANCELLING:
        return await repository.move(
            session, job_id, "fail_while_cancelling", guard=guard, data={"reason": job.reason}
        )
    if job.attempts >= settings_of(session).max_attempts:
        values = poison(job.attempts, cause)
        return await repository.move(session, job_id, "fail", values, guard=guard, data=poison_event(values))
    data = {"reason": "child_died", "attempt": job.attempts, "message": cause}
    waiting = await repository.move(session, job_id, "retry", guard=guard, data=data)
    await outbox_repository.add(session, job_id)
    return waiting
