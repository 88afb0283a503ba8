"""Puts pending patches onto the host's graph; the worker tries first, the keeper until it is done.

What a patch says does not belong here (`jobs.patches_built`). Whoever delivers, a patch is applied once: the
host is idempotent by patch_id, and the row leaves ``pending`` by one compare-and-set.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from hyperparameter_tuning.jobs import (
    events_repository,
    repository,
    tallies_repository,
    write_backs_repository,
)
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.patches_built import result_path
from hyperparameter_tuning.jobs.records import JobRecord, WriteBackRecord, WriteBackState
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.errors import NotFoundError, UserError
from hyperparameter_tuning.shared.host import AppliedPatch, Host, PatchConflicts
from hyperparameter_tuning.shared.json_pointers import value_at
from hyperparameter_tuning.shared.logs import logging_about
from hyperparameter_tuning.shared.tracing import span

logger = logging.getLogger(__name__)

HOST_SECONDS = 30.0
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0


async def deliver(db: Database, host: Host, job_id: str) -> list[WriteBackRecord]:
    """Try to apply every pending patch of a job.

    A host that does not answer leaves the patch pending for the keeper; no error reaches the caller.

    Returns:
        All patches of the job as they are afterwards.
    """
    job, waiting = await db.run(lambda session: _pending(session, job_id), write=False)
    if job is not None:
        for patch in waiting:
            told = {"job_id": job_id, "patch_id": patch.patch_id, "kind": patch.kind}
            with logging_about(job_id=job_id), span("job.write_back", parent=job.traceparent, **told):
                await _deliver_one(db, host, job, patch)
    return await db.run(lambda session: write_backs_repository.of_job(session, job_id), write=False)


async def settle(
    db: Database,
    patch: WriteBackRecord,
    sources: Sequence[WriteBackState],
    answer: AppliedPatch | PatchConflicts,
) -> WriteBackRecord | None:
    """Store what the host did with a patch, and announce it; None when somebody else already did.

    Args:
        db: The job store.
        patch: The patch.
        sources: States it may still be in.
        answer: Of the host.
    """
    values: dict[str, Any] = {
        "revision": answer.revision,
        "conflicts": [dict(conflict) for conflict in answer.conflicts],
    }
    state: WriteBackState = "conflict"
    if isinstance(answer, AppliedPatch):
        state = "applied"
        values |= {
            "inverse": [dict(operation) for operation in answer.inverse],
            "skipped_nodes": list(answer.skipped_nodes),
            "reason": "some_nodes_in_conflict" if answer.skipped_nodes else None,
        }
    else:
        values["reason"] = "changed_since_submit"
    return await db.run(lambda session: change(session, patch, sources, state, values))


async def change(
    session: Session,
    patch: WriteBackRecord,
    sources: Sequence[WriteBackState],
    state: WriteBackState,
    values: Mapping[str, Any],
    *,
    told: WriteBackState | None = None,
) -> WriteBackRecord | None:
    """Move a stored patch to *state* with its event; None when it is in none of *sources* any more.

    Args:
        session: An open write transaction.
        patch: The patch.
        sources: States it may still be in.
        state: The new one.
        values: What else changes.
        told: Which ``writeback.*`` event says so; absent: that of *state*.
    """
    changed = await write_backs_repository.settle(session, patch.patch_id, sources, state, values)
    if changed is not None:
        await tallies_repository.add(session, f"write_back.{state}")
        event = (f"writeback.{told or state}", event_data(changed))
        await events_repository.append(session, patch.job_id, [event])
    return changed


def event_data(patch: WriteBackRecord) -> dict[str, Any]:
    """Return what events say about a patch."""
    return {
        "patch_id": patch.patch_id,
        "kind": patch.kind,
        "reason": patch.reason,
        "revision": patch.revision,
        "conflicts": [dict(conflict) for conflict in patch.conflicts],
        "skipped_nodes": list(patch.skipped_nodes),
    }


async def _pending(session: Session, job_id: str) -> tuple[JobRecord | None, list[WriteBackRecord]]:
    job = await repository.get(session, job_id)
    found = await write_backs_repository.of_job(session, job_id)
    return job, [patch for patch in found if patch.state == "pending"]


async def _deliver_one(db: Database, host: Host, job: JobRecord, patch: WriteBackRecord) -> None:
    try:
        async with asyncio.timeout(HOST_SECONDS):
            answer = await _asked(host, job, patch)
    except NotFoundError:
        await _end(db, patch, "conflict", "graph_deleted")
    except UserError as error:
        logger.warning("The host refused patch %s: %s", patch.patch_id, error.message)
        await _end(db, patch, "conflict", error.code[:200])
    except Exception:
        # A host is foreign code: whatever it raises, the result is kept and tried again.
        logger.warning("Patch %s could not be applied and is tried again.", patch.patch_id, exc_info=True)
        wait = min(FIRST_WAIT_SECONDS * 2**patch.attempts, LONGEST_WAIT_SECONDS)
        await db.run(lambda session: write_backs_repository.postpone(session, patch.patch_id, wait))
    else:
        if isinstance(answer, str):
            await _end(db, patch, "skipped", answer)
        else:
            await settle(db, patch, ("pending",), answer)


async def _end(db: Database, patch: WriteBackRecord, state: WriteBackState, reason: str) -> None:
    await db.run(lambda session: change(session, patch, ("pending",), state, {"reason": reason}))


async def _asked(host: Host, job: JobRecord, patch: WriteBackRecord) -> AppliedPatch | PatchConflicts | str:
    """Ask the host to apply a patch; return why it was not asked, or what it did."""
    ref = job.graph_ref or ""
    if not await host.principals.may(job.owner, "write", ref):
        return "not_allowed"
    if patch.kind == "result" and await _is_superseded(host, ref, job):
        return "superseded"
    return await host.graphs.apply(ref, patch.patch)


async def _is_superseded(host: Host, ref: str, job: JobRecord) -> bool:
    """Say whether the tuning node has the result of a later run; an older one must not replace it."""
    loaded = await host.graphs.load(ref)
    for node in loaded.graph.get("nodes") or ():
        if isinstance(node, Mapping) and node.get("id") == job.node_id:
            path = f"/data{result_path(job, node_kinds())}/provenance/submitted_at"
            submitted = value_at(node, path)
            return isinstance(submitted, str) and submitted > job.created_at.isoformat()
    return False
