"""Patches: how a result goes onto a graph, and how it comes off again.

Operations name their node by id and the value they expect to find, so that a value which a person edited
meanwhile is a conflict and never overwritten. All of a node's operations happen or none. Which values a
result writes is in `jobs.write_back`; their operations are made by `shared.patch_operations`.

A graph keeps no trace of patches: who applies one says which patch ids were applied before.
"""

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from hyperparameter_tuning.shared.json_pointers import MISSING, remove_at, same_json, set_at, value_at
from hyperparameter_tuning.shared.patch_documents import Operation, Patch

__all__ = ["Operation", "Patch", "PatchOutcome", "apply_patch", "preview"]

Conflict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PatchOutcome:
    """What became of a patch.

    Attributes:
        graph: The graph afterwards; a new document that shares what did not change.
        inverse: Operations that undo what was done, with their own expectations.
        conflicts: ``{node_id, path, code, expected, actual, proposed}`` per refused operation.
        applied_nodes: Ids of nodes whose operations happened.
        skipped_nodes: Ids of nodes that were left untouched because of conflicts.
        already: Whether the patch had been applied before, so that nothing was done.
    """

    graph: Mapping[str, Any]
    inverse: tuple[dict[str, Any], ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    applied_nodes: tuple[str, ...] = ()
    skipped_nodes: tuple[str, ...] = ()
    already: bool = False


@dataclass(slots=True)
class _NodeWork:
    """One node while its operations are tried on a copy."""

    node: dict[str, Any]
    inverse: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def apply_patch(
    graph: Mapping[str, Any], patch: Patch | Mapping[str, Any], *, applied: Collection[str] = ()
) -> PatchOutcome:
    """Put a patch onto a graph.

    Args:
        graph: The present graph document; it is not changed.
        patch: The patch, or its document.
        applied: Ids of the patches that this graph has received before.

    Returns:
        The new graph, what was refused, and the way back.

    Raises:
        InvalidDocumentError: *patch* is no patch document.
    """
    patch = Patch.parse(patch)
    if patch.patch_id in applied:
        return PatchOutcome(graph, already=True)
    nodes: list[Any] = list(graph.get("nodes") or ())
    conflicts: list[Conflict] = []
    inverse: list[dict[str, Any]] = []
    places = {node.get("id"): index for index, node in enumerate(nodes) if isinstance(node, Mapping)}
    done: list[str] = []
    skipped: list[str] = []
    for node_id, operations in patch.by_node().items():
        if node_id not in places:
            conflicts += [_conflict(operation, "node_missing", MISSING) for operation in operations]
            skipped.append(node_id)
            continue
        work = _try(nodes[places[node_id]], operations)
        conflicts += work.conflicts
        if work.conflicts:
            skipped.append(node_id)
            continue
        nodes[places[node_id]] = work.node
        inverse[:0] = work.inverse
        done.append(node_id)
    document = {**graph, "nodes": nodes} if done else graph
    return PatchOutcome(document, tuple(inverse), tuple(conflicts), tuple(done), tuple(skipped))


def _try(node: Mapping[str, Any], operations: list[Operation]) -> _NodeWork:
    work = _NodeWork(deepcopy(dict(node)))
    for operation in operations:
        actual = value_at(work.node, operation.path)
        refusal = operation.refusal(actual)
        if refusal is not None:
            work.conflicts.append(_conflict(operation, refusal, actual))
            continue
        try:
            undo = _change(work.node, operation, actual)
        except LookupError:
            work.conflicts.append(_conflict(operation, "path_blocked", actual))
            continue
        work.inverse[:0] = undo
    return work


def _change(node: dict[str, Any], operation: Operation, actual: Any) -> list[dict[str, Any]]:
    """Do one operation and return the one that undoes it."""
    if operation.op == "unset":
        if actual is MISSING:
            return []
        remove_at(node, operation.path, operation.prune)
        return [_undo(operation, op="set", value=actual, expect_absent=True)]
    created = set_at(node, operation.path, deepcopy(operation.value))
    if actual is MISSING:
        return [
            _undo(operation, op="unset", expect=operation.value, **({"prune": created} if created else {}))
        ]
    return [_undo(operation, op="set", value=actual, expect=operation.value)]


def _undo(operation: Operation, **fields: Any) -> dict[str, Any]:
    return {"node_id": operation.node_id, "path": operation.path, **fields}


def _conflict(operation: Operation, code: str, actual: Any) -> Conflict:
    absent = actual is MISSING
    return {
        "node_id": operation.node_id,
        "path": operation.path,
        "code": code,
        "expected": operation.expect if operation.expects_value else None,
        "actual": None if absent else actual,
        "actual_absent": absent,
        "proposed": operation.value,
    }


def preview(graph: Mapping[str, Any], patch: Patch | Mapping[str, Any]) -> list[dict[str, Any]]:
    """Say what a patch would do to the present graph, without doing it.

    Args:
        graph: The present graph document.
        patch: The patch, or its document.

    Returns:
        One row per operation: ``node_id, label, path, op, before, before_absent, after, after_absent,
        changed, conflict``; *conflict* is a code or None.

    Raises:
        InvalidDocumentError: *patch* is no patch document.
    """
    patch = Patch.parse(patch)
    refused = {(item["node_id"], item["path"]): item["code"] for item in apply_patch(graph, patch).conflicts}
    nodes = {node.get("id"): node for node in graph.get("nodes") or () if isinstance(node, Mapping)}
    return [
        _row(operation, nodes.get(operation.node_id), refused.get((operation.node_id, operation.path)))
        for operation in patch.ops
    ]


def _row(operation: Operation, node: Mapping[str, Any] | None, conflict: str | None) -> dict[str, Any]:
    before = MISSING if node is None else value_at(node, operation.path)
    after = MISSING if operation.op == "unset" else operation.value
    same = (before is after) if MISSING in (before, after) else same_json(before, after)
    label = value_at(node or {}, "/data/label")
    return {
        "node_id": operation.node_id,
        "label": label if isinstance(label, str) else operation.node_id,
        "path": operation.path,
        "op": operation.op,
        "before": None if before is MISSING else before,
        "before_absent": before is MISSING,
        "after": None if after is MISSING else after,
        "after_absent": after is MISSING,
        "changed": not same,
        "conflict": conflict,
    }
