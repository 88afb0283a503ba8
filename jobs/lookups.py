"""Looks at jobs and what belongs to them; changes nothing.

What may be asked of jobs is in `jobs.service`.
"""

from collections.abc import Collection
from typing import Any

from hyperparameter_tuning.jobs import repository, trials_repository, write_backs_repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import (
    FoldRecord,
    JobFilter,
    JobPage,
    JobRecord,
    Page,
    TrialRecord,
    WriteBackRecord,
)
from hyperparameter_tuning.jobs.trial_tables import flat_trial
from hyperparameter_tuning.shared.errors import NotFoundError, UserError

MAX_PAGE = 100


async def get(session: Session, job_id: str, owner: str | None = None) -> JobRecord:
    """Return a job.

    Args:
        session: Any session.
        job_id: Which.
        owner: Where given, other owners' jobs do not exist.

    Raises:
        NotFoundError: there is none.
    """
    job = await repository.get(session, job_id)
    if job is None or (owner is not None and job.owner.id != owner):
        raise NotFoundError("There is no such job.", job_id=job_id)
    return job


async def find(session: Session, where: JobFilter | None = None, page: Page | None = None) -> JobPage:
    """Return one page of jobs, newest first.

    Raises:
        UserError: the limit is outside 1 to 100, or the cursor is not one of ours.
    """
    asked = page or Page()
    if not 1 <= asked.limit <= MAX_PAGE:
        raise UserError(f"A page has 1 to {MAX_PAGE} jobs, not {asked.limit}.", pointer="/limit")
    return await repository.page(session, where or JobFilter(), asked)


async def trials(
    session: Session, job_id: str, *, after: int = -1, limit: int | None = None
) -> list[TrialRecord]:
    """Return the job's trials that follow number *after*, in order; all without a *limit*."""
    return await trials_repository.trials(session, job_id, after=after, limit=limit)


async def trial(session: Session, job_id: str, number: int) -> TrialRecord | None:
    """Return one trial of the job, or None."""
    return await trials_repository.trial(session, job_id, number)


async def column_trials(session: Session, job_id: str) -> list[TrialRecord]:
    """Return the trials that have every column of the job's trials between them: the references, one other.

    Candidates of one search have the same parameters, complete ones the same metrics.
    """
    references = await trials_repository.trials(session, job_id, origins=("baseline", "defaults"))
    searched = await trials_repository.trials(
        session, job_id, origins=("search",), states=("complete",), limit=1
    )
    return [*references, *searched]


async def folds(session: Session, job_id: str, numbers: Collection[int] | None = None) -> list[FoldRecord]:
    """Return the units of the job, or of some of its trials."""
    return await trials_repository.folds(session, job_id, numbers)


async def ways(session: Session, job_id: str, first: int, last: int) -> dict[int, tuple[str, ...]]:
    """Return how the scores of trials *first* to *last* came about, by their numbers; see `FoldRecord`."""
    return await trials_repository.ways(session, job_id, first, last)


async def table_rows(session: Session, job_id: str) -> list[dict[str, Any]]:
    """Return the trials of the job as rows of a table; see `jobs.trial_tables`."""
    found = await trials_repository.trials(session, job_id)
    how = await ways(session, job_id, found[0].number, found[-1].number) if found else {}
    return [flat_trial(trial, how.get(trial.number, ())) for trial in found]


async def write_backs(session: Session, job_id: str) -> list[WriteBackRecord]:
    """Return the job's patches and what became of them, oldest first."""
    return await write_backs_repository.of_job(session, job_id)


async def commonest_error(session: Session, job_id: str) -> str | None:
    """Return the error that most failed trials of the job have, or None."""
    return await trials_repository.commonest_error(session, job_id)
