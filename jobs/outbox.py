"""Sends committed jobs to the workers: what the outbox holds, the broker gets, at least once.

The broker itself does not belong here (`jobs.dispatcher`), nor deciding what is to be sent.
"""

import asyncio
import logging
from collections.abc import Collection
from typing import Protocol

from hyperparameter_tuning.jobs import outbox_repository
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.logs import logging_about
from hyperparameter_tuning.shared.tracing import is_tracing, span

logger = logging.getLogger(__name__)
BATCH = 100


class Sender(Protocol):
    """What can tell workers of a job; it may block."""

    def send(self, job_id: str) -> None:
        """Send one job, or raise `UnavailableError`."""


async def publish_pending(db: Database, dispatcher: Sender, job_ids: Collection[str] = ()) -> int:
    """Send every job that is to be sent and was not.

    Two publishers may send the same job: the second claim fails and its message is dropped. A broker that is
    down leaves the rest for the next time.

    Args:
        db: The job store.
        dispatcher: See `jobs.dispatcher.Dispatcher`.
        job_ids: Only these, where given.

    Returns:
        How many were sent.
    """
    waiting = await db.run(
        lambda session: outbox_repository.unsent(session, BATCH, tuple(job_ids)), write=False
    )
    sent: list[str] = []
    parents = await _traces(db, waiting)
    for job_id in waiting:
        try:
            with logging_about(job_id=job_id), span("job.publish", parent=parents.get(job_id), job_id=job_id):
                await asyncio.to_thread(dispatcher.send, job_id)
        except UnavailableError as error:
            logger.warning("%s jobs wait for the broker: %s", len(waiting) - len(sent), error.message)
            break
        sent.append(job_id)
    if sent:
        # Not durable: a job that is sent twice does no harm.
        await db.run(lambda session: outbox_repository.mark_sent(session, sent), durable=False)
    return len(sent)


async def is_unheard(db: Database, seconds: float, heard_within: float) -> bool:
    """Say whether some job was sent again and again and no worker took it.

    Once is not enough: the broker may have lost the message. Sent anew, every idle worker should hear of it.

    Args:
        db: The job store.
        seconds: It waits for so long at least.
        heard_within: A worker has heard of a job so many seconds after it was sent.
    """
    return await db.run(
        lambda session: outbox_repository.has_unheard(session, seconds, heard_within), write=False
    )


async def _traces(db: Database, job_ids: list[str]) -> dict[str, str]:
    """Return which trace each job belongs to, where traces are kept."""
    if not (is_tracing() and job_ids):
        return {}
    return await db.run(lambda session: outbox_repository.traceparents(session, job_ids), write=False)
