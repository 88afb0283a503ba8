"""The origin's graphs as a whole: its converter's output, its implied dataset node, its lanes of rows.

Single nodes are in `registry.migrations.origin_kinds`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hyperparameter_tuning.shared.json_pointers import MISSING, value_at

Document = dict[str, Any]
Edge = Mapping[str, Any]

DATASET_NODE_ID = "dataset-source"
LANES = ("train", "validation", "test")
_COLUMN_WIDTH = 260
_LANE_HEIGHT = 160
_DATASET_PLACES = ("/dataset_source_id", "/metadata/dataset_source_id")


def is_pipeline(document: Mapping[str, Any]) -> bool:
    """Say whether a document is what the origin's converter gives: nodes that name their inputs."""
    nodes = document.get("nodes")
    return (
        isinstance(nodes, list)
        and bool(nodes)
        and all(isinstance(node, Mapping) and "step_type" in node and "node_id" in node for node in nodes)
    )


def as_canvas(document: Mapping[str, Any]) -> Document:
    """Return a converter's output as the canvas it came from; keys beside nodes and edges are kept."""
    nodes = [
        {
            "id": node["node_id"],
            "type": "custom",
            "position": {"x": _COLUMN_WIDTH * index, "y": 0},
            "data": {**_object(node.get("params")), "definitionType": node["step_type"]},
        }
        for index, node in enumerate(document["nodes"])
    ]
    edges = [
        {"id": f"{source}-{node['node_id']}", "source": source, "target": node["node_id"]}
        for node in document["nodes"]
        for source in (node.get("inputs") or ())
    ]
    return {**document, "nodes": nodes, "edges": edges}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def with_dataset_node(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add the dataset node that the origin's older canvases imply, and name the dataset in it.

    The id of the dataset stands beside the graph there, not in the node.
    """
    ids = [value_at(document, place) for place in _DATASET_PLACES]
    dataset = next((item for item in ids if item is not MISSING and item), None)
    there = any(_id(node) == DATASET_NODE_ID for node in document["nodes"])
    implied = any(edge.get("source") == DATASET_NODE_ID for edge in _edges(document))
    if not there and not implied:
        return document
    nodes = list(document["nodes"])
    if not there:
        data = {"catalogType": DATASET_NODE_ID, "label": "Dataset", "config": {}}
        nodes.append(
            {"id": DATASET_NODE_ID, "type": "datasetNode", "position": {"x": 0, "y": 0}, "data": data}
        )
    return {**document, "nodes": [_named(node, dataset) for node in nodes]}


def _named(node: Any, dataset: Any) -> Any:
    if _id(node) != DATASET_NODE_ID or dataset is None:
        return node
    data = _object(node.get("data"))
    config = {"dataset_source_id": dataset, **_object(data.get("config"))}
    return {**node, "data": {**data, "config": config}}


def _id(node: Any) -> Any:
    return node.get("id") if isinstance(node, Mapping) else None


def _edges(document: Mapping[str, Any]) -> list[Edge]:
    edges = document.get("edges")
    return [edge for edge in edges if isinstance(edge, Mapping)] if isinstance(edges, list) else []


def handle_key(handle: Any, node_id: str, known: Iterable[str]) -> str | None:
    """Return the key of a handle: the older canvases write ``<node>-<key>``, the newer the key alone.

    Args:
        handle: As the edge says; None or "" where it names none.
        node_id: The node it is at.
        known: Keys that the kind has.

    Returns:
        A key of *known*, "" where the edge names no handle, or None where it names another.
    """
    if handle in (None, ""):
        return ""
    named = str(handle).removeprefix(f"{node_id}-")
    return named if named in set(known) else None


def lanes_apart(document: Mapping[str, Any], node_ids: Iterable[str]) -> tuple[Mapping[str, Any], list[str]]:
    """Give each lane of rows through a preparation node a node of its own.

    On the older canvases one node passes training, validation and test rows side by side, by handles of their
    own. Here a node has one input, and rows are prepared alike by nodes that are set alike.

    Args:
        document: A canvas of the origin.
        node_ids: Its preparation nodes.

    Returns:
        The canvas with a copy per further lane, edges moved to the copies, and the ids of nodes that got one.
    """
    copies: dict[tuple[str, str], str] = {}
    taken = {_id(node) for node in document["nodes"]}
    edges = _edges(document)
    for node_id in node_ids:
        used = {lane for edge in edges for lane in _lanes(edge, node_id)}
        for lane in [lane for lane in LANES if lane in used][1:]:
            copy_id = f"{node_id}-{lane}"
            while copy_id in taken:
                copy_id += "-rows"
            taken.add(copy_id)
            copies[node_id, lane] = copy_id
    if not copies:
        return document, []
    by_id = {_id(node): node for node in document["nodes"]}
    added = [_copy(by_id[node_id], copy_id, lane) for (node_id, lane), copy_id in copies.items()]
    moved = [_moved(edge, copies) if isinstance(edge, Mapping) else edge for edge in document["edges"]]
    result = {**document, "nodes": [*document["nodes"], *added], "edges": moved}
    return result, list(dict.fromkeys(node_id for node_id, _ in copies))


def _lanes(edge: Edge, node_id: str) -> list[str]:
    ends = (("source", "sourceHandle"), ("target", "targetHandle"))
    found = [handle_key(edge.get(handle), node_id, LANES) for end, handle in ends if edge.get(end) == node_id]
    return [lane for lane in found if lane]


def _moved(edge: Edge, copies: Mapping[tuple[str, str], str]) -> Edge:
    changed: Document = {}
    for end, handle in (("source", "sourceHandle"), ("target", "targetHandle")):
        node_id = str(edge.get(end))
        lane = handle_key(edge.get(handle), node_id, LANES)
        if lane and (node_id, lane) in copies:
            copy_id = copies[node_id, lane]
            changed |= {end: copy_id, handle: f"{copy_id}-{lane}"}
    return {**edge, **changed} if changed else edge


def _copy(node: Mapping[str, Any], copy_id: str, lane: str) -> Document:
    data = _object(node.get("data"))
    label = data.get("label")
    named = {"label": f"{label} ({lane})"} if isinstance(label, str) else {}
    position = _object(node.get("position"))
    below = {**position, "y": (position.get("y") or 0) + _LANE_HEIGHT * LANES.index(lane)}
    return {**node, "id": copy_id, "position": below, "data": {**data, **named}}
