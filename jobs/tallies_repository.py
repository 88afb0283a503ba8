"""Every statement about tallies: how often something happened, counted in the transaction that did it.

What the numbers are called outside does not belong here (`jobs.figures`). A tally never falls: deleting jobs
does not change what happened.
"""

import random

from sqlalchemy import func, select

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import TALLIES
from hyperparameter_tuning.jobs.row_replacement import insert_or_update

PARTS = 16
"""Rows of one number: transactions that count the same at once wait for each other only on the same row."""

_PART = "tally_part"


async def add(session: Session, name: str, amount: int = 1) -> None:
    """Count *amount* more of *name*, if this transaction commits."""
    # One part for the whole transaction: two that count two things each meet in the same order or not at all.
    part = session.info.setdefault(_PART, random.randrange(PARTS))
    statement = insert_or_update(session, TALLIES, ("name", "part"), {"value": TALLIES.c.value + amount})
    await session.execute(statement.values(name=name, part=part, value=amount))


async def totals(session: Session) -> dict[str, int]:
    """Return every number by its name."""
    statement = select(TALLIES.c.name, func.sum(TALLIES.c.value)).group_by(TALLIES.c.name)
    return {name: int(value) for name, value in (await session.execute(statement)).all()}
