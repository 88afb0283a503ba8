"""Statements about what jobs have cost, for `jobs.durations`; few columns, since editors ask often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, false, func, or_, select

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.durations import JobCost, TrialCost
from hyperparameter_tuning.jobs.models import JOBS, TRIAL_FOLDS
from hyperparameter_tuning.jobs.records import JobFilter
from hyperparameter_tuning.jobs.status import ACTIVE, JobState

_FULL_FITS = func.sum(TRIAL_FOLDS.c.resource)
_SECONDS = func.sum(
    func.coalesce(TRIAL_FOLDS.c.fit_seconds, 0.0) + func.coalesce(TRIAL_FOLDS.c.score_seconds, 0.0)
)


@dataclass(frozen=True, slots=True)
class FoundJob:
    """A job that tells what a fit costs.

    Attributes:
        id: The job.
        is_active: Whether it has not ended.
        seconds: Wall time from its start to its end; 0 while it runs.
        rows: Rows of its dataset.
        same_data: Whether its dataset has the content that is asked about.
    """

    id: str
    is_active: bool
    seconds: float
    rows: int
    same_data: bool


async def telling_jobs(session: Session, where: JobFilter, fingerprint: str, limit: int) -> list[FoundJob]:
    """Return jobs of one model that tell what a fit costs: those at work on a node before all others.

    After them come succeeded ones, on the node or on the same data. Jobs that went on with another's folds
    are left out of these: they did not pay for them.

    Args:
        session: Any session.
        where: Owner and model; pipeline and node where there are some.
        fingerprint: Of the dataset.
        limit: Most jobs, the newest.
    """
    same_data = JOBS.c.data_summary["fingerprint"].as_string() == fingerprint
    on_node = and_(JOBS.c.graph_ref == (where.graph_ref or ""), JOBS.c.node_id == (where.node_id or ""))
    # Inline graphs have no identity: two editors may both call their node "tune".
    on_node = on_node if where.graph_ref and where.node_id else false()
    active = JOBS.c.state.in_([state.value for state in ACTIVE])
    ended = and_(JOBS.c.state == JobState.SUCCEEDED.value, JOBS.c.resumed_from.is_(None))
    statement = (
        select(
            JOBS.c.id,
            active.label("active"),
            JOBS.c.started_at,
            JOBS.c.finished_at,
            JOBS.c.data_summary["rows"].as_integer().label("rows"),
            same_data.label("same_data"),
        )
        .where(
            JOBS.c.owner_id == where.owner,
            JOBS.c.model_type == where.model_type,
            or_(and_(active, on_node), and_(ended, or_(on_node, same_data))),
        )
        .order_by(active.desc(), JOBS.c.created_at.desc())
        .limit(limit)
    )
    return [
        FoundJob(
            row.id, bool(row.active), _between(row.started_at, row.finished_at), row.rows, bool(row.same_data)
        )
        for row in (await session.execute(statement)).all()
    ]


async def trial_costs(session: Session, job_id: str) -> list[TrialCost]:
    """Return the cost of each trial of a job that has a scored fold, in order."""
    statement = (
        select(_FULL_FITS, _SECONDS)
        .where(TRIAL_FOLDS.c.job_id == job_id)
        .group_by(TRIAL_FOLDS.c.trial)
        .order_by(TRIAL_FOLDS.c.trial)
    )
    return [TrialCost(full, seconds) for full, seconds in (await session.execute(statement)).all() if full]


async def job_costs(session: Session, jobs: Sequence[FoundJob]) -> list[JobCost]:
    """Return what ended jobs have cost."""
    fits = await _full_fits(session, [job.id for job in jobs])
    return [JobCost(fits.get(job.id, 0.0), job.seconds, job.rows, job.same_data) for job in jobs]


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
