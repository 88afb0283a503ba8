"""A person applies a trial: any complete one, any of its parameters, onto any of the model nodes.

What the worker writes by itself is decided in `jobs.patches_built`; undoing is in `jobs.patches_reverted`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs import lookups, write_backs_repository
from hyperparameter_tuning.jobs.chosen_parameters import chosen_parameters
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.held_parameters import (
    applied_in_order,
    graphs_as_written,
    held_parameters,
    kinds_of_targets,
)
from hyperparameter_tuning.jobs.patch_operations import (
    Operation,
    parameter_operations,
    wish,
    without_expectations,
)
from hyperparameter_tuning.jobs.patches_built import model_operations, patch_document
from hyperparameter_tuning.jobs.patches_delivered import change, settle
from hyperparameter_tuning.jobs.records import JobRecord, TrialRecord, WriteBackRecord, WriteBackState
from hyperparameter_tuning.jobs.write_backs_repository import NewWriteBack
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.stored_config import refuse_unavailable_target
from hyperparameter_tuning.shared.errors import (
    ConflictError,
    NotFoundError,
    StaleRevisionError,
    UnknownNameError,
    UserError,
)
from hyperparameter_tuning.shared.findings import nearest_name
from hyperparameter_tuning.shared.host import AppliedPatch, Host, LoadedGraph, PatchConflicts
from hyperparameter_tuning.shared.json_patches import JsonPatch, as_json_patch
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.patches import preview as preview_patch

_WAITING: tuple[WriteBackState, ...] = ("pending", "proposed", "conflict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person wants on the graph.

    Attributes:
        trial: Number of a complete trial; None is the best.
        params: Names of its parameters; None is all.
        targets: Model nodes; None is all.
        overwrite: Whether values that were edited since submit may be replaced; only after the person
            has seen them.
    """

    trial: int | None = None
    params: tuple[str, ...] | None = None
    targets: tuple[str, ...] | None = None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class _Material:
    """What a patch is made of."""

    job: JobRecord
    trial: TrialRecord
    earlier: list[WriteBackRecord]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A patch, and the graph as it is before it."""

    material: _Material
    present: LoadedGraph
    patch: dict[str, Any]


async def preview(
    db: Database, host: Host, job_id: str, choice: Choice | None = None
) -> list[dict[str, Any]]:
    """Return what applying would change on the present graph, as rows before/after; changes nothing.

    Args:
        db: The job store.
        host: Where the graph is.
        job_id: A succeeded job.
        choice: See `Choice`; absent: the best trial, whole, everywhere.

    Raises:
        NotFoundError, ConflictError, UserError: as `apply`.
    """
    wanted = await _wanted(db, host, job_id, choice or Choice())
    return [dict(row) for row in preview_patch(wanted.present.graph, wanted.patch)]


async def preview_json_patch(
    db: Database, host: Host, job_id: str, choice: Choice | None = None, *, base_revision: int | None = None
) -> tuple[JsonPatch, int]:
    """Return what applying would do as RFC 6902, and the revision of the graph that its places hold for.

    Args:
        db: The job store.
        host: Where the graph is.
        job_id: A succeeded job on a graph that the host keeps.
        choice: See `Choice`; absent: the best trial, whole, everywhere.
        base_revision: Where given, the graph must have it.

    Raises:
        NotFoundError, UserError: as `apply`.
        ConflictError: as `apply`, or ``graph_not_kept``.
        StaleRevisionError: the graph has another revision than *base_revision*.
    """
    wanted = await _wanted(db, host, job_id, choice or Choice())
    if wanted.material.job.graph_ref is None:
        raise ConflictError(
            "The graph of this job is not kept here: send it to 'POST /json-patch', with the patch that "
            "'apply' gives.",
            code="graph_not_kept",
        )
    revision = wanted.present.revision
    if base_revision not in (None, revision):
        raise StaleRevisionError(
            f"The graph is at revision {revision}, not {base_revision}: load it again.",
            pointer="/base_revision",
            revision=revision,
        )
    return as_json_patch(wanted.present.graph, wanted.patch), revision


async def apply(
    db: Database, host: Host, job_id: str, choice: Choice | None = None, *, applied: bool = False
) -> WriteBackRecord:
    """Write a trial's parameters onto the model nodes.

    Asking twice for the same is answered with what the first did. For an inline graph the stored patch is
    returned for the host to execute, in the state ``proposed``, until *applied* confirms that it did.

    Args:
        db: The job store.
        host: Where the graph is.
        job_id: A succeeded job.
        choice: See `Choice`; absent: the best trial, whole, everywhere.
        applied: The host says that it has executed the patch itself.

    Returns:
        The patch, ``applied`` or ``conflict``; with a conflict on some nodes only, ``applied`` with
        ``skipped_nodes`` and ``conflicts``. Without operations when the nodes come to this already.

    Raises:
        NotFoundError: there is no such job, trial or graph.
        ConflictError: ``not_succeeded``; ``trial_not_complete``; ``no_targets``.
        UserError: a parameter or a node is named that the trial or the job does not have; or the package of
            the model, or of a node's kind, has gone: ``model_unavailable``, ``node_kind_unavailable``.
    """
    if applied:
        confirmed = await db.run(lambda session: _confirm_result(session, job_id))
        if confirmed is not None:
            return confirmed
    wanted = await _wanted(db, host, job_id, choice or Choice())
    job, earlier, operations = wanted.material.job, wanted.material.earlier, wanted.patch["ops"]
    there = applied_in_order(earlier)
    if there and wish(there[-1].patch["ops"]) == wish(operations) and _is_there(wanted):
        return there[-1]
    stored = await db.run(lambda session: _store(session, job, wanted.patch))
    answer = await _asked(host, wanted, stored, applied=applied)
    if answer is None:
        return stored
    settled = await settle(db, stored, _WAITING, answer)
    if settled is None:
        # Somebody else applied the same patch in the same moment.
        return await db.run(lambda session: _found(session, stored.patch_id), write=False)
    if settled.state == "applied":
        await _answer_others(db, earlier, settled)
    return settled


async def _asked(
    host: Host, wanted: _Wanted, stored: WriteBackRecord, *, applied: bool
) -> AppliedPatch | PatchConflicts | None:
    """Return what becomes of the patch, or None when the host of an inline graph is still to execute it."""
    job = wanted.material.job
    if not wanted.patch["ops"]:
        # The nodes come to this already: nothing to ask for, and no new revision.
        return AppliedPatch(revision=wanted.present.revision)
    if applied:
        return AppliedPatch(revision=job.base_revision or 0)
    if job.graph_ref is None:
        return None
    return await host.graphs.apply(job.graph_ref, stored.patch)


async def _confirm_result(session: Session, job_id: str) -> WriteBackRecord | None:
    """Note that the host of an inline graph executed the result's patch, too.

    Returns:
        That patch where it is all there is to confirm: the job has no model node.
    """
    job = await lookups.get(session, job_id)
    result: WriteBackRecord | None = None
    if job.graph_ref is not None:
        return None
    for patch in await write_backs_repository.of_job(session, job_id):
        if patch.kind == "result":
            result = await change(session, patch, ("proposed",), "applied", {"reason": None}) or patch
    return None if job.plain.get("targets") else result


async def _wanted(db: Database, host: Host, job_id: str, choice: Choice) -> _Wanted:
    material = await db.run(lambda session: _material(session, job_id, choice), write=False)
    job = material.job
    refuse_unavailable_target(job.model_type, _kinds_asked_for(job, choice), job.providers)
    kinds = node_kinds()
    written = graphs_as_written(material.job, material.earlier, kinds)
    present = await _present_graph(host, material.job, written[-1])
    return _Wanted(material, present, _patch(material, choice, kinds, [*written, present.graph]))


def _kinds_asked_for(job: JobRecord, choice: Choice) -> list[str]:
    return [
        target.get("kind", "model")
        for target in job.plain.get("targets") or ()
        if choice.targets is None or target["node_id"] in choice.targets
    ]


async def _material(session: Session, job_id: str, choice: Choice) -> _Material:
    job = await lookups.get(session, job_id)
    if job.outcome is None:
        raise ConflictError(
            f"Only a succeeded job can be applied; this one is {job.state.value}.",
            code="not_succeeded",
            job_id=job_id,
        )
    number = job.outcome["best_trial"] if choice.trial is None else choice.trial
    trial = await lookups.trial(session, job_id, number)
    if trial is None:
        raise NotFoundError(f"The job has no trial {number}.", pointer="/trial")
    if trial.state != "complete":
        raise ConflictError(
            f"Trial {number} is {trial.state}; only a complete one can be applied.",
            code="trial_not_complete",
            pointer="/trial",
        )
    if not job.plain.get("targets"):
        raise ConflictError(
            "Nothing is connected to the best parameters: there is no model node to write to.",
            code="no_targets",
        )
    return _Material(job, trial, await write_backs_repository.of_job(session, job_id))


def _patch(
    material: _Material, choice: Choice, kinds: NodeKinds, graphs: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Make the patch.

    Args:
        material: What it is made of.
        choice: What the person wants.
        kinds: Node kinds.
        graphs: As they were at submit and after each patch of ours, and last the present one. A value that
            made a difference to any of them is written, so that the same wish always makes the same patch
            and an edit of it shows as a conflict.
    """
    job, trial = material.job, material.trial
    chosen = chosen_parameters(job, trial.params, trial.number_types, trial.origin)
    _check_names(choice.params, chosen.whole.values, "params", "parameter of this trial")
    targets = kinds_of_targets(job.plain, kinds)
    _check_names(choice.targets, targets, "targets", "model node of this job")
    chosen = chosen.only(None if choice.params is None else frozenset(choice.params))
    *_, as_written, present = graphs
    expected = present if choice.overwrite else as_written
    operations: list[Operation] = []
    for node_id, kind in targets.items():
        if choice.targets is not None and node_id not in choice.targets:
            continue
        new = chosen.for_node(*(held_parameters(graph, node_id, kind) for graph in graphs))
        operations += parameter_operations(node_id, kind, new, held_parameters(expected, node_id, kind))
        if choice.params is None and trial.number == (job.outcome or {}).get("best_trial"):
            operations += model_operations(node_id, kind, job, job.outcome or {})
    return patch_document(job, _patch_id(material, operations), operations, trial.number)


def _patch_id(material: _Material, operations: Sequence[Operation]) -> str:
    """Make the id from what is written, and anew after each patch that came onto the graph."""
    text = json.dumps(list(operations), sort_keys=True, allow_nan=False)
    n_before = sum(patch.state in ("applied", "reverted") for patch in material.earlier)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{material.job.id}.apply.{material.trial.number}.{n_before}.{digest}"


def _is_there(wanted: _Wanted) -> bool:
    """Say whether the graph already holds what the patch writes."""
    whatever = {**wanted.patch, "ops": without_expectations(wanted.patch["ops"])}
    rows = preview_patch(wanted.present.graph, whatever)
    return not any(row["changed"] or row["conflict"] for row in rows)


async def _store(session: Session, job: JobRecord, patch: Mapping[str, Any]) -> WriteBackRecord:
    """Store the patch, or return the one that waits with the very same operations."""
    for earlier in await write_backs_repository.of_job(session, job.id):
        waits = earlier.kind == "params" and earlier.state in _WAITING
        if waits and (earlier.patch_id == patch["patch_id"] or earlier.patch["ops"] == patch["ops"]):
            return earlier
    new = NewWriteBack(
        patch_id=patch["patch_id"],
        kind="params",
        state="proposed",
        patch=patch,
        graph_ref=job.graph_ref,
        automatic=False,
        reason=None if job.graph_ref else "inline_graph",
    )
    return await write_backs_repository.add(session, job.id, new)


async def _answer_others(db: Database, earlier: Sequence[WriteBackRecord], applied: WriteBackRecord) -> None:
    """Take back proposals that the person has now answered with another patch."""

    async def work(session: Session) -> None:
        for patch in earlier:
            waits = patch.kind == "params" and patch.state in _WAITING
            if waits and patch.patch_id != applied.patch_id:
                await change(session, patch, (patch.state,), "skipped", {"reason": "answered"})

    await db.run(work)


async def _present_graph(host: Host, job: JobRecord, as_written: Mapping[str, Any]) -> LoadedGraph:
    if job.graph_ref is not None:
        return await host.graphs.load(job.graph_ref)
    # An inline graph is known as it was at submit, and as its host says that it executed our patches.
    return LoadedGraph(as_written, job.base_revision or 0)


async def _found(session: Session, patch_id: str) -> WriteBackRecord:
    patch = await write_backs_repository.find(session, patch_id)
    if patch is None:
        raise NotFoundError("The job was deleted meanwhile.")
    return patch


def _check_names(asked: tuple[str, ...] | None, known: Mapping[str, Any], place: str, noun: str) -> None:
    if asked is not None and not asked:
        raise UserError(f"'{place}' is empty: leave it out for all.", pointer=f"/{place}")
    for index, name in enumerate(asked or ()):
        if name not in known:
            nearest = nearest_name(name, known)
            hint = f" Did you mean '{nearest}'?" if nearest else f" Known: {', '.join(known)}."
            raise UnknownNameError(
                f"'{name}' is no {noun}.{hint}", pointer=f"/{place}/{index}", nearest=nearest
            )
