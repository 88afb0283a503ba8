"""Every statement about patches and what became of them.

What a patch says does not belong here (`jobs.patches_built`), nor the graph that it goes onto.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, or_, select, update

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import WRITE_BACKS, utc_now
from hyperparameter_tuning.jobs.records import WriteBackKind, WriteBackRecord, WriteBackState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWriteBack:
    """A patch that is about to be stored.

    Attributes:
        patch_id: Idempotency key.
        kind: ``result`` or ``params``.
        state: What is to become of it.
        patch: The document.
        graph_ref: The host's name of the pipeline; None for an inline graph.
        automatic: Whether the worker made it, not a person.
        reason: Why it is not simply applied.
    """

    patch_id: str
    kind: WriteBackKind
    state: WriteBackState
    patch: Mapping[str, Any]
    graph_ref: str | None = None
    automatic: bool = True
    reason: str | None = None


def of_applied_params() -> Select[tuple[str]]:
    """Return the query for the ids of jobs whose parameters were applied and not taken back."""
    is_there = (WRITE_BACKS.c.kind == "params") & (WRITE_BACKS.c.state == "applied")
    return select(WRITE_BACKS.c.job_id).where(is_there)


async def add(session: Session, job_id: str, new: NewWriteBack) -> WriteBackRecord:
    """Store a patch."""
    row = {
        "job_id": job_id,
        "patch_id": new.patch_id,
        "kind": new.kind,
        "state": new.state,
        "automatic": new.automatic,
        "graph_ref": new.graph_ref,
        "patch": dict(new.patch),
        "inverse": [],
        "conflicts": [],
        "skipped_nodes": [],
        "reason": new.reason,
        "attempts": 0,
        "created_at": utc_now(),
    }
    return _record((await session.execute(insert(WRITE_BACKS).values(row).returning(WRITE_BACKS))).one())


async def of_job(session: Session, job_id: str) -> list[WriteBackRecord]:
    """Return the patches of a job, oldest first."""
    statement = select(WRITE_BACKS).where(WRITE_BACKS.c.job_id == job_id).order_by(WRITE_BACKS.c.id)
    return [_record(row) for row in (await session.execute(statement)).all()]


async def find(session: Session, patch_id: str) -> WriteBackRecord | None:
    """Return the patch with this id, or None."""
    row = (await session.execute(select(WRITE_BACKS).where(WRITE_BACKS.c.patch_id == patch_id))).one_or_none()
    return None if row is None else _record(row)


async def due(session: Session, limit: int) -> list[str]:
    """Return jobs that have a pending patch whose time to try (again) has come, oldest first."""
    statement = (
        select(WRITE_BACKS.c.job_id)
        .where(
            WRITE_BACKS.c.state == "pending",
            or_(WRITE_BACKS.c.try_after.is_(None), WRITE_BACKS.c.try_after < utc_now()),
        )
        .order_by(WRITE_BACKS.c.id)
        .limit(limit)
    )
    return list(dict.fromkeys((await session.execute(statement)).scalars()))


async def settle(
    session: Session,
    patch_id: str,
    sources: Sequence[WriteBackState],
    state: WriteBackState,
    values: Mapping[str, Any] | None = None,
) -> WriteBackRecord | None:
    """Move a patch to *state*, or return None when it is in none of *sources* any more."""
    changed: dict[str, Any] = {"state": state, **(values or {})}
    if state == "applied" and "applied" not in sources:
        changed["applied_at"] = utc_now()
    statement = (
        update(WRITE_BACKS)
        .where(WRITE_BACKS.c.patch_id == patch_id, WRITE_BACKS.c.state.in_(sources))
        .values(changed)
        .returning(WRITE_BACKS)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _record(row)


async def postpone(session: Session, patch_id: str, seconds: float) -> None:
    """Count a try that did not reach the host, and wait *seconds* before the next."""
    statement = update(WRITE_BACKS).where(WRITE_BACKS.c.patch_id == patch_id)
    await session.execute(statement.values(attempts=WRITE_BACKS.c.attempts + 1, try_after=utc_now(seconds)))


def _record(row: Any) -> WriteBackRecord:
    values = dict(row._mapping)
    del values["try_after"]
    for name in ("inverse", "conflicts", "skipped_nodes"):
        values[name] = tuple(values[name])
    return WriteBackRecord(**values)
