"""A pipeline graph as it comes from a canvas, read once and never changed.

Checks are in `shared.graph_checks`, paths through it in `shared.graph_paths`, changes in `shared.patches`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hyperparameter_tuning.shared.errors import InvalidDocumentError, TooLargeError
from hyperparameter_tuning.shared.findings import Finding, json_pointer

GRAPH_VERSION = 1
DEFAULT_MAX_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the canvas.

    Attributes:
        id: Unique in the graph.
        type: Node kind.
        data: ``{label, type_version, ...}``; where the rest stands is said by the node's kind.
        index: Position in the document's ``nodes``, for pointers.
    """

    id: str
    type: str
    data: Mapping[str, Any]
    index: int

    @property
    def label(self) -> str:
        """What the person sees on the node."""
        label = self.data.get("label")
        return label if isinstance(label, str) and label else self.id


@dataclass(frozen=True, slots=True)
class Edge:
    """One connection of the canvas.

    Attributes:
        id: As the document says; "" where it does not.
        source: Node that gives.
        target: Node that takes.
        source_handle: Output port; None where the canvas names none.
        target_handle: Input port; None where the canvas names none.
        index: Position in the document's ``edges``, for pointers.
    """

    id: str
    source: str
    target: str
    source_handle: str | None
    target_handle: str | None
    index: int


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph; unknown keys of its parts are kept in the document.

    Attributes:
        document: As it came.
        nodes: By id, in the document's order.
        edges: In the document's order.
    """

    document: Mapping[str, Any]
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    _by_target: Mapping[str, list[Edge]] = field(init=False, repr=False, compare=False)
    _by_source: Mapping[str, list[Edge]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Canvases of thousands of nodes are walked edge by edge: looking for them each time is quadratic.
        object.__setattr__(self, "_by_target", _grouped((edge.target, edge) for edge in self.edges))
        object.__setattr__(self, "_by_source", _grouped((edge.source, edge) for edge in self.edges))

    def incoming(self, node_id: str) -> tuple[Edge, ...]:
        """Return the edges that end at a node."""
        return tuple(self._by_target.get(node_id, ()))

    def outgoing(self, node_id: str) -> tuple[Edge, ...]:
        """Return the edges that start at a node."""
        return tuple(self._by_source.get(node_id, ()))


def _grouped(items: Iterable[tuple[str, Edge]]) -> dict[str, list[Edge]]:
    groups: dict[str, list[Edge]] = {}
    for node_id, edge in items:
        groups.setdefault(node_id, []).append(edge)
    return groups


def parse_graph(document: Any, max_bytes: int = DEFAULT_MAX_BYTES) -> Graph:
    """Read a graph document.

    Args:
        document: ``{nodes, edges, ...}`` as JSON values.
        max_bytes: Greatest length of its JSON text.

    Raises:
        TooLargeError: it is longer.
        InvalidDocumentError: it is no graph; each finding has a pointer.
    """
    if not isinstance(document, Mapping):
        raise InvalidDocumentError([_invalid("", "A graph is an object with 'nodes' and 'edges'.")])
    _check_size(document, max_bytes)
    findings: list[Finding] = []
    nodes = _nodes(_objects(document, "nodes", findings), findings)
    edges = _edges(_objects(document, "edges", findings), findings)
    version = document.get("graph_version", GRAPH_VERSION)
    if version != GRAPH_VERSION:
        message = f"The graph has version {version}; this server knows version {GRAPH_VERSION}."
        findings.append(Finding("/graph_version", "unknown_version", "error", message))
    if findings:
        raise InvalidDocumentError(findings)
    return Graph(document, nodes, edges)


def _check_size(document: Mapping[str, Any], max_bytes: int) -> None:
    try:
        size = len(json.dumps(document, allow_nan=False).encode())
    except (ValueError, TypeError, RecursionError) as error:
        message = "The graph is no JSON: NaN, infinities, or nested too deeply."
        raise InvalidDocumentError([_invalid("", message)]) from error
    if size > max_bytes:
        raise TooLargeError(f"The graph has {size} bytes; at most {max_bytes} are read.", limit=max_bytes)


def _objects(
    document: Mapping[str, Any], key: str, findings: list[Finding]
) -> list[tuple[int, Mapping[str, Any]]]:
    items = document.get(key, [] if key == "edges" else None)
    if not isinstance(items, list):
        findings.append(_invalid(json_pointer(key), f"'{key}' is a list of objects."))
        return []
    wrong = [index for index, item in enumerate(items) if not isinstance(item, Mapping)]
    findings += [_invalid(json_pointer(key, index), f"Each of the {key} is an object.") for index in wrong]
    return [(index, item) for index, item in enumerate(items) if isinstance(item, Mapping)]


def _nodes(items: list[tuple[int, Mapping[str, Any]]], findings: list[Finding]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for index, item in items:
        node_id, data = item.get("id"), item.get("data", {})
        if not isinstance(node_id, str) or not node_id:
            findings.append(_invalid(json_pointer("nodes", index, "id"), "A node needs an id, a text."))
        elif node_id in nodes:
            pointer = json_pointer("nodes", index, "id")
            findings.append(Finding(pointer, "duplicate_id", "error", f"Two nodes have the id '{node_id}'."))
        elif not isinstance(data, Mapping):
            findings.append(_invalid(json_pointer("nodes", index, "data"), "A node's data is an object."))
        else:
            nodes[node_id] = Node(node_id, str(item.get("type") or ""), data, index)
    return nodes


def _edges(items: list[tuple[int, Mapping[str, Any]]], findings: list[Finding]) -> tuple[Edge, ...]:
    edges = []
    for index, item in items:
        source, target = item.get("source"), item.get("target")
        leaves_by, enters_by = item.get("sourceHandle"), item.get("targetHandle")
        named = isinstance(source, str) and isinstance(target, str)
        if not named or not isinstance(leaves_by, str | None) or not isinstance(enters_by, str | None):
            message = "An edge needs 'source' and 'target', texts; handles are texts or null."
            findings.append(_invalid(json_pointer("edges", index), message))
            continue
        edges.append(Edge(str(item.get("id") or ""), str(source), str(target), leaves_by, enters_by, index))
    return tuple(edges)


def _invalid(pointer: str, message: str) -> Finding:
    return Finding(pointer, "invalid_graph", "error", message)
