"""Every statement about the reference host's pipelines and their revisions.

What a graph may look like does not belong here, nor how a patch changes it (`shared.patches`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, delete, insert, or_, select, update

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import PIPELINE_REVISIONS, PIPELINES, utc_now
from hyperparameter_tuning.jobs.page_cursor import decode_cursor, encode_cursor
from hyperparameter_tuning.jobs.records import Page, PipelinePage, PipelineRecord
from hyperparameter_tuning.shared.errors import NotFoundError, StaleRevisionError

KEPT_GRAPHS = 100


@dataclass(frozen=True, slots=True)
class PatchMark:
    """A patch that made a revision.

    Attributes:
        patch_id: It changes the pipeline once.
        outcome: What it did, to be told again when it comes again.
    """

    patch_id: str
    outcome: Mapping[str, Any]


async def create(
    session: Session,
    graph: Mapping[str, Any],
    *,
    name: str = "",
    owner_id: str = "local",
    pipeline_id: str | None = None,
) -> PipelineRecord:
    """Store a new pipeline as revision 1.

    Args:
        session: An open write transaction.
        graph: The document; its ``revision`` is set.
        name: What people call it.
        owner_id: Who makes it.
        pipeline_id: Its id; absent: a fresh one.
    """
    first = {**graph, "revision": 1}
    row = {
        "id": pipeline_id or uuid4().hex,
        "name": name,
        "owner_id": owner_id,
        "revision": 1,
        "graph": first,
        "created_at": utc_now(),
        "updated_at": utc_now(),
    }
    stored = (await session.execute(insert(PIPELINES).values(row).returning(PIPELINES))).one()
    await _keep(session, stored.id, 1, first)
    return _record(stored)


async def get(session: Session, pipeline_id: str, *, lock: bool = False) -> PipelineRecord:
    """Return a pipeline.

    Args:
        session: Any session; a write transaction to *lock*.
        pipeline_id: Which.
        lock: Whether nobody else may change it until the transaction ends.

    Raises:
        NotFoundError: there is none.
    """
    statement = select(PIPELINES).where(PIPELINES.c.id == pipeline_id)
    if lock:
        # A SQLite write transaction is alone anyway, and its dialect leaves this out.
        statement = statement.with_for_update()
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise _unknown(pipeline_id)
    return _record(row)


async def owner_of(session: Session, pipeline_id: str, asker: str | None = None) -> str:
    """Return who made a pipeline.

    Args:
        session: Any session.
        pipeline_id: Which.
        asker: Where given, other owners' pipelines do not exist.

    Raises:
        NotFoundError: there is none.
    """
    statement = select(PIPELINES.c.owner_id).where(PIPELINES.c.id == pipeline_id)
    owner: str | None = (await session.execute(statement)).scalar_one_or_none()
    if owner is None or asker not in (None, owner):
        raise _unknown(pipeline_id)
    return owner


async def find(session: Session, page: Page | None = None, *, owner_id: str | None = None) -> PipelinePage:
    """Return one page of pipelines, newest first.

    Raises:
        UserError: the cursor is not one of ours.
    """
    asked = page or Page()
    statement = select(PIPELINES)
    if owner_id is not None:
        statement = statement.where(PIPELINES.c.owner_id == owner_id)
    if asked.after is not None:
        created_at, pipeline_id = decode_cursor(asked.after)
        earlier = and_(PIPELINES.c.created_at == created_at, PIPELINES.c.id < pipeline_id)
        statement = statement.where(or_(PIPELINES.c.created_at < created_at, earlier))
    ordered = statement.order_by(PIPELINES.c.created_at.desc(), PIPELINES.c.id.desc()).limit(asked.limit + 1)
    found = [_record(row) for row in (await session.execute(ordered)).all()]
    items = tuple(found[: asked.limit])
    more = len(found) > asked.limit
    return PipelinePage(
        pipelines=items, next=encode_cursor(items[-1].created_at, items[-1].id) if more else None
    )


async def save(
    session: Session,
    pipeline_id: str,
    graph: Mapping[str, Any],
    revision: int,
    *,
    name: str | None = None,
    patch: PatchMark | None = None,
) -> PipelineRecord:
    """Store *graph* as the revision after *revision*.

    Args:
        session: An open write transaction.
        pipeline_id: Which.
        graph: The document; its ``revision`` is set.
        revision: The one that the caller changed.
        name: A new name.
        patch: The patch that made the change, where one did.

    Raises:
        NotFoundError: there is no such pipeline.
        StaleRevisionError: *revision* is not the present one; details: ``revision``, the present one.
    """
    saved = {**graph, "revision": revision + 1}
    changed = {"graph": saved, "revision": revision + 1, "updated_at": utc_now()}
    if name is not None:
        changed["name"] = name
    statement = (
        update(PIPELINES)
        .where(PIPELINES.c.id == pipeline_id, PIPELINES.c.revision == revision)
        .values(changed)
        .returning(PIPELINES)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise _changed(await get(session, pipeline_id), revision)
    await _keep(session, pipeline_id, revision + 1, saved, patch)
    return _record(row)


async def remove(session: Session, pipeline_id: str, revision: int | None = None) -> None:
    """Delete a pipeline with all its revisions; jobs on it stay.

    Args:
        session: An open write transaction.
        pipeline_id: Which.
        revision: The one that the caller saw; None deletes any.

    Raises:
        NotFoundError: there is no such pipeline.
        StaleRevisionError: *revision* is not the present one; details: ``revision``, the present one.
    """
    present = await get(session, pipeline_id, lock=True)
    if revision is not None and revision != present.revision:
        raise _changed(present, revision)
    await session.execute(delete(PIPELINES).where(PIPELINES.c.id == pipeline_id))


async def find_patch(session: Session, pipeline_id: str, patch_id: str) -> tuple[int, dict[str, Any]] | None:
    """Return the revision that the patch made and what it did, or None when it never came."""
    statement = select(PIPELINE_REVISIONS.c.revision, PIPELINE_REVISIONS.c.outcome).where(
        PIPELINE_REVISIONS.c.pipeline_id == pipeline_id, PIPELINE_REVISIONS.c.patch_id == patch_id
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row.revision, row.outcome or {})


async def graph_at(session: Session, pipeline_id: str, revision: int) -> dict[str, Any] | None:
    """Return the graph as it was at *revision*; None when that is not kept (any more)."""
    statement = select(PIPELINE_REVISIONS.c.graph).where(
        PIPELINE_REVISIONS.c.pipeline_id == pipeline_id, PIPELINE_REVISIONS.c.revision == revision
    )
    graph: dict[str, Any] | None = (await session.execute(statement)).scalar_one_or_none()
    return graph


async def _keep(
    session: Session,
    pipeline_id: str,
    revision: int,
    graph: Mapping[str, Any],
    patch: PatchMark | None = None,
) -> None:
    row = {
        "pipeline_id": pipeline_id,
        "revision": revision,
        "graph": dict(graph),
        "patch_id": None if patch is None else patch.patch_id,
        "outcome": None if patch is None else dict(patch.outcome),
        "created_at": utc_now(),
    }
    await session.execute(insert(PIPELINE_REVISIONS).values(row))
    too_old = and_(
        PIPELINE_REVISIONS.c.pipeline_id == pipeline_id,
        PIPELINE_REVISIONS.c.revision == revision - KEPT_GRAPHS,
    )
    await session.execute(update(PIPELINE_REVISIONS).where(too_old).values(graph=None))


def _unknown(pipeline_id: str) -> NotFoundError:
    return NotFoundError(f"There is no pipeline '{pipeline_id}'.", ref=pipeline_id)


def _changed(present: PipelineRecord, revision: int) -> StaleRevisionError:
    return StaleRevisionError(
        f"The pipeline was changed meanwhile: it has revision {present.revision}, not {revision}.",
        revision=present.revision,
    )


def _record(row: Any) -> PipelineRecord:
    return PipelineRecord(**row._mapping)
