"""Locks that last until the end of the transaction, so that two submits cannot both find nothing there.

What is looked for under a lock does not belong here (`jobs.submitting`, `jobs.up_to_date`).
"""

from sqlalchemy import func, select

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.row_replacement import is_postgresql

# The first key of PostgreSQL's two-key advisory locks: one kind each, none that a host is likely to use.
_LOCK_RUN, _LOCK_NODE, _LOCK_SAME, _LOCK_OWNER = 0x68707431, 0x68707432, 0x68707433, 0x68707434


async def lock_run(session: Session, owner_id: str, run_id: str) -> None:
    """Make everybody else who submits this run wait until the transaction ends."""
    await _lock(session, _LOCK_RUN, f"{owner_id}\n{run_id}")


async def lock_node(session: Session, graph_ref: str, node_id: str) -> None:
    """Make everybody else who submits on this node wait until the transaction ends."""
    await _lock(session, _LOCK_NODE, f"{graph_ref}\n{node_id}")


async def lock_same_runs(session: Session, owner_id: str, run_fingerprint: str) -> None:
    """Make everybody else who executes the same run wait until the transaction ends."""
    await _lock(session, _LOCK_SAME, f"{owner_id}\n{run_fingerprint}")


async def lock_owner(session: Session, owner_id: str) -> None:
    """Make everybody else who counts this owner's jobs wait until the transaction ends."""
    await _lock(session, _LOCK_OWNER, owner_id)


async def _lock(session: Session, kind: int, key: str) -> None:
    # A SQLite write transaction is alone from its first statement.
    if is_postgresql(session):
        await session.execute(select(func.pg_advisory_xact_lock(kind, func.hashtext(key))))
