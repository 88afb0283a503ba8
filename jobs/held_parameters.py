"""Reads what model nodes hold, from a graph or from what is known of one that lives elsewhere.

Changing graphs does not belong here: `shared.patches` does that.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hyperparameter_tuning.jobs.chosen_parameters import target_parameters
from hyperparameter_tuning.jobs.parameters import Parameters
from hyperparameter_tuning.jobs.patch_operations import without_expectations
from hyperparameter_tuning.jobs.records import JobRecord, WriteBackRecord
from hyperparameter_tuning.shared.json_pointers import MISSING, set_at, value_at
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec, object_at
from hyperparameter_tuning.shared.patches import apply_patch


def held_parameters(graph: Mapping[str, Any], node_id: str, kind: NodeKindSpec) -> Parameters:
    """Return the parameters of a model node; empty when the node is gone.

    Args:
        graph: The document.
        node_id: The node.
        kind: Says where parameters are.
    """
    nodes: list[Mapping[str, Any]] = graph.get("nodes") or []
    node: Mapping[str, Any] = next((item for item in nodes if item.get("id") == node_id), {})
    data: Mapping[str, Any] = node.get("data") or {}
    values = dict(object_at(data, kind.params_path))
    for name, path in kind.config_paths.items():
        value = value_at(data, path)
        if value is not MISSING:
            values[name] = value
    return Parameters(values, dict(object_at(data, kind.number_types_path)))


def kinds_of_targets(plain: Mapping[str, Any], kinds: NodeKinds) -> dict[str, NodeKindSpec]:
    """Return the kind of each model node of a plain form that has a known one, by node id."""
    named = {target["node_id"]: target.get("kind", "model") for target in plain.get("targets") or ()}
    return {node_id: kinds[name] for node_id, name in named.items() if name in kinds}


def graph_at_submit(job: JobRecord, kinds: NodeKinds) -> dict[str, Any]:
    """Return a graph of the job's model nodes alone, as they were at submit."""
    nodes, held = [], target_parameters(job)
    for node_id, kind in kinds_of_targets(job.plain, kinds).items():
        data: dict[str, Any] = {}
        for name, value in held[node_id].values.items():
            set_at(data, kind.path_of(name) or f"/{name}", value)
        if kind.number_types_path is not None and held[node_id].number_types:
            set_at(data, kind.number_types_path, dict(held[node_id].number_types))
        nodes.append({"id": node_id, "type": kind.type, "data": data})
    return {"nodes": nodes, "edges": []}


def graphs_as_written(
    job: JobRecord, earlier: Sequence[WriteBackRecord], kinds: NodeKinds
) -> list[Mapping[str, Any]]:
    """Return the graph of `graph_at_submit`, and how it was after each of the job's own patches.

    The last is how the graph is now, if nobody else wrote.
    """
    graphs: list[Mapping[str, Any]] = [graph_at_submit(job, kinds)]
    for patch in applied_in_order(earlier):
        done = [item for item in patch.patch["ops"] if item["node_id"] not in patch.skipped_nodes]
        document = {"patch_id": patch.patch_id, "ops": without_expectations(done)}
        graphs.append(apply_patch(graphs[-1], document).graph)
    return graphs


def applied_in_order(patches: Sequence[WriteBackRecord]) -> list[WriteBackRecord]:
    """Return the parameter patches that are on the graph, in the order in which they came there."""
    there = [patch for patch in patches if patch.kind == "params" and patch.state == "applied"]
    return sorted(there, key=lambda patch: (patch.applied_at or patch.created_at, patch.id))
