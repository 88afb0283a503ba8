"""Every statement about the events of jobs.

Who is told of them does not belong here: `jobs.events` fans out, `jobs.forwarding` tells the host and
`jobs.webhooks` the webhook.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import EVENTS, JOBS, utc_now
from hyperparameter_tuning.jobs.records import EventRecord
from hyperparameter_tuning.jobs.wake_ups import note_events

NewEvent = tuple[str, Mapping[str, Any]]


async def add(session: Session, job_id: str, last_seq: int, events: Sequence[NewEvent], at: datetime) -> None:
    """Insert events whose numbers were already allocated, *last_seq* being the last one's."""
    if not events:
        return
    first = last_seq - len(events) + 1
    rows = [
        {"job_id": job_id, "seq": first + index, "type": kind, "data": dict(data), "created_at": at}
        for index, (kind, data) in enumerate(events)
    ]
    await session.execute(insert(EVENTS), rows)
    note_events(session.info, job_id)


async def append(session: Session, job_id: str, events: Sequence[NewEvent]) -> int:
    """Allocate the next numbers of the job and insert *events* under them.

    Returns:
        The number of the last one. The job's row stays locked until the transaction ends, so numbers
        become visible in their order.
    """
    statement = (
        update(JOBS)
        .where(JOBS.c.id == job_id)
        .values(last_seq=JOBS.c.last_seq + len(events), updated_at=utc_now())
        .returning(JOBS.c.last_seq, JOBS.c.updated_at)
    )
    row = (await session.execute(statement)).one()
    await add(session, job_id, row.last_seq, events, row.updated_at)
    last: int = row.last_seq
    return last


async def after(session: Session, job_id: str, seq: int, limit: int) -> list[EventRecord]:
    """Return the events of the job that follow *seq*, in order, *limit* at most."""
    statement = (
        select(EVENTS)
        .where(EVENTS.c.job_id == job_id, EVENTS.c.seq > seq)
        .order_by(EVENTS.c.seq)
        .limit(limit)
    )
    return [EventRecord(**row._mapping) for row in (await session.execute(statement)).all()]


async def last_numbers(session: Session, job_ids: Collection[str]) -> dict[str, int]:
    """Return the newest event's number of each of *job_ids* that exists."""
    statement = select(JOBS.c.id, JOBS.c.last_seq).where(JOBS.c.id.in_(job_ids))
    return {row.id: row.last_seq for row in (await session.execute(statement)).all()}


async def unforwarded(session: Session, limit: int) -> list[tuple[str, int]]:
    """Return (job, number of the last forwarded event) of jobs with events that the host was not told of."""
    statement = (
        select(JOBS.c.id, JOBS.c.forwarded_seq)
        .where(JOBS.c.forwarded_seq < JOBS.c.last_seq)
        .order_by(JOBS.c.updated_at)
        .limit(limit)
    )
    return [(row.id, row.forwarded_seq) for row in (await session.execute(statement)).all()]


async def mark_forwarded(session: Session, job_id: str, seq: int) -> None:
    """Remember that the host was told of everything up to *seq*."""
    await session.execute(update(JOBS).where(JOBS.c.id == job_id).values(forwarded_seq=seq))


async def untold(session: Session, limit: int, but: Collection[str] = ()) -> list[tuple[str, int]]:
    """Return (job, number of the last told event) of jobs with events that the webhook was not told of.

    Args:
        session: Any session.
        limit: Most jobs.
        but: Jobs to leave out.
    """
    statement = select(JOBS.c.id, JOBS.c.webhook_seq).where(JOBS.c.webhook_seq < JOBS.c.last_seq)
    if but:
        statement = statement.where(JOBS.c.id.not_in(but))
    rows = (await session.execute(statement.order_by(JOBS.c.updated_at).limit(limit))).all()
    return [(row.id, row.webhook_seq) for row in rows]


async def mark_told(session: Session, job_id: str, seq: int) -> None:
    """Remember that the webhook took everything up to *seq*; never less than before."""
    statement = update(JOBS).where(JOBS.c.id == job_id, JOBS.c.webhook_seq < seq)
    await session.execute(statement.values(webhook_seq=seq))
