"""Graphs as a person would draw them: a few nodes from left to right."""

from typing import Any


def node(node_id: str, kind: str, **config: Any) -> dict[str, Any]:
    return {
        "id": node_id,
        "type": kind,
        "position": {"x": 0, "y": 0},
        "data": {"label": node_id, "type_version": 1, "config": config},
    }


def edge(
    source: str, target: str, source_handle: str = "dataset", target_handle: str = "dataset"
) -> dict[str, Any]:
    return {
        "id": f"{source}.{source_handle}-{target}.{target_handle}",
        "source": source,
        "target": target,
        "sourceHandle": source_handle,
        "targetHandle": target_handle,
    }


def tuning_graph(
    dataset: dict[str, Any],
    model: str,
    *,
    steps: tuple[tuple[str, dict[str, Any]], ...] = (),
    params: dict[str, Any] | None = None,
    config: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A dataset, steps in a row, the tuning node `tune` and the model node `model`."""
    nodes = [node("data", "dataset", **dataset)]
    nodes += [node(f"step{index}", kind, **step) for index, (kind, step) in enumerate(steps)]
    path = [item["id"] for item in nodes]
    handles = ["train" if item["type"] == "split" else "dataset" for item in nodes]
    edges = [edge(path[i], path[i + 1], handles[i]) for i in range(len(path) - 1)]
    nodes += [
        node("tune", "hyperparameter_tuning", **(config or {})),
        node("model", "model", model=model, params=params or {}),
    ]
    edges += [
        edge(path[-1], "tune", handles[-1]),
        edge(path[-1], "model", handles[-1]),
        edge("tune", "model", "best_params", "params"),
    ]
    return {
        "graph_version": 1,
        "revision": 0,
        "nodes": nodes,
        "edges": edges,
        "viewport": {"x": 0, "y": 0, "zoom": 1},
    }
