"""Every statement about tickets: made, used up, cleared away."""

from sqlalchemy import delete, insert

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import TICKETS, utc_now


async def add(session: Session, sha256: str, job_id: str, owner_id: str, seconds: float) -> None:
    """Insert a ticket that is good for *seconds*."""
    row = {"sha256": sha256, "job_id": job_id, "owner_id": owner_id, "expires_at": utc_now(seconds)}
    await session.execute(insert(TICKETS).values(row))


async def take(session: Session, sha256: str, job_id: str) -> str | None:
    """Remove the ticket and return its owner; None where there is none for this job that is still good.

    Of two that come with the same ticket, one removes the row.
    """
    statement = delete(TICKETS).where(
        TICKETS.c.sha256 == sha256, TICKETS.c.job_id == job_id, TICKETS.c.expires_at > utc_now()
    )
    owner: str | None = (await session.execute(statement.returning(TICKETS.c.owner_id))).scalar_one_or_none()
    return owner


async def remove_expired(session: Session) -> int:
    """Remove tickets that nobody used in time; return how many."""
    statement = delete(TICKETS).where(TICKETS.c.expires_at <= utc_now()).returning(TICKETS.c.sha256)
    return len((await session.execute(statement)).all())
