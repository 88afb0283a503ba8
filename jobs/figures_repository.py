"""Every statement that looks at the store as a whole: how much there is of what, and how long it waits.

What becomes of the numbers does not belong here (`jobs.figures`).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import JOBS, LEASES, OUTBOX, WRITE_BACKS, utc_now


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the workers.

    Attributes:
        jobs: Queued jobs that are to be sent or were sent.
        unsent: Those among them that the broker has not got.
        seconds: Since when the oldest waits; 0 where none does.
    """

    jobs: int
    unsent: int
    seconds: float


async def jobs_by_state(session: Session) -> dict[str, int]:
    """Return how many jobs are stored in each state."""
    return await _counted(session, JOBS)


async def write_backs_by_state(session: Session) -> dict[str, int]:
    """Return how many patches are stored in each state."""
    return await _counted(session, WRITE_BACKS)


async def waiting(session: Session) -> Waiting:
    """Return what waits for the workers; a job that is only stored waits for nobody."""
    statement = select(
        func.count(),
        # Of nullable values only those that are there count.
        func.count(OUTBOX.c.sent_at),
        func.min(OUTBOX.c.created_at),
        utc_now(),
    ).where(~OUTBOX.c.held)
    total, sent, oldest, now = (await session.execute(statement)).one()
    return Waiting(total, total - sent, _between(oldest, now))


async def jobs_with_untold_webhooks(session: Session) -> int:
    """Return how many jobs have events that the webhook was not told of."""
    statement = select(func.count()).where(JOBS.c.webhook_seq < JOBS.c.last_seq)
    return int((await session.execute(statement)).scalar_one())


async def lease_seconds(session: Session, name: str) -> float:
    """Return how long the lease *name* lasts yet; 0 where nobody holds it."""
    statement = select(LEASES.c.lease_until, utc_now()).where(LEASES.c.name == name)
    row = (await session.execute(statement)).one_or_none()
    return 0.0 if row is None else _between(row[1], row[0])


async def _counted(session: Session, table: Table) -> dict[str, int]:
    statement = select(table.c.state, func.count()).group_by(table.c.state)
    return {state: int(number) for state, number in (await session.execute(statement)).all()}


def _between(first: datetime | None, last: datetime) -> float:
    return 0.0 if first is None else max(0.0, (last - first).total_seconds())
