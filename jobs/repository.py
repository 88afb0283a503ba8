"""Every statement about the jobs table itself: insert, compare-and-set, pages, run numbers.

No rules here: which move is meant is decided by the verbs above (`jobs.service`, `jobs.claims`,
`jobs.finishing`, `jobs.reconciliation`). Trials, events and the outbox have repositories of their own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, not_, or_, select, update

from hyperparameter_tuning.jobs import (
    events_repository,
    requests_repository,
    tallies_repository,
    write_backs_repository,
)
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import COUNTERS, JOBS, OUTBOX, utc_now
from hyperparameter_tuning.jobs.page_cursor import decode_cursor, encode_cursor
from hyperparameter_tuning.jobs.records import JobFilter, JobPage, JobRecord, Page, Signals
from hyperparameter_tuning.jobs.row_replacement import insert_or_update
from hyperparameter_tuning.jobs.status import ACTIVE, LEASED, MOVES, TERMINAL, JobState
from hyperparameter_tuning.shared.errors import StaleTransitionError
from hyperparameter_tuning.shared.host import Principal

_EMPTY: dict[str, Any] = {column.name: None for column in JOBS.c if column.nullable}
_SAME_NAME = {field.name for field in fields(JobRecord)} & set(JOBS.c.keys())


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold, besides the state, for a job to move.

    Attributes:
        token: Lease token; required by moves that only the holder may make.
        conditions: On the row.
    """

    token: str | None = None
    conditions: tuple[ColumnElement[bool], ...] = ()


ANYBODY = Guard()


async def next_run_number(session: Session, graph_ref: str, node_id: str, model_type: str) -> int:
    """Count one further; the row stays locked until the transaction ends, so no number is lost."""
    statement = insert_or_update(
        session, COUNTERS, ("graph_ref", "node_id", "model_type"), {"value": COUNTERS.c.value + 1}
    )
    row = {"graph_ref": graph_ref, "node_id": node_id, "model_type": model_type, "value": 1}
    number: int = (await session.execute(statement.values(row).returning(COUNTERS.c.value))).scalar_one()
    return number


@dataclass(frozen=True, slots=True)
class Before:
    """What is there before a job is submitted.

    Attributes:
        now: The database's present time.
        same_run: Id of the job that the owner submitted under this run_id, or None.
        active: Id of a job on the node that has not ended, or None.
        queued: How many jobs of the owner are queued.
    """

    now: datetime
    same_run: str | None
    active: str | None
    queued: int


async def look_before(session: Session, row: Mapping[str, Any]) -> Before:
    """Look at everything that decides about a submit, in one statement: a request waits for each.

    Args:
        session: A write transaction that holds the locks.
        row: ``owner_id``, ``run_id``, ``graph_ref`` and ``node_id`` of the new job.
    """
    same_run = select(JOBS.c.id).where(JOBS.c.owner_id == row["owner_id"], JOBS.c.run_id == row["run_id"])
    on_node = (JOBS.c.graph_ref == row["graph_ref"], JOBS.c.node_id == row["node_id"])
    active = (
        select(JOBS.c.id)
        .where(*on_node, JOBS.c.state.in_(sorted(ACTIVE)), _is_not_held())
        .order_by(JOBS.c.created_at.desc())
        .limit(1)
    )
    queued = select(func.count()).where(
        JOBS.c.owner_id == row["owner_id"], JOBS.c.state == JobState.QUEUED.value
    )
    statement = select(
        utc_now().label("now"),
        same_run.scalar_subquery().label("same_run"),
        active.scalar_subquery().label("active"),
        queued.scalar_subquery().label("queued"),
    )
    return Before(**(await session.execute(statement)).one()._mapping)


async def add(session: Session, row: Mapping[str, Any]) -> JobRecord:
    """Insert a job, given as a complete row but for what is empty at first."""
    whole = _EMPTY | dict(row)
    await session.execute(insert(JOBS), [whole])
    return to_record(whole)


async def get(session: Session, job_id: str) -> JobRecord | None:
    """Return the job, or None."""
    return _optional((await session.execute(select(JOBS).where(JOBS.c.id == job_id))).one_or_none())


async def move(
    session: Session,
    job_id: str,
    name: str,
    values: Mapping[str, Any] | None = None,
    *,
    data: Mapping[str, Any] | None = None,
    guard: Guard = ANYBODY,
) -> JobRecord:
    """Make one row of the transition table happen, with its event, or refuse.

    Args:
        session: An open write transaction.
        job_id: Which job.
        name: Key of `jobs.status.MOVES`.
        values: Further columns to set.
        data: Data of the event; the new state is added.
        guard: Lease token and further conditions.

    Raises:
        StaleTransitionError: the job is not in a source state, the token is not the present one, or a
            condition does not hold. Nothing was changed.
    """
    step = MOVES[name]
    conditions = [JOBS.c.id == job_id, JOBS.c.state.in_(sorted(step.sources)), *guard.conditions]
    if step.leased:
        conditions.append(JOBS.c.lease_token == (guard.token or ""))
    changed: dict[str, Any] = {"state": step.target.value, "updated_at": utc_now(), **(values or {})}
    if step.event:
        changed["last_seq"] = JOBS.c.last_seq + 1
    if step.releases:
        changed |= {"lease_token": None, "lease_until": None}
    if step.target in TERMINAL:
        changed["finished_at"] = utc_now()
    statement = update(JOBS).where(*conditions).values(changed).returning(JOBS)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise StaleTransitionError(f"Job {job_id} is no longer where '{name}' may start.", job_id=job_id)
    await tallies_repository.add(session, f"move.{name}")
    job = to_record(row._mapping)
    if step.event:
        event = {"state": step.target.value, **(data or {})}
        await events_repository.add(session, job_id, job.last_seq, [(step.event, event)], job.updated_at)
    return job


async def count_running(session: Session, owner_id: str) -> int:
    """Return how many jobs of the owner are with a worker."""
    where = (JOBS.c.owner_id == owner_id, JOBS.c.state.in_(sorted(LEASED)))
    count: int = (await session.execute(select(func.count()).select_from(JOBS).where(*where))).scalar_one()
    return count


async def renew(session: Session, job_id: str, token: str, seconds: float) -> JobRecord | None:
    """Prolong the lease, or return None when *token* does not hold it any more."""
    return await _update_held(session, job_id, token, {"lease_until": utc_now(seconds)})


async def touch(session: Session, job_id: str, token: str) -> JobRecord | None:
    """Lock the job's row for the holder of *token*; None when it is held no more.

    ``updated_at`` of the record is the database's present time.
    """
    return await _update_held(session, job_id, token, {})


async def _update_held(
    session: Session, job_id: str, token: str, values: Mapping[str, Any]
) -> JobRecord | None:
    statement = (
        update(JOBS)
        .where(JOBS.c.id == job_id, JOBS.c.lease_token == token, JOBS.c.state.in_(sorted(LEASED)))
        .values({"updated_at": utc_now(), **values})
        .returning(JOBS)
    )
    return _optional((await session.execute(statement)).one_or_none())


async def signals(session: Session, job_id: str) -> tuple[str | None, Signals] | None:
    """Return who holds the job, by lease token, and what is asked of it; None when there is no such job.

    Not the whole row: a worker looks twice a second, and a row carries documents.
    """
    statement = select(JOBS.c.lease_token, JOBS.c.cancel_requested, JOBS.c.stop_requested)
    row = (await session.execute(statement.where(JOBS.c.id == job_id))).one_or_none()
    if row is None:
        return None
    return row.lease_token, Signals(row.cancel_requested, row.stop_requested)


async def set_values(session: Session, job_id: str, values: Mapping[str, Any]) -> None:
    """Set columns that are no state; the caller's transaction already holds the row."""
    await session.execute(update(JOBS).where(JOBS.c.id == job_id).values(dict(values)))


async def page(session: Session, where: JobFilter, asked: Page) -> JobPage:
    """Return one page, newest first, by the keys of the last item rather than an offset."""
    statement = select(JOBS).where(*_conditions(where))
    if asked.after is not None:
        created_at, job_id = decode_cursor(asked.after)
        statement = statement.where(
            or_(
                JOBS.c.created_at < created_at,
                and_(JOBS.c.created_at == created_at, JOBS.c.id < job_id),
            )
        )
    ordered = statement.order_by(JOBS.c.created_at.desc(), JOBS.c.id.desc()).limit(asked.limit + 1)
    rows = (await session.execute(ordered)).all()
    jobs = tuple(to_record(row._mapping) for row in rows[: asked.limit])
    more = len(rows) > asked.limit
    return JobPage(jobs=jobs, next=encode_cursor(jobs[-1].created_at, jobs[-1].id) if more else None)


async def ended(session: Session, where: JobFilter, limit: int | None = None) -> list[tuple[str, list[str]]]:
    """Return (id, artifact keys) of the terminal jobs that match, oldest first."""
    statement = (
        select(JOBS.c.id, JOBS.c.artifact_keys)
        .where(*_conditions(where), JOBS.c.state.in_(sorted(TERMINAL)))
        .order_by(JOBS.c.created_at, JOBS.c.id)
        .limit(limit)
    )
    return [(row.id, row.artifact_keys) for row in (await session.execute(statement)).all()]


async def remove(session: Session, job_ids: Sequence[str]) -> None:
    """Delete jobs that have ended, with everything that belongs to them."""
    for start in range(0, len(job_ids), 500):
        chunk = job_ids[start : start + 500]
        await session.execute(delete(JOBS).where(JOBS.c.id.in_(chunk), JOBS.c.state.in_(sorted(TERMINAL))))


async def artifact_keys(session: Session) -> set[str]:
    """Return the keys of all files that a job names."""
    statement = select(JOBS.c.artifact_keys).where(JOBS.c.artifact_key.is_not(None))
    return {key for keys in (await session.execute(statement)).scalars() for key in keys}


async def succeeded(session: Session, where: JobFilter, limit: int) -> list[JobRecord]:
    """Return the newest succeeded jobs that match."""
    statement = (
        select(JOBS)
        .where(*_conditions(where), JOBS.c.state == JobState.SUCCEEDED.value)
        .order_by(JOBS.c.finished_at.desc(), JOBS.c.id.desc())
        .limit(limit)
    )
    return [to_record(row._mapping) for row in (await session.execute(statement)).all()]


async def newest_of_run(
    session: Session, row: Mapping[str, Any], states: Collection[JobState], *, anywhere: bool = False
) -> JobRecord | None:
    """Return the newest job of the same owner, node and run in one of *states*, or None.

    Args:
        session: Any session.
        row: ``owner_id``, ``run_fingerprint``, ``graph_ref`` and ``node_id``.
        states: Any of these.
        anywhere: Take one of another node where this one has none.
    """
    elsewhere = or_(JOBS.c.graph_ref != row["graph_ref"], JOBS.c.node_id != row["node_id"])
    conditions = [JOBS.c[name] == row[name] for name in ("run_fingerprint", "owner_id")]
    if not anywhere:
        conditions.append(not_(elsewhere))
    statement = (
        select(JOBS)
        .where(*conditions, JOBS.c.state.in_(sorted(states)), _is_not_held())
        .order_by(elsewhere, JOBS.c.created_at.desc(), JOBS.c.id.desc())
        .limit(1)
    )
    return _optional((await session.execute(statement)).one_or_none())


async def silent(session: Session, limit: int = 100) -> list[JobRecord]:
    """Return jobs whose lease has run out by the database's clock."""
    statement = (
        select(JOBS)
        .where(JOBS.c.state.in_(sorted(LEASED)), JOBS.c.lease_until < utc_now())
        .order_by(JOBS.c.lease_until)
        .limit(limit)
    )
    return [to_record(row._mapping) for row in (await session.execute(statement)).all()]


async def overdue_cancels(session: Session, seconds: float, limit: int = 100) -> list[str]:
    """Return ids of jobs that were asked to cancel more than *seconds* ago and have not ended."""
    statement = (
        select(JOBS.c.id)
        .where(
            JOBS.c.state == JobState.CANCELLING.value,
            JOBS.c.cancel_requested_at < utc_now(-seconds),
        )
        .limit(limit)
    )
    return list((await session.execute(statement)).scalars())


def lease_is_over() -> ColumnElement[bool]:
    """Return the condition that the lease has run out, for `move`."""
    return JOBS.c.lease_until < utc_now()


def has_attempts_left(maximum: int) -> ColumnElement[bool]:
    """Return the condition that the job may be claimed once more, for `move`."""
    return JOBS.c.attempts < maximum


def is_asked_to_stop(stop_requested: bool) -> ColumnElement[bool]:
    """Return the condition on the stop flag, for `move`."""
    return JOBS.c.stop_requested == stop_requested


def first_start() -> ColumnElement[Any]:
    """Return the expression for ``started_at`` that a second claim does not change."""
    return func.coalesce(JOBS.c.started_at, utc_now())


def counted_attempt(step: int) -> ColumnElement[int]:
    """Return the expression for the number of attempts, *step* further."""
    return JOBS.c.attempts + step


def now() -> ColumnElement[Any]:
    """Return the expression for the database's present time."""
    return utc_now()


def in_seconds(seconds: float) -> ColumnElement[Any]:
    """Return the expression for the database's time in *seconds*."""
    return utc_now(seconds)


def _is_not_held() -> ColumnElement[bool]:
    """Return the condition that a job is not one that is only stored, which nobody sends."""
    return JOBS.c.id.not_in(select(OUTBOX.c.job_id).where(OUTBOX.c.held))


def _conditions(where: JobFilter) -> list[ColumnElement[bool]]:
    equal = {
        "owner_id": where.owner,
        "node_id": where.node_id,
        "model_type": where.model_type,
    }
    conditions = [JOBS.c[name] == value for name, value in equal.items() if value is not None]
    if where.graph_ref is not None:
        sent = JOBS.c.id.in_(requests_repository.of_pipeline(where.graph_ref))
        conditions.append(or_(JOBS.c.graph_ref == where.graph_ref, sent))
    if where.states:
        conditions.append(JOBS.c.state.in_([state.value for state in where.states]))
    if where.job_ids:
        conditions.append(JOBS.c.id.in_(where.job_ids))
    if where.dataset_source_id is not None:
        conditions.append(JOBS.c.id.in_(requests_repository.of_dataset(where.dataset_source_id)))
    if where.has_applied_params:
        conditions.append(JOBS.c.id.in_(write_backs_repository.of_applied_params()))
    if where.older_than_seconds is not None:
        conditions.append(JOBS.c.finished_at < utc_now(-where.older_than_seconds))
    return conditions


def _optional(row: Any) -> JobRecord | None:
    return None if row is None else to_record(row._mapping)


def to_record(values: Mapping[Any, Any]) -> JobRecord:
    """Make the frozen value of a row of the jobs table."""
    own = {name: values[name] for name in _SAME_NAME}
    own |= {
        "owner": Principal(values["owner_id"], values["owner_claims"]),
        "graph_ref": values["graph_ref"] or None,
        "node_id": values["node_id"] or None,
        "state": JobState(values["state"]),
        "artifact_keys": tuple(values["artifact_keys"]),
    }
    return JobRecord(**own)
