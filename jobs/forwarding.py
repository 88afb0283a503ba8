"""Tells the host of events, after their commit and at least once.

Live streams of our own API do not belong here: `jobs.events` feeds them.
"""

import asyncio
import logging

from hyperparameter_tuning.jobs import events_repository
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.shared.host import Events
from hyperparameter_tuning.shared.logs import logging_about

logger = logging.getLogger(__name__)
JOBS_AT_ONCE = 50
EVENTS_AT_ONCE = 500
HOST_SECONDS = 10.0


async def forward_events(db: Database, events: Events) -> int:
    """Publish what the host was not told of yet, each job's events in order.

    A host that refuses stops that job's events until the next time; the others go on.

    Returns:
        How many events were published.
    """
    waiting = await db.run(lambda session: events_repository.unforwarded(session, JOBS_AT_ONCE), write=False)
    published = 0
    for job_id, seq in waiting:
        with logging_about(job_id=job_id):
            published += await _forward_job(db, events, job_id, seq)
    return published


async def _forward_job(db: Database, events: Events, job_id: str, seq: int) -> int:
    found = await db.run(
        lambda session: events_repository.after(session, job_id, seq, EVENTS_AT_ONCE), write=False
    )
    done = 0
    for event in found:
        try:
            async with asyncio.timeout(HOST_SECONDS):
                await events.publish(event.as_document())
        except Exception:
            # A host is foreign code: whatever it raises, the event is kept and told again.
            logger.warning("Event %s of job %s was not taken by the host.", event.seq, job_id, exc_info=True)
            break
        done += 1
    if done:
        last = found[done - 1].seq
        await db.run(lambda session: events_repository.mark_forwarded(session, job_id, last), durable=False)
    return done
