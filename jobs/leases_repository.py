"""Every statement about named leases: of many processes, one acts.

The lease on a job is a column of the job and does not belong here.
"""

from sqlalchemy import delete, or_, select

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import LEASES, utc_now
from hyperparameter_tuning.jobs.row_replacement import insert_or_update


async def take(session: Session, name: str, holder: str, seconds: float) -> bool:
    """Take or prolong the lease *name* for *holder*; False while another one holds it."""
    until = utc_now(seconds)
    # Without the condition a living holder would be overthrown.
    free = or_(LEASES.c.holder == holder, LEASES.c.lease_until < utc_now())
    statement = insert_or_update(
        session, LEASES, ("name",), {"holder": holder, "lease_until": until}, only_if=free
    )
    row = {"name": name, "holder": holder, "lease_until": until}
    return (await session.execute(statement.values(row).returning(LEASES.c.name))).first() is not None


async def release(session: Session, name: str, holder: str) -> None:
    """Give the lease up, so that another one may act at once."""
    await session.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.holder == holder))


async def holder_of(session: Session, name: str) -> str | None:
    """Return who holds the lease now, or None."""
    statement = select(LEASES.c.holder).where(LEASES.c.name == name, LEASES.c.lease_until > utc_now())
    holder: str | None = (await session.execute(statement)).scalar_one_or_none()
    return holder
