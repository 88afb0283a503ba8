"""Looks at the counters of run numbers; counting itself is part of a submit (`jobs.repository`)."""

from sqlalchemy import func, select

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import COUNTERS


async def last_inline_run_number(session: Session, node_id: str, model_type: str | None = None) -> int:
    """Return the greatest run number of a node whose graph was sent along, 0 where it never ran.

    Args:
        session: Any session; nothing is counted.
        node_id: The tuning node.
        model_type: Only runs of this model; None is any.
    """
    where = [COUNTERS.c.graph_ref == "", COUNTERS.c.node_id == node_id]
    if model_type is not None:
        where.append(COUNTERS.c.model_type == model_type)
    statement = select(func.coalesce(func.max(COUNTERS.c.value), 0)).where(*where)
    found: int = (await session.execute(statement)).scalar_one()
    return found
