"""Tickets that open one event stream once: browsers send no header with an EventSource.

A token never stands in an address; a ticket may, since it is worth nothing a moment later. Functions flush
and never commit.
"""

from hyperparameter_tuning.jobs import tickets_repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.secret_texts import digest, new_secret

TICKET_SECONDS = 30


async def issue(session: Session, job_id: str, owner: str) -> str:
    """Return a ticket for the events of a job, good once and for `TICKET_SECONDS`.

    Args:
        session: An open write transaction.
        job_id: A job of *owner*.
        owner: Who may follow it.
    """
    ticket = new_secret()
    await tickets_repository.add(session, digest(ticket), job_id, owner, TICKET_SECONDS)
    return ticket


async def use(session: Session, job_id: str, ticket: str) -> str | None:
    """Use a ticket up and return its owner; None when it is for another job, used, too old or unknown."""
    return await tickets_repository.take(session, digest(ticket), job_id)


async def remove_expired(session: Session) -> int:
    """Clear away tickets that nobody used in time; return how many."""
    return await tickets_repository.remove_expired(session)
