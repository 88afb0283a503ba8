"""Statements about what jobs have cost, for `jobs.durations`; few columns, since editors ask often."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.durations import JobCost, TrialCost
from hyperparameter_tuning.jobs.models import JOBS, TRIAL_FOLDS
from hyperparameter_tuning.jobs.records import JobFilter
from hyperparameter_tuning.jobs.status import ACTIVE, JobState

_FULL_FITS = func.sum(TRIAL_FOLDS.c.resource)
_SECONDS = func.sum(
    func.coalesce(TRIAL_FOLDS.c.fit_seconds, 0.0) + func.coalesce(TRIAL_FOLDS.c.score_seconds, 0.0)
)


async def active_job(session: Session, where: JobFilter) -> str | None:
    """Return the newest job on a node that has not ended, or None."""
    statement = (
        select(JOBS.c.id)
        .where(
            JOBS.c.owner_id == where.owner,
            JOBS.c.graph_ref == where.graph_ref,
            JOBS.c.node_id == where.node_id,
            JOBS.c.model_type == where.model_type,
            JOBS.c.state.in_([state.value for state in ACTIVE]),
        )
        .order_by(JOBS.c.created_at.desc())
        .limit(1)
    )
    found: str | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def trial_costs(session: Session, job_id: str) -> list[TrialCost]:
    """Return the cost of each trial of a job that has a scored fold, in order."""
    statement = (
        select(_FULL_FITS, _SECONDS)
        .where(TRIAL_FOLDS.c.job_id == job_id)
        .group_by(TRIAL_FOLDS.c.trial)
        .order_by(TRIAL_FOLDS.c.trial)
    )
    return [TrialCost(full, seconds) for full, seconds in (await session.execute(statement)).all() if full]


async def job_costs(session: Session, where: JobFilter, fingerprint: str, limit: int) -> list[JobCost]:
    """Return the cost of succeeded jobs of one model: those on a node, and those on the same data.

    Jobs that went on with another's folds are left out: they did not pay for them.

    Args:
        session: Any session.
        where: Owner and model; pipeline and node where there are some.
        fingerprint: Of the dataset.
        limit: Most jobs, the newest.
    """
    data = JOBS.c.data_summary["fingerprint"].as_string()
    on_node = (JOBS.c.graph_ref == where.graph_ref) & (JOBS.c.node_id == where.node_id)
    matching = data == fingerprint if where.graph_ref is None else or_(on_node, data == fingerprint)
    statement = (
        select(
            JOBS.c.id,
            JOBS.c.started_at,
            JOBS.c.finished_at,
            JOBS.c.data_summary["rows"].as_integer().label("rows"),
            (data == fingerprint).label("same_data"),
        )
        .where(
            JOBS.c.owner_id == where.owner,
            JOBS.c.model_type == where.model_type,
            JOBS.c.state == JobState.SUCCEEDED.value,
            JOBS.c.resumed_from.is_(None),
            matching,
        )
        .order_by(JOBS.c.created_at.desc())
        .limit(limit)
    )
    found = (await session.execute(statement)).all()
    fits = await _full_fits(session, [row.id for row in found])
    return [
        JobCost(
            fits.get(row.id, 0.0), _between(row.started_at, row.finished_at), row.rows, bool(row.same_data)
        )
        for row in found
    ]


async def _full_fits(session: Session, job_ids: Sequence[str]) -> dict[str, float]:
    if not job_ids:
        return {}
    statement = (
        select(TRIAL_FOLDS.c.job_id, _FULL_FITS)
        .where(TRIAL_FOLDS.c.job_id.in_(job_ids))
        .group_by(TRIAL_FOLDS.c.job_id)
    )
    return {job_id: float(full or 0.0) for job_id, full in (await session.execute(statement)).all()}


def _between(start: datetime | None, end: datetime | None) -> float:
    return 0.0 if start is None or end is None else (end - start).total_seconds()
