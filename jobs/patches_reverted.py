"""A person takes back what a job wrote onto the model nodes: the newest patch, by its inverse.

The result on the tuning node stays: it is true whether or not its parameters are used.
"""

from dataclasses import replace
from typing import Any

from hyperparameter_tuning.jobs import lookups, write_backs_repository
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.held_parameters import applied_in_order, graphs_as_written
from hyperparameter_tuning.jobs.patches_built import patch_document
from hyperparameter_tuning.jobs.patches_delivered import change
from hyperparameter_tuning.jobs.records import JobRecord, WriteBackRecord
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.stored_config import refuse_unavailable_kinds
from hyperparameter_tuning.shared.errors import ConflictError
from hyperparameter_tuning.shared.host import AppliedPatch, Host, PatchConflicts
from hyperparameter_tuning.shared.patches import apply_patch


async def revert(db: Database, host: Host, job_id: str, *, applied: bool = False) -> WriteBackRecord:
    """Undo the newest parameter patch of the job that is on the graph; again for the one before.

    Args:
        db: The job store.
        host: Where the graph is.
        job_id: The job.
        applied: The host of an inline graph says that it has executed the inverse itself. Without it, such a
            patch is returned as it is, its ``inverse`` for the host to execute.

    Returns:
        The patch, ``reverted``. With ``conflicts`` it is still ``applied``: a value was edited since.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: ``nothing_to_revert``.
        UnknownNameError: ``node_kind_unavailable``: what a model node of an inline graph held cannot be said
            without its kind. A graph of the host's is reverted by the inverse that was stored.
    """
    job, there = await db.run(lambda session: _there(session, job_id), write=False)
    patch = there[-1]
    if applied:
        return await _reverted(db, patch, patch.revision)
    if job.graph_ref is None:
        refuse_unavailable_kinds(_kinds_written(job, patch), job.providers)
        before = graphs_as_written(job, there[:-1], node_kinds())[-1]
        return replace(patch, inverse=apply_patch(before, patch.patch).inverse)
    # Each try has its own id: what a partly refused one left to do is another patch.
    patch_id = f"{patch.patch_id}.revert.{len(patch.inverse)}"
    inverse = patch_document(job, patch_id, [dict(item) for item in patch.inverse])
    answer = await host.graphs.apply(job.graph_ref, inverse)
    if isinstance(answer, PatchConflicts) or answer.conflicts:
        return await _refused(db, patch, answer)
    return await _reverted(db, patch, answer.revision)


def _kinds_written(job: JobRecord, patch: WriteBackRecord) -> list[str]:
    written = {operation["node_id"] for operation in patch.patch["ops"]} - {*patch.skipped_nodes}
    return [
        target.get("kind", "model")
        for target in job.plain.get("targets") or ()
        if target["node_id"] in written
    ]


async def _there(session: Session, job_id: str) -> tuple[JobRecord, list[WriteBackRecord]]:
    job = await lookups.get(session, job_id)
    # One that found all its values there has nothing to take back.
    there = [
        patch
        for patch in applied_in_order(await write_backs_repository.of_job(session, job_id))
        if patch.patch["ops"]
    ]
    if not there:
        raise ConflictError(
            "No parameters of this job are on the graph.", code="nothing_to_revert", job_id=job_id
        )
    return job, there


async def _reverted(db: Database, patch: WriteBackRecord, revision: int | None) -> WriteBackRecord:
    values: dict[str, Any] = {"revision": revision, "conflicts": [], "reason": None}
    changed = await db.run(lambda session: change(session, patch, ("applied",), "reverted", values))
    # Somebody else reverted it in the same moment: the wish is fulfilled.
    return changed or replace(patch, state="reverted")


async def _refused(
    db: Database, patch: WriteBackRecord, answer: AppliedPatch | PatchConflicts
) -> WriteBackRecord:
    """Keep what could not be undone, node by node, and say why."""
    left = {conflict["node_id"] for conflict in answer.conflicts}
    inverse = [dict(item) for item in patch.inverse if item["node_id"] in left]
    undone = {item["node_id"] for item in patch.inverse} - left
    values: dict[str, Any] = {
        "revision": answer.revision,
        "conflicts": [dict(conflict) for conflict in answer.conflicts],
        "reason": "changed_since_apply",
    }
    if undone:
        values |= {"inverse": inverse, "skipped_nodes": [*patch.skipped_nodes, *sorted(undone)]}
    changed = await db.run(
        lambda session: change(session, patch, ("applied",), "applied", values, told="conflict")
    )
    return changed or patch
