"""Every statement about trials and their folds.

What a message of the search means for them does not belong here: `jobs.progress` knows.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, insert, literal, select, update

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import TRIAL_FOLDS, TRIALS
from hyperparameter_tuning.jobs.records import FoldRecord, TrialRecord
from hyperparameter_tuning.jobs.row_replacement import insert_or_update
from hyperparameter_tuning.jobs.trial_records import FoldSum

_TRIAL_KEYS = ("job_id", "number")
_FOLD_KEYS = ("job_id", "trial", "resource", "repeat", "fold")
_TRIAL_VALUES = tuple(column.name for column in TRIALS.c if column.name not in _TRIAL_KEYS)
_FOLD_VALUES = tuple(column.name for column in TRIAL_FOLDS.c if column.name not in _FOLD_KEYS)


async def rows(session: Session, job_id: str, numbers: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the stored rows of these trials by number, as dictionaries to be changed and saved."""
    statement = select(TRIALS).where(TRIALS.c.job_id == job_id, TRIALS.c.number.in_(numbers))
    return {row.number: dict(row._mapping) for row in (await session.execute(statement)).all()}


async def save(session: Session, trials: Sequence[Mapping[str, Any]]) -> None:
    """Insert or replace trials, given as complete rows."""
    if trials:
        statement = insert_or_update(session, TRIALS, _TRIAL_KEYS, _TRIAL_VALUES)
        await session.execute(statement, [dict(trial) for trial in trials])


async def save_folds(session: Session, folds: Sequence[Mapping[str, Any]]) -> None:
    """Insert or replace units, given as complete rows."""
    if folds:
        statement = insert_or_update(session, TRIAL_FOLDS, _FOLD_KEYS, _FOLD_VALUES)
        await session.execute(statement, [dict(fold) for fold in folds])


async def counts(session: Session, job_id: str) -> dict[str, int]:
    """Return how many trials of the job are in each state."""
    statement = select(TRIALS.c.state, func.count()).where(TRIALS.c.job_id == job_id).group_by(TRIALS.c.state)
    return {state: number for state, number in (await session.execute(statement)).all()}


async def count_units(session: Session, job_id: str) -> int:
    """Return how many units of the job are stored."""
    statement = select(func.count()).select_from(TRIAL_FOLDS).where(TRIAL_FOLDS.c.job_id == job_id)
    number: int = (await session.execute(statement)).scalar_one()
    return number


async def trials(
    session: Session,
    job_id: str,
    *,
    after: int = -1,
    limit: int | None = None,
    origins: Collection[str] = (),
    states: Collection[str] = (),
) -> list[TrialRecord]:
    """Return the trials of the job that follow number *after*, in order; no *origins* or *states*: any."""
    statement = select(TRIALS).where(TRIALS.c.job_id == job_id, TRIALS.c.number > after)
    if origins:
        statement = statement.where(TRIALS.c.origin.in_(origins))
    if states:
        statement = statement.where(TRIALS.c.state.in_(states))
    ordered = statement.order_by(TRIALS.c.number).limit(limit)
    return [_trial(row) for row in (await session.execute(ordered)).all()]


async def leading(session: Session, job_id: str, greater: bool, limit: int) -> list[TrialRecord]:
    """Return the complete trials with the best scores, the best first; whether *greater* is better."""
    order = TRIALS.c.score.desc() if greater else TRIALS.c.score.asc()
    # A halving's early rounds saw fewer rows: their scores stand behind those of the last.
    statement = (
        select(TRIALS)
        .where(TRIALS.c.job_id == job_id, TRIALS.c.state == "complete", TRIALS.c.score.is_not(None))
        .order_by(TRIALS.c.resource.desc(), order, TRIALS.c.number)
        .limit(limit)
    )
    return [_trial(row) for row in (await session.execute(statement)).all()]


async def trial(session: Session, job_id: str, number: int) -> TrialRecord | None:
    """Return one trial, or None."""
    statement = select(TRIALS).where(TRIALS.c.job_id == job_id, TRIALS.c.number == number)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _trial(row)


async def folds(session: Session, job_id: str, numbers: Collection[int] | None = None) -> list[FoldRecord]:
    """Return the units of the job, or of some of its trials, in a stable order."""
    statement = select(TRIAL_FOLDS).where(TRIAL_FOLDS.c.job_id == job_id)
    if numbers is not None:
        statement = statement.where(TRIAL_FOLDS.c.trial.in_(numbers))
    ordered = statement.order_by(*(TRIAL_FOLDS.c[name] for name in _FOLD_KEYS))
    found = []
    for row in (await session.execute(ordered)).all():
        values = dict(row._mapping)
        del values["job_id"]
        found.append(FoldRecord(**values))
    return found


async def ways(session: Session, job_id: str, first: int, last: int) -> dict[int, tuple[str, ...]]:
    """Return each distinct ``how`` of the units of trials *first* to *last*, in alphabetical order."""
    statement = (
        select(TRIAL_FOLDS.c.trial, TRIAL_FOLDS.c.how)
        .where(TRIAL_FOLDS.c.job_id == job_id, TRIAL_FOLDS.c.trial.between(first, last))
        .distinct()
        .order_by(TRIAL_FOLDS.c.trial, TRIAL_FOLDS.c.how)
    )
    found: dict[int, tuple[str, ...]] = {}
    for trial, how in (await session.execute(statement)).all():
        found[trial] = (*found.get(trial, ()), how)
    return found


async def fold_sums(session: Session, job_id: str, metric: str) -> list[FoldSum]:
    """Return the units of the job summed up by trial and share of the rows.

    Args:
        session: Any session.
        job_id: The job.
        metric: Key of the metric whose mean is taken.
    """
    is_complete = case((TRIAL_FOLDS.c.state == "complete", 1), else_=0)
    statement = (
        select(
            TRIAL_FOLDS.c.trial,
            TRIAL_FOLDS.c.resource,
            func.count().label("n"),
            func.sum(is_complete).label("n_complete"),
            func.avg(TRIAL_FOLDS.c.scores[metric].as_float()).label("score"),
            func.coalesce(func.sum(TRIAL_FOLDS.c.fit_seconds), 0.0).label("fit_seconds"),
            func.coalesce(func.sum(TRIAL_FOLDS.c.score_seconds), 0.0).label("score_seconds"),
        )
        .where(TRIAL_FOLDS.c.job_id == job_id)
        .group_by(TRIAL_FOLDS.c.trial, TRIAL_FOLDS.c.resource)
        .order_by(TRIAL_FOLDS.c.trial, TRIAL_FOLDS.c.resource)
    )
    rows = (await session.execute(statement)).all()
    return [
        FoldSum(**{**row._mapping, "score": None if row.score is None else float(row.score)}) for row in rows
    ]


async def abandon_open(session: Session, job_id: str) -> None:
    """Mark trials in work as abandoned: their worker is gone, the next one begins them again."""
    await session.execute(
        update(TRIALS).where(TRIALS.c.job_id == job_id, TRIALS.c.state == "running").values(state="abandoned")
    )


async def commonest_error(session: Session, job_id: str) -> str | None:
    """Return the error that most failed trials of the job have, or None."""
    statement = (
        select(TRIALS.c.error)
        .where(TRIALS.c.job_id == job_id, TRIALS.c.state == "failed", TRIALS.c.error.is_not(None))
        .group_by(TRIALS.c.error)
        .order_by(func.count().desc(), func.min(TRIALS.c.number))
        .limit(1)
    )
    error: str | None = (await session.execute(statement)).scalar_one_or_none()
    return error


async def copy(session: Session, source: str, target: str, *, failed_too: bool) -> None:
    """Copy trials and units of job *source* into the fresh job *target*.

    Args:
        session: An open write transaction.
        source: Where from.
        target: Where to.
        failed_too: Whether failed units count as finished; when not, they will be scored again.
    """
    kept = ("complete", "pruned", "failed") if failed_too else ("complete", "pruned")
    named = [column for column in TRIALS.c if column.name not in ("job_id", "state")]
    state = case((TRIALS.c.state.in_(kept), TRIALS.c.state), else_="abandoned")
    chosen = select(literal(target), state, *named).where(TRIALS.c.job_id == source)
    await session.execute(
        insert(TRIALS).from_select(["job_id", "state", *(column.name for column in named)], chosen)
    )
    unit_states = ("complete", "failed") if failed_too else ("complete",)
    rest = [column for column in TRIAL_FOLDS.c if column.name != "job_id"]
    units = select(literal(target), *rest).where(
        TRIAL_FOLDS.c.job_id == source, TRIAL_FOLDS.c.state.in_(unit_states)
    )
    await session.execute(
        insert(TRIAL_FOLDS).from_select(["job_id", *(column.name for column in rest)], units)
    )


def _trial(row: Any) -> TrialRecord:
    values = dict(row._mapping)
    del values["job_id"]
    values["targets"] = tuple(values["targets"])
    return TrialRecord(**values)
