"""A saved graph on its way to the present version: nodes along their chains, edges with their handles.

Pure: the document that comes in is never changed, and one that is up to date comes out as it is. Edges are
never dropped: one whose handle no step knows keeps it, and the canvas's checks flag it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hyperparameter_tuning.registry.migrations import origin_graph
from hyperparameter_tuning.registry.migrations.chain import STEPS
from hyperparameter_tuning.registry.migrations.node_versions import (
    ORIGIN_VERSION,
    version_findings,
    version_of,
)
from hyperparameter_tuning.registry.migrations.origin_kinds import MIGRATED_FROM, origin_type
from hyperparameter_tuning.registry.migrations.origin_values import text
from hyperparameter_tuning.registry.migrations.steps import Step
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.migrated_node import MigratedNode
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec

_LANE_KINDS = frozenset({"transformer"})
_APART = "Training, validation and test rows passed it side by side; each has a node of its own now."


@dataclass(frozen=True, slots=True)
class MigratedGraph:
    """A graph of the present version.

    Attributes:
        document: The graph; the very object that came in where nothing had to be done.
        migrated: What became of each node that was touched, and of those of the origin that were not.
        findings: Nodes whose version cannot be run, with pointers into *document*.
    """

    document: Any
    migrated: tuple[MigratedNode, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Work:
    """A graph while its nodes take their steps."""

    nodes: list[Any]
    edges: list[Any]
    touching: dict[str, list[int]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index, edge in enumerate(self.edges):
            for node_id in _ends(edge):
                self.touching.setdefault(node_id, []).append(index)


def migrate_graph(document: Any, kinds: NodeKinds, steps: Sequence[Step] = STEPS) -> MigratedGraph:
    """Bring a graph to the present version of every kind.

    Args:
        document: A graph as it was saved, of any version; what is no graph comes back as it is.
        kinds: Node kinds of the host; nodes of other kinds are opaque.
        steps: The chain.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("nodes"), list):
        return MigratedGraph(document)
    canvas = origin_graph.as_canvas(document) if origin_graph.is_pipeline(document) else document
    old = [node for node in canvas["nodes"] if _is_old(node, kinds)]
    if not old:
        return MigratedGraph(document, findings=tuple(version_findings(canvas["nodes"], kinds)))
    prepared, apart = canvas, list[str]()
    if any(version_of(node) == ORIGIN_VERSION for node in old):
        prepared, apart = _prepared(canvas, kinds, steps)
    work = _Work(list(prepared["nodes"]), _list(prepared.get("edges")))
    for node_id in apart:
        work.notes[node_id] = [_APART]
    migrated = [
        found for index in range(len(work.nodes)) if (found := _migrate_node(work, index, kinds, steps))
    ]
    if all(item.to_version is None for item in migrated):
        # Nothing to do, and nothing to say of a host that happens to use the origin's words.
        told = tuple(migrated) if any(MIGRATED_FROM in _data(node) for node in work.nodes) else ()
        return MigratedGraph(document, told, tuple(version_findings(canvas["nodes"], kinds)))
    _name_target(work, kinds)
    result = {**prepared, "nodes": work.nodes, "edges": work.edges}
    return MigratedGraph(result, tuple(migrated), tuple(version_findings(work.nodes, kinds)))


def _is_old(node: Any, kinds: NodeKinds) -> bool:
    if not isinstance(node, Mapping):
        return False
    version = version_of(node)
    kind = kinds.get(str(node.get("type")))
    known = version if kind is None else kind.type_version
    return version == ORIGIN_VERSION or (version is not None and known is not None and version < known)


def _prepared(
    canvas: Mapping[str, Any], kinds: NodeKinds, steps: Sequence[Step]
) -> tuple[Mapping[str, Any], list[str]]:
    """Bring what the origin says of a graph as a whole onto its nodes and edges."""
    whole = origin_graph.with_dataset_node(canvas)
    lanes = [
        str(node["id"])
        for node in whole["nodes"]
        if isinstance(node, Mapping) and isinstance(node.get("id"), str) and _passes_lanes(node, kinds, steps)
    ]
    return origin_graph.lanes_apart(whole, lanes)


def _passes_lanes(node: Mapping[str, Any], kinds: NodeKinds, steps: Sequence[Step]) -> bool:
    if version_of(node) != ORIGIN_VERSION:
        return False
    step = _step(node, ORIGIN_VERSION, kinds, steps)
    return step is not None and kinds[step.node_type].fold_policy in _LANE_KINDS


def _migrate_node(work: _Work, index: int, kinds: NodeKinds, steps: Sequence[Step]) -> MigratedNode | None:
    node = work.nodes[index]
    if not _is_old(node, kinds) or not isinstance(node.get("id"), str):
        return None
    before, node_id = version_of(node) or ORIGIN_VERSION, node["id"]
    notes, version = work.notes.setdefault(node_id, []), before
    while (step := _step(node, version, kinds, steps)) is not None:
        found = step.migrate(node.get("data") or {})
        if found is None:
            break
        version += 1
        data = {**found.document, "type_version": version}
        node = {**node, "type": step.node_type, "data": data}
        notes += found.notes
        _rename_handles(work, node_id, step)
    work.nodes[index] = node
    if version > before:
        return MigratedNode(node_id, node["type"], before, version, tuple(notes))
    if before != ORIGIN_VERSION:
        return None  # a finding says that there is no step
    name = origin_type(node) or str(node.get("type"))
    note = f"There is no counterpart of '{name[:100]}' as it is set: the node is kept, and no rows pass it."
    return MigratedNode(node_id, str(node.get("type") or ""), before, None, (note,))


def _step(node: Mapping[str, Any], version: int, kinds: NodeKinds, steps: Sequence[Step]) -> Step | None:
    name = origin_type(node) if version == ORIGIN_VERSION else str(node.get("type"))
    for step in steps:
        same = name == (step.origin_type if version == ORIGIN_VERSION else step.node_type)
        kind = kinds.get(step.node_type)
        if step.from_version == version and same and kind is not None and _is_reference_shape(kind):
            return step if version < kind.type_version else None
    return None


def _is_reference_shape(kind: NodeKindSpec) -> bool:
    """Steps write nodes of the reference shape; a host with another one brings its nodes along itself."""
    return kind.config_path == "/config" and kind.params_path in (None, "/config/params")


def _rename_handles(work: _Work, node_id: str, step: Step) -> None:
    for index in work.touching.get(node_id, ()):
        edge = dict(work.edges[index])
        for end, handle, names in (
            ("source", "sourceHandle", step.outputs),
            ("target", "targetHandle", step.inputs),
        ):
            if edge.get(end) == node_id:
                edge |= _renamed(edge.get(handle), handle, node_id, step, names)
        work.edges[index] = edge


def _renamed(present: Any, handle: str, node_id: str, step: Step, names: Mapping[str, str]) -> dict[str, str]:
    if step.from_version != ORIGIN_VERSION:
        return {handle: names[present]} if present in names else {}
    key = origin_graph.handle_key(present, node_id, names)
    if key is None and len(set(names.values())) == 1:
        # One port: whatever the origin called its handle, nothing else can be meant.
        return {handle: next(iter(names.values()))}
    return {handle: names[key]} if key is not None and key in names else {}


def _name_target(work: _Work, kinds: NodeKinds) -> None:
    """The origin named the target at a node on the way; here the dataset declares it."""
    named = [target for node in work.nodes if (target := _target_on_the_way(node, kinds)) is not None]
    sources = [
        index
        for index, node in enumerate(work.nodes)
        if _policy(node, kinds) == "source" and MIGRATED_FROM in _data(node)
    ]
    if len(set(named)) != 1 or len(sources) != 1:
        return
    node = work.nodes[sources[0]]
    config = _data(node).get("config")
    config = {"target": named[0], **(config if isinstance(config, Mapping) else {})}
    work.nodes[sources[0]] = {**node, "data": {**_data(node), "config": config}}


def _target_on_the_way(node: Any, kinds: NodeKinds) -> str | None:
    before = _data(node).get(MIGRATED_FROM)
    if not isinstance(before, Mapping) or _policy(node, kinds) != "splitter":
        return None
    return text(before.get("config", _data(node)).get("target_column"))


def _policy(node: Any, kinds: NodeKinds) -> str | None:
    kind = kinds.get(str(node.get("type"))) if isinstance(node, Mapping) else None
    return None if kind is None else kind.fold_policy


def _data(node: Any) -> Mapping[str, Any]:
    data = node.get("data") if isinstance(node, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _ends(edge: Any) -> set[str]:
    if not isinstance(edge, Mapping):
        return set()
    return {end for end in (edge.get("source"), edge.get("target")) if isinstance(end, str)}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []
