"""One job from claim to write-back, as asynchronous code that never blocks and never searches itself.

States and what they allow do not belong here (`jobs.status`), nor processes (`tasks.children`).
"""

import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import structlog

from hyperparameter_tuning.jobs import claims, finishing, write_back
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.shared.errors import StaleTransitionError, TuningError, UnavailableError
from hyperparameter_tuning.shared.host import Host
from hyperparameter_tuning.shared.logs import logging_about
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.shared.tracing import span
from hyperparameter_tuning.tasks.children import ChildDiedError
from hyperparameter_tuning.tasks.failures import unforeseen
from hyperparameter_tuning.tasks.job_run import JobRun, NothingToKeepError, worker_name
from hyperparameter_tuning.tasks.lease_keeper import JobInterruptedError, LeaseKeeper

_log = structlog.get_logger(__name__)
Value = TypeVar("Value")


async def run_job(
    job_id: str, settings: Settings, db: Database, host: Host, shutdown: threading.Event | None = None
) -> None:
    """Run a queued job, whatever became of earlier tries; return when it has ended or was handed back.

    Every failure ends in the job's row as a code and one sentence; only a store that does not answer, or a
    lease that is lost, leaves the job to the keeper.

    Args:
        job_id: Which; a job that is not queued any more is nothing to do.
        settings: Of the installation.
        db: The job store.
        host: Where the result is written back to.
        shutdown: Set when the worker ends; the job is handed back within 10 s then.

    Raises:
        UnavailableError: the store did not answer at the claim.
    """
    with logging_about(job_id=job_id):
        job = await db.run(lambda session: claims.claim(session, job_id, worker_name()))
        if job is None:
            _log.info("nothing_to_claim", job_id=job_id)
            return
        with span("job.run", parent=job.traceparent, job_id=job.id, attempt=job.attempts) as told:
            told.note(state=await _run_claimed(job, settings, db, host, shutdown))


async def _run_claimed(
    job: JobRecord, settings: Settings, db: Database, host: Host, shutdown: threading.Event | None
) -> str:
    """Work on a job that is ours, and return how that ended."""
    log = _log.bind(job_id=job.id, attempt=job.attempts)
    log.info("job_claimed", strategy=job.strategy, model=job.model_type)
    async with LeaseKeeper(db, job, settings, shutdown) as keeper:
        run = JobRun(job, settings, db, keeper)
        try:
            ended = await _ended(run, log)
        finally:
            await run.clean_up()
    if ended == "succeeded":
        await _deliver(db, host, job.id, log)
    return ended


async def _ended(run: JobRun, log: Any) -> str:
    """Work, and end the job as it came out; return how."""
    try:
        outcome = await run.work()
        return await _succeed(run, outcome, log)
    except JobInterruptedError as interruption:
        return await _interrupted(run, interruption, log)
    except NothingToKeepError:
        return await _end(run, lambda session: finishing.cancelled(session, *run.held, "no_trials"), log)
    except ChildDiedError as death:
        return await _try_again(run, death, log)
    except TuningError as error:
        return await _fail(run, error, log)
    except Exception as error:
        log.exception("job_broke")
        return await _fail(run, unforeseen(error), log)


async def _succeed(run: JobRun, outcome: Mapping[str, Any], log: Any) -> str:
    try:
        return await _written(run, lambda session: finishing.succeed(session, *run.held, outcome), log)
    except StaleTransitionError:
        # Cancelled in the last moment, or lost; only one of them lets the next statement through.
        return await _end(run, lambda session: finishing.cancelled(session, *run.held), log)


async def _interrupted(run: JobRun, interruption: JobInterruptedError, log: Any) -> str:
    if interruption.kind == "lost":
        log.warning("lease_lost")
        return "lost"
    if interruption.kind == "cancel":
        return await _end(run, lambda session: finishing.cancelled(session, *run.held), log)
    with suppress(UnavailableError):  # the keeper finds it when the lease ends
        given = await run.db.run(lambda session: claims.give_back(session, *run.held))
        log.info("job_given_back", held=given)
    return "given_back"


async def _try_again(run: JobRun, death: ChildDiedError, log: Any) -> str:
    log.warning("child_died", cause=death.message)
    return await _end(run, lambda session: claims.try_again(session, *run.held, death.message), log)


async def _fail(run: JobRun, error: TuningError, log: Any) -> str:
    return await _end(run, lambda session: finishing.fail(session, *run.held, error.code, error.message), log)


async def _end(run: JobRun, work: Callable[[Session], Awaitable[JobRecord]], log: Any) -> str:
    try:
        return await _written(run, work, log)
    except StaleTransitionError:
        log.warning("lease_lost")
        return "lost"


async def _written(run: JobRun, work: Callable[[Session], Awaitable[JobRecord]], log: Any) -> str:
    """Write an end, trying again for as long as the lease holds."""
    try:
        job = await run.persist(work)
    except JobInterruptedError:
        log.warning("lease_lost")
        return "lost"
    log.info("job_ended", state=job.state.value, code=job.error_code, reason=job.reason)
    return job.state.value


async def _deliver(db: Database, host: Host, job_id: str, log: Any) -> None:
    """Try the write-back once; the patches are stored, and the keeper goes on where this fails."""
    try:
        await write_back.deliver(db, host, job_id)
    except Exception:
        log.exception("write_back_delayed")
