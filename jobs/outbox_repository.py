"""Every statement about jobs that still have to be told to the workers.

Sending does not belong here (`jobs.outbox`), nor does the broker (`jobs.dispatcher`).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, insert, literal, null, select, update

from hyperparameter_tuning.jobs import tallies_repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import JOBS, OUTBOX, utc_now
from hyperparameter_tuning.jobs.row_replacement import insert_or_update
from hyperparameter_tuning.jobs.status import JobState


async def add(session: Session, job_id: str) -> None:
    """Note that *job_id* is to be sent, again if it was sent before."""
    again = {"sent_at": None, "created_at": utc_now(), "waiting": False}
    statement = insert_or_update(session, OUTBOX, ("job_id",), again)
    await session.execute(statement.values(job_id=job_id, created_at=utc_now(), sent_at=None, n_sent=0))


async def add_first(session: Session, job_id: str, now: datetime, *, held: bool = False) -> None:
    """Note that a job that was just made is to be sent; a *held* one only after `release`."""
    row = {"job_id": job_id, "created_at": now, "sent_at": None, "n_sent": 0, "held": held}
    await session.execute(insert(OUTBOX), [row])


async def release(session: Session, job_id: str) -> bool:
    """Let a held job be sent.

    Returns:
        False when it was not held.
    """
    statement = update(OUTBOX).where(OUTBOX.c.job_id == job_id, OUTBOX.c.held).values(held=False)
    return (await session.execute(statement.returning(OUTBOX.c.job_id))).one_or_none() is not None


async def remove(session: Session, job_id: str) -> None:
    """Forget that *job_id* is to be sent: it was claimed, or will never run."""
    await session.execute(delete(OUTBOX).where(OUTBOX.c.job_id == job_id))


async def unsent(session: Session, limit: int, job_ids: Collection[str] = ()) -> list[str]:
    """Return jobs that are to be sent, oldest first; only among *job_ids* where some are given."""
    statement = select(OUTBOX.c.job_id).where(OUTBOX.c.sent_at.is_(None), ~OUTBOX.c.held, ~OUTBOX.c.waiting)
    if job_ids:
        statement = statement.where(OUTBOX.c.job_id.in_(job_ids))
    return list((await session.execute(statement.order_by(OUTBOX.c.created_at).limit(limit))).scalars())


async def mark_sent(session: Session, job_ids: Collection[str]) -> None:
    """Remember that the broker took them."""
    statement = update(OUTBOX).where(OUTBOX.c.job_id.in_(job_ids))
    await session.execute(statement.values(sent_at=utc_now(), n_sent=OUTBOX.c.n_sent + 1))
    await tallies_repository.add(session, "sent", len(job_ids))


async def forget_sending(session: Session, seconds: float) -> int:
    """Make jobs unsent again that were sent more than *seconds* ago and never claimed.

    Returns:
        How many there were.
    """
    unclaimed = exists().where(JOBS.c.id == OUTBOX.c.job_id, JOBS.c.state == JobState.QUEUED.value)
    lost = (OUTBOX.c.sent_at < utc_now(-seconds), ~OUTBOX.c.waiting, unclaimed)
    statement = update(OUTBOX).where(*lost).values(sent_at=None)
    return len((await session.execute(statement.returning(OUTBOX.c.job_id))).all())


async def has_unheard(session: Session, seconds: float, heard_within: float) -> bool:
    """Say whether a job waits for *seconds*, sent more than once, and last more than *heard_within* ago."""
    statement = (
        select(OUTBOX.c.job_id)
        .where(
            ~OUTBOX.c.held,
            ~OUTBOX.c.waiting,
            OUTBOX.c.n_sent > 1,
            OUTBOX.c.created_at < utc_now(-seconds),
            OUTBOX.c.sent_at < utc_now(-heard_within),
        )
        .limit(1)
    )
    return (await session.execute(statement)).first() is not None


async def put_off(session: Session, job_id: str) -> None:
    """Send a job no more for now: its owner has as many running as one may have."""
    await session.execute(update(OUTBOX).where(OUTBOX.c.job_id == job_id).values(waiting=True))


async def put_off_jobs(session: Session) -> list[tuple[str, str]]:
    """Return (job, owner) of what was put off, the oldest first."""
    statement = (
        select(OUTBOX.c.job_id, JOBS.c.owner_id)
        .join(JOBS, JOBS.c.id == OUTBOX.c.job_id)
        .where(OUTBOX.c.waiting)
        .order_by(OUTBOX.c.created_at, OUTBOX.c.job_id)
    )
    return [(row.job_id, row.owner_id) for row in (await session.execute(statement)).all()]


async def send_again(session: Session, job_ids: Collection[str]) -> int:
    """Let jobs that were put off be sent; return how many still were."""
    statement = update(OUTBOX).where(OUTBOX.c.job_id.in_(job_ids), OUTBOX.c.waiting)
    changed = statement.values(waiting=False, sent_at=None, n_sent=0).returning(OUTBOX.c.job_id)
    return len((await session.execute(changed)).all())


async def add_missing(session: Session) -> int:
    """Note every queued job that has no row here, however that came about.

    Returns:
        How many there were.
    """
    known = exists().where(OUTBOX.c.job_id == JOBS.c.id)
    lost = select(JOBS.c.id, utc_now(), null(), literal(0)).where(
        JOBS.c.state == JobState.QUEUED.value, ~known
    )
    statement = insert(OUTBOX).from_select(["job_id", "created_at", "sent_at", "n_sent"], lost)
    return len((await session.execute(statement.returning(OUTBOX.c.job_id))).all())


async def traceparents(session: Session, job_ids: Collection[str]) -> dict[str, str]:
    """Return the stored trace context of each of *job_ids* that has one."""
    statement = select(JOBS.c.id, JOBS.c.traceparent).where(
        JOBS.c.id.in_(job_ids), JOBS.c.traceparent.is_not(None)
    )
    return {row.id: row.traceparent for row in (await session.execute(statement)).all()}
