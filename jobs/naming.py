"""What people call a job and note about it: for them alone, no search and no result depends on it.

Everything else about a job is frozen at submit or moved by its worker.
"""

from collections.abc import Mapping

from hyperparameter_tuning.jobs import repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.lookups import get
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.stored_text import check_text

LONGEST: Mapping[str, int] = {"name": 200, "note": 2_000}


async def describe(session: Session, job_id: str, changes: Mapping[str, str | None]) -> JobRecord:
    """Set the name or the note of a job, in whatever state it is.

    Args:
        session: An open write transaction.
        job_id: The job.
        changes: ``name`` and ``note``, those that change; None and blanks alone take one away.

    Returns:
        The job as it is now.

    Raises:
        NotFoundError: there is no such job.
        UserError: a text is too long (`LONGEST`), or holds characters that a database refuses.
    """
    await get(session, job_id)
    values = {name: (text or "").strip() or None for name, text in changes.items()}
    for name, text in values.items():
        check_text(name, text or "", LONGEST[name])
    if values:
        await repository.set_values(session, job_id, values)
    return await get(session, job_id)
