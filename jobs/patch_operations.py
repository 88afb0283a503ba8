"""The operations of one patch on one model node: values, number types, the tuned model.

Which parameters are chosen and whether they may be written does not belong here (`jobs.patches_built`), nor
how operations change a graph (`shared.patches`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hyperparameter_tuning.jobs.parameters import Parameters
from hyperparameter_tuning.shared.findings import json_pointer
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec

Operation = dict[str, Any]


def parameter_operations(
    node_id: str, kind: NodeKindSpec, new: Parameters, expected: Parameters
) -> list[Operation]:
    """Return the operations that put *new* onto a model node.

    Args:
        node_id: The node.
        kind: Its kind, which says where each parameter is stored.
        new: What to write, all of it, so that an edit of values that are there already shows as a conflict.
        expected: What the node is thought to hold now, all its parameters.
    """
    operations: list[Operation] = []
    for name, value in new.values.items():
        path = kind.path_of(json_pointer(name)[1:])
        if path is None:
            continue
        operations.append(_set(node_id, path, value, expected.values, name))
        if kind.number_types_path is not None:
            types_path = kind.number_types_path + json_pointer(name)
            operations += _number_type(node_id, types_path, name, new, expected)
    return operations


def result_operation(node_id: str, path: str, result: Mapping[str, Any]) -> Operation:
    """Return the operation that puts the job's result at *path* into the tuning node's data."""
    return {"op": "set_result", "node_id": node_id, "path": f"/data{path}", "value": dict(result)}


def artifact_operation(node_id: str, path: str, model: Mapping[str, Any]) -> Operation:
    """Return the operation that attaches a trained model at *path* of a node's data."""
    return {"op": "attach_artifact", "node_id": node_id, "path": f"/data{path}", "value": dict(model)}


def wish(operations: Sequence[Operation]) -> list[tuple[Any, ...]]:
    """Return what operations write, without what they expect to find."""
    return [
        (operation["op"], operation["node_id"], operation["path"], operation.get("value"))
        for operation in operations
    ]


def without_expectations(operations: Sequence[Operation]) -> list[Operation]:
    """Return operations that happen whatever they find."""
    return [
        {name: value for name, value in operation.items() if name not in ("expect", "expect_absent")}
        for operation in operations
    ]


def _set(node_id: str, path: str, value: Any, present: Mapping[str, Any], name: str) -> Operation:
    return {
        "op": "set",
        "node_id": node_id,
        "path": f"/data{path}",
        "value": value,
        **_expectation(present, name),
    }


def _number_type(
    node_id: str, path: str, name: str, new: Parameters, expected: Parameters
) -> list[Operation]:
    if name in new.number_types:
        return [_set(node_id, path, new.number_types[name], expected.number_types, name)]
    if name in expected.number_types:
        # The new value is a text or null: the old number's type must not outlive it.
        expectation = _expectation(expected.number_types, name)
        return [{"op": "unset", "node_id": node_id, "path": f"/data{path}", **expectation}]
    return []


def _expectation(present: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"expect": present[name]} if name in present else {"expect_absent": True}
